/** Layers in a reader's words: their names, their settings, and what a group holds. */
import type { ObservedColumn } from '../../graph/observation.ts'
import type { NumberField, SwitchField } from '../../model/catalogue/field.ts'
import { completeLayer, everyLayer, innerOf, kindOf } from '../../model/catalogue/layers.ts'
import type { Layer } from '../../model/types.ts'
import { said, t } from './language.ts'
import { settingName } from './setting-names.ts'

export const layerTitle = (type: Layer['type']): string => t('layers.title', { type, title: kindOf({ type }).title })

/** A column of the picture: `dense 256 · tanh`. */
export const columnWords = ({ label, words }: Pick<ObservedColumn, 'label' | 'words'>): string => words?.map(said).join(' · ') ?? label

/** `16×14×14` */
export const shapeWords = (shape: readonly number[] | null | undefined): string => shape?.join('×') ?? ''

/** A layer's settings other than its main one, where they are not the default: `3×3 · stride 2 · padding 1`. */
export function settingWords(layer: Layer): string {
  const own = layer as unknown as Record<string, number | boolean | undefined>
  const { fields, main } = kindOf(layer)
  const complete = completeLayer(layer) as unknown as Record<string, number | boolean>
  return Object.entries(fields)
    .flatMap(([key, field]) => {
      const value = complete[key]
      if (key === main || value === undefined || (field.kind !== 'number' && field.kind !== 'switch')) return []
      const fallback = typeof field.fallback === 'string' ? own[field.fallback] : field.fallback
      const isTold = (field.kind === 'number' && field.isAlwaysTold) || value !== fallback
      return isTold ? [settingWord(key, field, value)] : []
    })
    .join(' · ')
}

function settingWord(key: string, field: NumberField | SwitchField, value: number | boolean): string {
  if (field.kind === 'switch') return t('layers.switch', { setting: settingName(key), isOn: value === true })
  const number = Number(value)
  if (key === 'kernel' || key === 'size') return `${number}×${number}`
  if (key === 'groups') return t('layers.groups', { count: number })
  return t('layers.setting', { setting: settingName(key, field.symbol), value: number })
}

/** The layers of a group that have weights or change the size: `conv2d 16 of 3×3`. */
const partsOf = (layers: readonly Layer[]): string[] =>
  everyLayer(layers).flatMap((layer) => {
    const { picture, title, label } = kindOf(layer)
    if (picture === 'weights' && label)
      return [t('layers.pictured', { type: layer.type, title, label: label(layer), settings: layer }).replaceAll(/\s×\s/g, '×')]
    return picture === 'move' && 'size' in layer ? [t('layers.pool', { title: layerTitle(layer.type), size: layer.size })] : []
  })

/** Equal neighbours counted: `2 × conv2d 16 of 3×3`; without weights the layers themselves. */
function listWords(layers: readonly Layer[]): string {
  if (layers.length === 0) return t('layers.identity')
  const parts = partsOf(layers)
  const all = parts.length > 0 ? parts : layers.map(({ type }) => layerTitle(type))
  const runs: { text: string; count: number }[] = []
  for (const text of all) {
    const last = runs.at(-1)
    if (last?.text === text) last.count++
    else runs.push({ text, count: 1 })
  }
  return t('layers.list', { layers: runs.map(({ text, count }) => (count > 1 ? `${count} × ${text}` : text)) })
}

/** A group in one line: `2 × conv2d 16 of 3×3`, `identity | 2 × conv2d 12 of 3×3`. */
export function groupWords(layer: Layer): string {
  if (layer.type === 'residual') {
    const main = listWords(layer.layers)
    return layer.shortcut?.length ? t('layers.withShortcut', { layers: main, shortcut: listWords(layer.shortcut) }) : main
  }
  return innerOf(layer)
    .map(({ layers }) => listWords(layers))
    .join(' | ')
}
