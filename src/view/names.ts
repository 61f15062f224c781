import { depthsOf } from './depths.ts'
import { message, type Message } from '../words/say.ts'
import type { CollapsibleObservation } from './arrangement.ts'
import { shownTiles } from './tile-layout.ts'

/** Of every name, in CSS pixels. */
export const nameStyle = {
  size: 11.5,
  font: '500 11.5px Inter, ui-sans-serif, system-ui, sans-serif',
  lineHeight: 15,
  padding: { side: 4, top: 1, bottom: 2 },
}
/** A name beside the picture: of one column, of a run of columns with the same name, or of an open group. */
export interface Name {
  kind: 'column' | 'run' | 'group'
  /** The columns that it names. */
  first: number
  last: number
  title: string
  rest: string[]
  /** The group that its button opens or collapses; `title` says so. */
  toggle?: { path: string; title: string; isOpen: boolean }
  /** The same words stand further left. */
  isRepeat: boolean
  /** Of a group, how many levels of open groups lie within it. */
  level: number
}

/** Sets of names, the fullest first: where one finds no room, the next is tried. */
export interface Names {
  sets: Name[][]
  groups: Name[]
}

/** Says a text of the picture in a language. */
export type Say = (told: Message) => string

export function namesOf(observation: CollapsibleObservation, say: Say): Names {
  const { columns, groups: collapsible = [] } = observation
  const depths = depthsOf(observation)
  const closed = (column: number) => collapsible.find((group) => group.column === column && !group.isOpen)
  const toggleOf = ({ path, told, isOpen }: { path: string; told: Message; isOpen: boolean }): NonNullable<Name['toggle']> => ({
    path,
    isOpen,
    title: say(isOpen ? message('layers.collapse', { group: told }) : message('layers.open', { group: told })),
  })
  const seen = new Set<string>()
  const names = columns.map(({ label, words, path, shape }, i): Name => {
    const [title = path, ...rest] = words?.map(say) ?? label.split(' · ')
    const group = closed(i)
    const [channels = 0] = shape
    const tiles = shownTiles(channels, group !== undefined)
    if (shape.length === 3 && tiles < channels) rest.push(say(message('layers.tilesShown', { count: tiles })))
    // A collapsed group between two of its kind needs only its name.
    if (group && [i - 1, i + 1].every((other) => closed(other)?.label === group.label)) rest.length = 0
    const isRepeat = seen.has(label)
    seen.add(label)
    return { kind: 'column', first: i, last: i, title, rest, ...(group && { toggle: toggleOf(group) }), isRepeat, level: 0 }
  })

  const merged: Name[] = []
  for (let i = 0; i < names.length;) {
    let end = i
    const goesOn = (next: number) =>
      next < names.length && columns[next]!.label === columns[i]!.label && depths[next] === depths[next - 1]! + 1 && !closed(next)
    while (!closed(i) && goesOn(end + 1)) end++
    const name = names[i]!
    merged.push(end > i ? { ...name, kind: 'run', last: end, title: `${end - i + 1} × ${name.title}` } : name)
    i = end + 1
  }
  const distinct = merged.filter(({ isRepeat, toggle }) => !isRepeat || toggle)

  const groups = collapsible
    .filter(({ isOpen }) => isOpen)
    .map((group): Name => {
      const { first, column, told } = group
      return { kind: 'group', first, last: column, title: `◂ ${say(told)}`, rest: [], toggle: toggleOf(group), isRepeat: false, level: 0 }
    })
    .sort((a, b) => a.last - a.first - (b.last - b.first))
  groups.forEach((group, i) => {
    const within = groups.slice(0, i).filter(({ first, last }) => first >= group.first && last <= group.last)
    group.level = Math.max(-1, ...within.map(({ level }) => level)) + 1
  })
  const sets = [names, merged, distinct]
  return { sets: sets.filter((set, i) => i === 0 || set.length < sets[i - 1]!.length), groups }
}

/** `full`: title and the rest in a line each; `wrapped`: in narrow lines; `short`: the title, wrapped; `glyph`: the sign of a button alone. */
export type Form = 'full' | 'wrapped' | 'short' | 'glyph'
export const forms: readonly Form[] = ['full', 'wrapped', 'short', 'glyph']

export interface Line {
  text: string
  /** Written fainter. */
  isRest: boolean
  isButton: boolean
}

/** Lines of a name; null where it has no such form. `widthOf` measures a text, `narrow` is the width to wrap at, both in CSS pixels. */
export function linesOf({ title, rest, toggle, kind }: Name, form: Form, widthOf: (text: string) => number, narrow: number): Line[] | null {
  const isButton = toggle !== undefined
  const line = (text: string, isRest: boolean): Line => ({ text, isRest, isButton: isButton && !isRest })
  const sign = toggle?.isOpen === false ? ' ▸' : ''
  if (form === 'glyph') return isButton ? [line(toggle.isOpen ? '◂' : '▸', false)] : null
  if (kind === 'group') return [line(title, false)]
  if (form === 'full') return [line(title + sign, false), ...(rest.length > 0 ? [line(rest.join(' · '), true)] : [])]
  const wrapped = (text: string, isRest: boolean) => wrap(text, widthOf, narrow).map((part) => line(part, isRest))
  // A button is one line, for whoever reads it aloud.
  const head = isButton ? [line(title + sign, false)] : wrapped(title, false)
  return form === 'short' ? head : [...head, ...rest.flatMap((part) => wrapped(part, true))]
}

/** Between words, but not within `of 3 × 3`; and within one that is wider than a line (`globalAvgPool2d`) before its capitals. */
function wrap(text: string, widthOf: (text: string) => number, limit: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/ (?!×)(?<!(?:of|×) )/))
    (widthOf(word) > limit ? word.split(/(?<=[a-z])(?=[A-Z])/) : [word]).forEach((part, i) => {
      const joined = lines.length > 0 ? `${lines.at(-1)}${i > 0 ? '' : ' '}${part}` : part
      if (lines.length > 0 && widthOf(joined) <= limit) lines[lines.length - 1] = joined
      else lines.push(part)
    })
  return lines
}
