/** The rows of the table of layers: groups and their layers in depth order, or sorted, and without what a filter leaves out. */
import type { Observation } from '../../../graph/observation.ts'
import type { Health } from '../../../inspect/health.ts'
import { layerTypes } from '../../../model/catalogue/layers.ts'
import type { Layer } from '../../../model/types.ts'
import { groupsOf } from '../../../view/groups.ts'
import { layerNames } from '../../words/layer-names.ts'
import { columnWords, layerTitle } from '../../words/layer-words.ts'
import { said } from '../../words/language.ts'
import { metrics, type MetricId } from './metrics.ts'

/** A layer as the table names it. */
export interface LayerRow {
  kind: 'layer'
  path: string
  /** Index in `Health.layers`. */
  index: number
  type: Layer['type']
  name: string
  /** `dense 64 · tanh`; '' where that is the name. */
  about: string
  group: string | null
  /** What the picture calls its column, and where it is in the whole network. */
  outputPath: string
  column: number
}

export interface GroupRow {
  kind: 'group'
  path: string
  name: string
  count: number
}

export type Row = LayerRow | GroupRow

export interface Sorting {
  by: MetricId | 'depth' | 'name'
  down: boolean
}

export interface Filtering {
  text: string
  type: Layer['type'] | ''
}

/** All layers of a network, and the groups that the picture has of it. */
export interface LayerList {
  layers: LayerRow[]
  groups: Map<string, GroupRow>
  types: Layer['type'][]
}

export function layerList(
  observation: Observation,
  layers: readonly Layer[],
  typeOf: (path: string) => Layer['type'] | undefined,
): LayerList {
  const names = layerNames(layers)
  const groups = new Map<string, GroupRow>()
  const outer = groupsOf(observation)
  const rows = observation.columns.slice(1).map((column, i): LayerRow => {
    const path = column.layers?.[0]?.path ?? column.path
    const words = columnWords(column)
    const name = names.get(path) ?? words
    const group = outer.find(({ first, last }) => first <= i + 1 && i + 1 <= last)
    if (group) {
      const own = groups.get(group.path) ?? { kind: 'group', path: group.path, name: said(group.told), count: 0 }
      own.count++
      groups.set(group.path, own)
    }
    return {
      kind: 'layer',
      path,
      index: i,
      type: typeOf(path) ?? 'dense',
      name,
      about: name === words ? '' : words,
      group: group?.path ?? null,
      outputPath: column.path,
      column: i + 1,
    }
  })
  const found = new Set(rows.map(({ type }) => type))
  return { layers: rows, groups, types: layerTypes.filter((type) => found.has(type)) }
}

/** What is shown, in order; `health` is what it is sorted by. */
export function rowsOf(list: LayerList, sorting: Sorting, filtering: Filtering, closed: ReadonlySet<string>, health: Health | null): Row[] {
  const wanted = filtering.text.trim().toLowerCase()
  const isWanted = ({ name, about, path, type }: LayerRow) =>
    (filtering.type === '' || type === filtering.type) &&
    (wanted === '' || [name, about, path, layerTitle(type)].some((text) => text.toLowerCase().includes(wanted)))
  const layers = list.layers.filter(isWanted)
  if (sorting.by !== 'depth') return sorted(layers, sorting, health)
  const ordered = sorting.down ? layers.toReversed() : layers
  let open: string | null = null
  return ordered.flatMap((row): Row[] => {
    const begins = row.group !== open
    open = row.group
    if (row.group === null) return [row]
    const isClosed = closed.has(row.group)
    return [...(begins ? [list.groups.get(row.group)!] : []), ...(isClosed ? [] : [row])]
  })
}

/** Layers of which there is no number come last, whichever way. */
function sorted(layers: readonly LayerRow[], { by, down }: Sorting, health: Health | null): LayerRow[] {
  const sign = down ? -1 : 1
  if (by === 'name') return layers.toSorted((a, b) => sign * a.name.localeCompare(b.name, undefined, { numeric: true }))
  const metric = metrics.find(({ id }) => id === by)!
  const valueOf = ({ index }: LayerRow) => {
    const layer = health?.layers[index]
    const value = layer ? metric.of(layer) : null
    // What is no number is the worst of all.
    return value === null ? null : Number.isNaN(value) ? Infinity : value
  }
  const values = new Map(layers.map((row) => [row, valueOf(row)]))
  return layers.toSorted((a, b) => {
    const [left, right] = [values.get(a)!, values.get(b)!]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return left === right ? 0 : sign * (left - right)
  })
}
