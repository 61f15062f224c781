/** Layers in a reader's words: what they are called, what they are set to, what a group holds. */
import { layerDefaults } from '../model/defaults.ts'
import type { Layer } from '../model/types.ts'
import { listsOf } from './layer-tree.ts'

const titles: Partial<Record<Layer['type'], string>> = {
  dense: 'Dense',
  conv2d: 'Conv2d',
  maxPool2d: 'Max pool',
  avgPool2d: 'Average pool',
  globalAvgPool2d: 'Global average',
  flatten: 'Flatten',
  batchNorm: 'Batch norm',
  layerNorm: 'Layer norm',
  dropout: 'Dropout',
  leakyRelu: 'leaky ReLU',
  relu: 'ReLU',
  elu: 'ELU',
  gelu: 'GELU',
  silu: 'SiLU',
  residual: 'Residual',
  concat: 'Concat',
}
export const layerTitle = (type: Layer['type']): string => titles[type] ?? type

/** `16×14×14` */
export const shapeWords = (shape: readonly number[] | null | undefined): string => shape?.join('×') ?? ''

/** What a layer is set to beside its first number, where that is not the default: `3×3 · stride 2 · padding 1`. */
export function settingWords(layer: Layer): string {
  const words: string[] = []
  const add = (differs: boolean, text: string) => differs && words.push(text)
  switch (layer.type) {
    case 'conv2d': {
      const { kernel, stride, padding, dilation, groups } = { ...layerDefaults, ...layer }
      words.push(`${kernel}×${kernel}`)
      add(stride !== 1, `stride ${stride}`)
      add(padding !== 0, `padding ${padding}`)
      add(dilation !== 1, `dilation ${dilation}`)
      add(groups !== 1, `${groups} groups`)
      add(layer.bias === false, 'no bias')
      break
    }
    case 'maxPool2d':
    case 'avgPool2d': {
      words.push(`${layer.size}×${layer.size}`)
      add(layer.stride !== undefined && layer.stride !== layer.size, `stride ${layer.stride}`)
      if (layer.type === 'maxPool2d') add((layer.padding ?? 0) !== 0, `padding ${layer.padding}`)
      break
    }
    case 'dense':
      add(layer.bias === false, 'no bias')
      break
    case 'batchNorm':
      add(layer.momentum !== undefined, `momentum ${layer.momentum}`)
      add(layer.eps !== undefined, `ε ${layer.eps}`)
      break
    case 'layerNorm':
      add(layer.eps !== undefined, `ε ${layer.eps}`)
      break
    case 'leakyRelu':
      words.push(`slope ${layer.slope ?? layerDefaults.slope}`)
      break
    case 'elu':
      words.push(`α ${layer.alpha ?? layerDefaults.alpha}`)
      break
    default:
  }
  return words.join(' · ')
}

/** What in a group has weights, or changes the size: `conv2d 16 of 3×3`. */
function partsOf(layers: readonly Layer[]): string[] {
  return layers.flatMap((layer): string[] => {
    switch (layer.type) {
      case 'dense':
        return [`dense ${layer.units}`]
      case 'conv2d':
        return [`conv2d ${layer.filters} of ${layer.kernel}×${layer.kernel}`]
      case 'maxPool2d':
      case 'avgPool2d':
        return [`${layerTitle(layer.type).toLowerCase()} ${layer.size}×${layer.size}`]
      case 'residual':
        return partsOf([...layer.layers, ...(layer.shortcut ?? [])])
      case 'concat':
        return partsOf(layer.branches.flat())
      default:
        return []
    }
  })
}

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
  return listsOf(layer, '')
    .map(({ layers }) => listWords(layers))
    .join(' | ')
}
