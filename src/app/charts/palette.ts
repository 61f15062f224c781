/** What charts draw with: the page's colours and font. A canvas knows no CSS variables, so they are read from the styles (ui/base.css, cards.css). */

const variables = {
  ink: '--ink',
  ink2: '--ink-2',
  ink3: '--ink-3',
  line: '--line',
  accent: '--accent',
  onAccent: '--on-accent',
  test: '--chart-test',
  mistake: '--chart-mistake',
  mark: '--chart-mark',
  font: '--font',
} as const

const valueOf = (variable: string): string => getComputedStyle(document.documentElement).getPropertyValue(variable).trim()

let read: Readonly<Record<keyof typeof variables, string>> | undefined

/** Read once, when something is first drawn. */
export const palette = (): NonNullable<typeof read> =>
  (read ??= Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, valueOf(variable)])) as NonNullable<typeof read>)

/** Of the colours of classes, told apart in brightness too. */
const classCount = 10
const classVariable = (index: number): string => `--class-${(index % classCount) + 1}`
const classColours = new Map<string, string>()

/** Of a class, or of one of several networks; for CSS. */
export const classStyle = (index: number): string => `var(${classVariable(index)})`

/** The same for a canvas. */
export function classColour(index: number): string {
  const variable = classVariable(index)
  const colour = classColours.get(variable) ?? valueOf(variable)
  classColours.set(variable, colour)
  return colour
}

/** Of what charts say, in CSS pixels. */
const textSize = 10

export const chartFont = (size = textSize): string => `${size}px ${palette().font}`
