/** Parts of Chinese sentences. */
export const listed = (items: readonly string[]): string => items.join('、')

const isWide = (char: string | undefined): boolean => char !== undefined && char > '\u2e7f'

/**
 * A sentence with values in it: the blanks that stand around a value in its text are left out where Chinese meets Chinese. A value may be a path in
 * Latin letters or what readers call it.
 */
export function spaced(texts: TemplateStringsArray, ...values: readonly unknown[]): string {
  let said = ''
  texts.forEach((text, i) => {
    const [before, after] = [i > 0 && isWide(said.at(-1)), i < values.length && isWide(String(values[i]).at(0))]
    said += before && text.startsWith(' ') && isWide(text[1]) ? text.slice(1) : text
    if (i >= values.length) return
    if (after && said.endsWith(' ') && isWide(said.at(-2))) said = said.slice(0, -1)
    said += String(values[i])
  })
  return said
}
