/** Layers in a reader's words: what they are called, what they are set to, what a group holds. */
import { completeLayer, everyLayer, innerOf, kindOf } from '../../model/catalogue/layers.ts'
import type { NumberField, SwitchField } from '../../model/catalogue/field.ts'
import type { Layer } from '../../model/types.ts'

export const layerTitle = (type: Layer['type']): string => kindOf({ type }).title

/** `16×14×14` */
export const shapeWords = (shape: readonly number[] | null | undefined): string => shape?.join('×') ?? ''

/** What a layer is set to beside its first number, where that is not the default: `3×3 · stride 2 · padding 1`. */
export function settingWords(layer: Layer): string {
  const own = layer as unknown as Record<string, number | boolean | undefined>
  const { fields, main } = kindOf(layer)
  const complete = completeLayer(layer) as unknown as Record<string, number | boolean>
  return Object.entries(fields)
    .flatMap(([key, field]) => {
      if (key === main || (field.kind !== 'number' && field.kind !== 'switch')) return []
      const fallback = typeof field.fallback === 'string' ? own[field.fallback] : field.fallback
      const isTold = (field.kind === 'number' && field.isAlwaysTold) || complete[key] !== fallback
      return isTold ? [settingWord(key, field, complete[key]!)] : []
    })
    .join(' · ')
}

function settingWord(key: string, field: NumberField | SwitchField, value: number | boolean): string {
  if (field.kind === 'switch') return value ? key : `no ${key}`
  if (key === 'kernel' || key === 'size') return `${value}×${value}`
  if (key === 'groups') return `${value} groups`
  return `${field.symbol ?? key} ${value}`
}

/** What in a group has weights, or changes the size: `conv2d 16 of 3×3`. */
const partsOf = (layers: readonly Layer[]): string[] =>
  everyLayer(layers).flatMap((layer) => {
    const { picture, label } = kindOf(layer)
    if (picture === 'weights') return label ? [label(layer).replaceAll(' × ', '×')] : []
    return picture === 'move' && 'size' in layer ? [`${layerTitle(layer.type).toLowerCase()} ${layer.size}×${layer.size}`] : []
  })

/** Equal neighbours counted: `2 × conv2d 16 of 3×3`; without weights the layers themselves. */
function listWords(layers: readonly Layer[]): string {
  if (layers.length === 0) return 'identity'
  const parts = partsOf(layers)
  const all = parts.length > 0 ? parts : layers.map(({ type }) => layerTitle(type))
  const runs: { text: string; count: number }[] = []
  for (const text of all) {
    const last = runs.at(-1)
    if (last?.text === text) last.count++
    else runs.push({ text, count: 1 })
  }
  return runs.map(({ text, count }) => (count > 1 ? `${count} × ${text}` : text)).join(', ')
}

/** A group in one line: `2 × conv2d 16 of 3×3`, `identity | 2 × conv2d 12 of 3×3`. */
export function groupWords(layer: Layer): string {
  if (layer.type === 'residual') return listWords(layer.layers) + (layer.shortcut?.length ? `; shortcut ${listWords(layer.shortcut)}` : '')
  return innerOf(layer)
    .map(({ layers }) => listWords(layers))
    .join(' | ')
}
