/** What the rows of the network panel ask for, and what they show beside the layers themselves. */
import type { Layer } from '../../model/types.ts'
import { t } from '../words/language.ts'
import { layerTitle } from '../words/layer-words.ts'
import { placeOfPath, type Place } from './layer-tree.ts'

export interface Editing {
  set(path: string, change: (layer: Layer) => void, field: string): void
  insert(place: Place, layers: readonly Layer[]): void
  remove(path: string): void
  move(path: string, to: Place): void
  /** Moves a layer as an arrow key does. */
  step(path: string, key: 'up' | 'down' | 'left' | 'right'): void
  isOpen(path: string): boolean
  /** Opens or closes a group, or the further settings of a layer. */
  toggle(path: string): void
  layers(): readonly Layer[]
  /** Shape of one sample as the network takes it. */
  input(): number[]
}

/** By path. */
export interface RowContext {
  names: ReadonlyMap<string, string>
  shapes: ReadonlyMap<string, { output: number[] | null }>
  /** The dense layer that meets images without a flatten before it. */
  flattenBefore: string | null
  /** The row in which something was refused, and the element that says why. */
  refused: { path: string; field: string; problem: HTMLElement } | null
}

/** What a row needs, whichever part of it. */
export interface RowProps {
  editing: Editing
  context: RowContext
  layer: Layer
  path: string
  /** `Layer 3, Dense`. */
  name: string
}

/** `Layer 3, Dense`; within groups `Layer 3.shortcut.1, Dense`. */
export function rowName(path: string, layer: Layer): string {
  const at = path
    .split('.')
    .slice(1)
    .filter((key) => key !== 'layers')
    .map((key) => {
      if (key === 'shortcut') return t('network.list.shortcut')
      return key === 'branches' ? t('network.row.branch') : String(Number(key) + 1)
    })
    .join('.')
  return t('network.row', { at, title: layerTitle(layer.type) })
}

export const afterPath = (path: string): Place => {
  const { list, index } = placeOfPath(path)
  return { list, index: index + 1 }
}
