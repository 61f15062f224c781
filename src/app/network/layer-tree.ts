/** Layers within layers, by the paths of the model file: `layers.3.shortcut.0`; a list of layers is named likewise: `layers.3.shortcut`. */
import { innerOf } from '../../model/catalogue/layers.ts'
import { outputShape } from '../../model/shapes.ts'
import { t } from '../words/language.ts'
import type { Layer } from '../../model/types.ts'

/** Where a layer stands or may be put: before the one with this index in the list. */
export interface Place {
  list: string
  index: number
}

export const placeOfPath = (path: string): Place => {
  const at = path.lastIndexOf('.')
  return { list: path.slice(0, at), index: Number(path.slice(at + 1)) }
}
export const pathOf = ({ list, index }: Place): string => `${list}.${index}`

/** The list that holds the layer at a path, and the path of the container around it; null at the top. */
export const containerOf = (path: string): string | null =>
  /^(.*)\.(?:layers|shortcut|branches\.\d+)$/.exec(placeOfPath(path).list)?.[1] ?? null

const follow = (layers: readonly Layer[], path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], { layers })

/** The layers of a list; none where the list is not written out, as an identity's shortcut. */
export const listAt = (layers: readonly Layer[], list: string): readonly Layer[] =>
  (follow(layers, list) as readonly Layer[] | undefined) ?? []
export const layerAt = (layers: readonly Layer[], path: string): Layer | undefined => follow(layers, path) as Layer | undefined

/** The lists within a container, by their paths and by their names within it; none for other layers. */
export const listsOf = (layer: Layer, path: string): { list: string; key: string; layers: readonly Layer[] }[] =>
  innerOf(layer).map(({ name, layers }) => ({ list: `${path}.${name}`, key: name, layers }))

/** What a reader calls a list within a container: `branches.1` is branch 2. */
export function listName(key: string): string {
  const [name, number] = key.split('.')
  if (number !== undefined) return t('network.list.branch', { number: Number(number) + 1 })
  return name === 'shortcut' ? t('network.list.shortcut') : t('network.list.layers')
}

/** The list itself, to be changed; one that was left out is written out. */
function writable(layers: Layer[], list: string): Layer[] {
  const at = list.lastIndexOf('.')
  if (at < 0) return layers
  const holder = follow(layers, list.slice(0, at)) as Record<string, Layer[]>
  return (holder[list.slice(at + 1)] ??= [])
}

export function insert(layers: Layer[], { list, index }: Place, added: readonly Layer[]): void {
  writable(layers, list).splice(index, 0, ...added)
}

export function remove(layers: Layer[], path: string): Layer | undefined {
  const { list, index } = placeOfPath(path)
  return writable(layers, list).splice(index, 1)[0]
}

/** Path of what stood at `path` once `by` layers were put in at a place (or, below 0, taken out from there); of what was taken out itself, null. */
export function renumbered(path: string, { list, index }: Place, by: number): string | null {
  if (!path.startsWith(`${list}.`)) return path
  const [key, ...rest] = path.slice(list.length + 1).split('.')
  const own = Number(key)
  if (own < index) return path
  if (own < index - by) return null
  return [list, own + by, ...rest].join('.')
}

/** Where the layer at `from` will stand when it is put at `to`, and how all paths change; null where it would stand within itself. */
export function moved(from: string, to: Place): { to: Place; path: (path: string) => string } | null {
  if (`${to.list}.`.startsWith(`${from}.`)) return null
  const source = placeOfPath(from)
  // The place is named as it is before the layer is taken out.
  const gone = renumbered(pathOf(to), source, -1)
  const target = gone === null ? source : placeOfPath(gone)
  const end = pathOf(target)
  return {
    to: target,
    path: (path) => {
      if (path === from || path.startsWith(`${from}.`)) return end + path.slice(from.length)
      const taken = renumbered(path, source, -1)!
      return renumbered(taken, target, 1)!
    },
  }
}

/** Moves a layer, with all that it holds; its new path, or null where it cannot stand there. */
export function move(layers: Layer[], from: string, to: Place): string | null {
  const way = moved(from, to)
  const layer = way && remove(layers, from)
  if (!layer) return null
  insert(layers, way.to, [layer])
  return pathOf(way.to)
}

/**
 * Where an arrow key takes a layer: up and down past its neighbours and, at the ends of its list, out of its container or into the container's next list;
 * right into the container before it, left out of its own.
 */
export function neighbour(layers: readonly Layer[], path: string, key: 'up' | 'down' | 'left' | 'right'): Place | null {
  const { list, index } = placeOfPath(path)
  const around = containerOf(path)
  const outside = around === null ? null : placeOfPath(around)
  if (key === 'left') return outside && { list: outside.list, index: outside.index + 1 }
  if (key === 'right') {
    const before = index > 0 ? layerAt(layers, pathOf({ list, index: index - 1 })) : undefined
    const first = before && listsOf(before, pathOf({ list, index: index - 1 }))[0]
    return first ? { list: first.list, index: first.layers.length } : null
  }
  const end = listAt(layers, list).length - 1
  if (key === 'up' && index > 0) return { list, index: index - 1 }
  if (key === 'down' && index < end) return { list, index: index + 2 }
  if (around === null || outside === null) return null
  const lists = listsOf(layerAt(layers, around)!, around)
  const next = lists[lists.findIndex((own) => own.list === list) + (key === 'up' ? -1 : 1)]
  if (next) return { list: next.list, index: key === 'up' ? next.layers.length : 0 }
  return { list: outside.list, index: outside.index + (key === 'up' ? 0 : 1) }
}

/** Shapes of one sample before and after each layer, by path, as far as they chain; `output` is null where they do not. */
export function chain(layers: readonly Layer[], input: number[] | null, prefix = 'layers') {
  const shapes = new Map<string, { input: number[] | null; output: number[] | null }>()
  let shape = input
  layers.forEach((layer, i) => {
    const path = `${prefix}.${i}`
    const before = shape
    shape = before && outputOf(layer, before, path)
    shapes.set(path, { input: before, output: shape })
    for (const { list, layers: inner } of listsOf(layer, path))
      for (const [key, value] of chain(inner, before, list).shapes) shapes.set(key, value)
  })
  return { shapes, output: shape }
}

/** Numbers that were typed may be none: then there is no shape. */
function outputOf(layer: Layer, shape: number[], path: string): number[] | null {
  try {
    const output = outputShape(layer, shape, path)
    return output.every((size) => Number.isSafeInteger(size) && size > 0) ? output : null
  } catch {
    return null
  }
}

/** The shape that a new layer at a place would be given. */
export function shapeAt(layers: readonly Layer[], input: number[], { list, index }: Place): number[] | null {
  const { shapes } = chain(layers, input)
  if (index > 0) return shapes.get(pathOf({ list, index: index - 1 }))?.output ?? null
  const around = containerOf(pathOf({ list, index }))
  return around === null ? input : (shapes.get(around)?.input ?? null)
}
