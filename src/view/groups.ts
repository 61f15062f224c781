import type { Observation, ObservedContainer } from '../graph/observation.ts'
import { inEnglish } from '../words/english.ts'
import { message, type Message } from '../words/say.ts'

/** Columns that collapse into one: a container, or a run of like containers or layers. */
export interface Group {
  path: string
  label: string
  /** The label before it is said in a language. */
  told: Message
  /** Its input column, and its output column, which alone is shown when it is collapsed. */
  from: number
  to: number
  first: number
  last: number
  /** What of ∂L/∂(what comes in) arrives through which branch, where it begins with a container. */
  container?: ObservedContainer
  inside: Group[]
}

/** A column by itself, or a container with its columns. */
interface Unit extends Omit<Group, 'inside'> {
  /** Units of one kind, one after another, are a run; null stands alone. */
  kind: string | null
  /** Of how many columns outside it is computed. */
  inputs: number
  /** Containers before this one may lie in it. */
  order: number
}

/** What can be collapsed: containers, those within them, and runs of same-sized containers of one type or of layers with feature maps. */
export function groupsOf(observation: Observation): Group[] {
  const { columns, containers } = observation
  const sources = sourcesOf(observation)
  const sizeOf = (column: number) => {
    const { shape } = columns[column]!
    return shape.length === 3 ? shape.slice(1).join(' × ') : null
  }

  const unitsIn = (first: number, last: number, order: number): Unit[] => {
    const units: Unit[] = []
    for (let at = first; at <= last; at = units.at(-1)!.last + 1) {
      // Inner containers come before outer ones.
      const found = containers.findLastIndex((container, i) => i < order && container.first === at && container.last <= last)
      const container = containers[found]
      if (container) {
        const { path, type, from, to } = container
        const kind = `${type} ${sizeOf(to) ?? 'features'}`
        const told = message('layers.container', { type })
        units.push({ path, label: type, told, from, to, first: at, last: container.last, container, kind, inputs: 1, order: found })
      } else {
        const [from = 0, ...others] = sources[at]!
        const size = at > 0 ? sizeOf(at) : null
        const kind = size && `maps ${size}`
        const { path, label } = columns[at]!
        units.push({
          path,
          label,
          told: message('layers.layers'),
          from,
          to: at,
          first: at,
          last: at,
          kind,
          inputs: 1 + others.length,
          order: -1,
        })
      }
    }
    return units
  }

  const groupsIn = (first: number, last: number, order: number): Group[] => {
    const single = ({ kind: _, inputs: __, order: inner, ...unit }: Unit): Group[] =>
      unit.container ? [{ ...unit, inside: groupsIn(unit.first, unit.last, inner) }] : []
    const units = unitsIn(first, last, order)
    return runsOf(units).flatMap((run): Group[] => {
      const [head, tail] = [run[0]!, run.at(-1)!]
      // Within a container a few layers are no more to look at than itself.
      const isPlain = !head.container && order < containers.length
      if (run.length === 1 || run.length === units.length || isPlain) return run.flatMap(single)
      const { from, container } = head
      const told = message('layers.run', { count: run.length, of: head.told })
      return [
        {
          path: `${head.path} to ${tail.path}`,
          label: inEnglish(told),
          told,
          from,
          to: tail.to,
          first: head.first,
          last: tail.last,
          ...(container && { container }),
          inside: run.flatMap(single),
        },
      ]
    })
  }
  return groupsIn(0, columns.length - 1, containers.length)
}

/** Units after each other, each computed from the one before alone. */
function runsOf(units: readonly Unit[]): Unit[][] {
  const runs: Unit[][] = []
  for (const unit of units) {
    const before = runs.at(-1)?.at(-1)
    const goesOn = before && unit.kind !== null && unit.kind === before.kind && unit.from === before.to && unit.inputs === 1
    if (goesOn) runs.at(-1)!.push(unit)
    else runs.push([unit])
  }
  return runs
}

/** Of which columns each is computed. */
function sourcesOf({ columns, blocks, links }: Observation): number[][] {
  const sources = columns.map(({ after }) => new Set(after === undefined ? [] : [after]))
  for (const { from, to } of [...blocks, ...links]) sources[to]!.add(from)
  return sources.map((from) => [...from])
}
