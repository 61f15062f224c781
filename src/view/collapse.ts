import type { Observation, ObservedColumn, ObservedContainer } from '../graph/observation.ts'
import { depthsOf } from './depths.ts'
import { groupsOf, type Group } from './groups.ts'
import { inEnglish } from '../words/english.ts'
import { message, type Message } from '../words/say.ts'

/** A group that can be collapsed into its output column, or opened. */
export interface CollapsibleGroup {
  path: string
  label: string
  /** The label before it is said in a language. */
  told: Message
  isOpen: boolean
  /** Its first column, and the one that it puts out, among those that are shown. */
  first: number
  column: number
}

/** A network with some groups collapsed; indices refer to the columns that are left. */
export interface CollapsedObservation extends Observation {
  groups: CollapsibleGroup[]
}

/** The picture stays readable, and a frame's cost bounded, with at most so many columns after and beside each other. */
const mostDeep = 14
const mostBeside = 2

/** Collapses every group whose path is not among `open`. */
export function collapse(observation: Observation, open: ReadonlySet<string>): CollapsedObservation {
  return collapsed(observation, groupsOf(observation), open)
}

/** Every group of a small network or of one without feature maps; else as many outer levels as there is room for. */
export function openByDefault(observation: Observation): Set<string> {
  const groups = groupsOf(observation)
  const all = new Set(groups.flatMap(pathsIn))
  if (!observation.columns.some(({ shape }) => shape.length === 3)) return all
  let open = new Set<string>()
  for (let level = groups; level.length > 0; level = level.flatMap(({ inside }) => inside)) {
    const next = new Set([...open, ...level.map(({ path }) => path)])
    const shown = collapsed(observation, groups, next)
    const depths = depthsOf(shown)
    const beside = depths.map((depth) => depths.filter((other) => other === depth).length)
    if (Math.max(...depths) > mostDeep || Math.max(...beside) > mostBeside) break
    open = next
  }
  return open
}

const pathsIn = ({ path, inside }: Group): string[] => [path, ...inside.flatMap(pathsIn)]

function collapsed(observation: Observation, groups: readonly Group[], open: ReadonlySet<string>): CollapsedObservation {
  const found: { group: Group; isOpen: boolean }[] = []
  const visit = (group: Group) => {
    const isOpen = open.has(group.path)
    found.push({ group, isOpen })
    if (isOpen) group.inside.forEach(visit)
  }
  groups.forEach(visit)

  const closed = found.filter(({ isOpen }) => !isOpen).map(({ group }) => group)
  const output = new Map(closed.map((group) => [group.to, group]))
  const isShown = observation.columns.map((_, column) =>
    closed.every(({ first, last, to }) => column < first || column > last || column === to),
  )
  const place: number[] = []
  let count = 0
  isShown.forEach((shown, column) => (place[column] = shown ? count++ : -1))
  const joinsShown = ({ from, to }: { from: number; to: number }) => isShown[from] && isShown[to] && !output.has(to)
  const moved = <Joint extends { from: number; to: number }>(joint: Joint): Joint => ({
    ...joint,
    from: place[joint.from]!,
    to: place[joint.to]!,
  })

  const columns = observation.columns.flatMap((column, i): ObservedColumn[] => {
    if (!isShown[i]) return []
    const group = output.get(i)
    const after = group ? group.from : column.after
    const { after: _, ...rest } = column
    return [{ ...rest, ...(group && named(group, column)), ...(after !== undefined && { after: place[after]! }) }]
  })
  const containers = observation.containers
    .filter((container) => closed.every(({ first, last }) => container.last < first || container.first > last))
    .map((container): ObservedContainer => {
      const own = place.slice(container.first, container.last + 1).filter((column) => column >= 0)
      return { ...moved(container), first: own[0]!, last: own.at(-1)! }
    })
  // A collapsed group is a container of one column, with the branches of the container that it begins with.
  for (const { path, container, from, to } of closed)
    if (container) containers.push({ ...moved({ ...container, path, from, to }), first: place[to]!, last: place[to]! })
  return {
    ...observation,
    columns,
    blocks: observation.blocks.filter(joinsShown).map(moved),
    links: observation.links.filter(joinsShown).map(moved),
    containers,
    groups: found.map(({ group: { path, label, told, first, to }, isOpen }) => ({
      path,
      label,
      told,
      isOpen,
      // Where its first columns are collapsed, the first that is shown.
      first: isOpen ? place.slice(first, to + 1).find((column) => column >= 0)! : place[to]!,
      column: place[to]!,
    })),
  }
}

/** The column of a collapsed group goes by the group's name and its own size. */
function named(group: Group, { shape }: ObservedColumn): Pick<ObservedColumn, 'label' | 'words'> {
  const [count = 0, height, width] = shape
  const size =
    height !== undefined && width !== undefined ? message('layers.maps', { count, height, width }) : message('layers.units', { count })
  return { label: `${group.label} · ${inEnglish(size)}`, words: [group.told, size] }
}
