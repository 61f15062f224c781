/** What can be added at a place of a network, with settings that fit there. */
import type { ActivationName, Layer } from '../model/types.ts'
import { chain, insert, shapeAt, type Place } from './layer-tree.ts'
import { layerTitle } from './layer-words.ts'

export interface Offer {
  title: string
  group: 'weights' | 'shape' | 'between' | 'groups'
  /** What is put in: a dense layer brings the flatten that images need before it. */
  layers: Layer[]
  /** Shape of one sample after it. */
  output: number[]
}

export const activationNames: readonly ActivationName[] = ['relu', 'leakyRelu', 'elu', 'gelu', 'silu', 'tanh', 'sigmoid', 'softplus']
const isActivation = (type: Layer['type']): type is ActivationName => (activationNames as readonly string[]).includes(type)

/** What the network uses already, that an addition may look like the rest. */
export function habits(layers: readonly Layer[]): { activation: ActivationName } {
  const all = (list: readonly Layer[]): Layer[] =>
    list.flatMap((layer) =>
      layer.type === 'residual'
        ? all([...layer.layers, ...(layer.shortcut ?? [])])
        : layer.type === 'concat'
          ? all(layer.branches.flat())
          : [layer],
    )
  return { activation: (all(layers).find(({ type }) => isActivation(type))?.type as ActivationName | undefined) ?? 'relu' }
}

/** For each kind of layer what is tried in turn: what the reader most likely wants, then what keeps the size. */
function candidates(shape: number[], activation: ActivationName): [Offer['group'], Layer[]][][] {
  const [channels = 1] = shape
  const isImage = shape.length === 3
  const act: Layer = { type: activation }
  const dense = (units: number): Layer[] => [...(isImage ? [{ type: 'flatten' } as const] : []), { type: 'dense', units }]
  const conv = (filters: number): Layer => ({ type: 'conv2d', filters, kernel: 3, padding: 1 })
  const narrow = (filters: number): Layer => ({ ...conv(filters), bias: false }) as Layer
  const norm: Layer = { type: 'batchNorm' }
  const within = isImage
    ? [narrow(channels), norm, act, narrow(channels), norm]
    : [{ type: 'dense', units: channels } as Layer, act, { type: 'dense', units: channels } as Layer]
  const grown: Layer[] = isImage ? [conv(12), act] : [{ type: 'dense', units: 16 }, act]
  const filters = Math.max(16, channels)
  // Two branches that together keep the size.
  const half = channels >> 1
  const part = (size: number): Layer => (isImage ? conv(size) : { type: 'dense', units: size })
  return [
    [
      ['weights', dense(isImage ? 64 : 16)],
      ['weights', dense(channels)],
    ],
    isImage
      ? [
          ['weights', [conv(filters)]],
          ['weights', [conv(channels)]],
        ]
      : [],
    [['between', [act]]],
    [['between', [norm]]],
    [['between', [{ type: 'layerNorm' }]]],
    [['between', [{ type: 'dropout', rate: 0.2 }]]],
    ...(isImage
      ? ([
          [
            ['shape', [{ type: 'maxPool2d', size: 2 }]],
            ['shape', [{ type: 'maxPool2d', size: 3, stride: 1, padding: 1 }]],
          ],
          [['shape', [{ type: 'avgPool2d', size: 2 }]]],
          [['shape', [{ type: 'globalAvgPool2d' }]]],
          [['shape', [{ type: 'flatten' }]]],
        ] as [Offer['group'], Layer[]][][])
      : []),
    [['groups', [{ type: 'residual', layers: within }]]],
    [
      ['groups', [{ type: 'concat', branches: [[], grown] }]],
      ['groups', [{ type: 'concat', branches: [[part(half)], [part(channels - half)]] }]],
    ],
  ]
}

/**
 * What can stand at a place: of each kind the first that its input's shape allows and after which the network still chains to the same output. Where it
 * does not chain as it is, whatever the input's shape allows; nothing where that is not known.
 */
export function offersAt(layers: readonly Layer[], input: number[], place: Place): Offer[] {
  const shape = shapeAt(layers, input, place)
  if (!shape) return []
  const before = chain(layers, input).output
  return candidates(shape, habits(layers).activation).flatMap((tried) => {
    for (const [group, added] of tried) {
      const { output } = chain(added, shape)
      if (!output) continue
      if (before) {
        const draft = structuredClone(layers) as Layer[]
        insert(draft, place, added)
        if (String(chain(draft, input).output) !== String(before)) continue
      }
      return [{ title: layerTitle(added.at(-1)!.type), group, layers: added, output }]
    }
    return []
  })
}

/** Path of the first dense layer that meets images, which a flatten before it would make one row; null where none does. */
export function missingFlatten(layers: readonly Layer[], input: number[]): string | null {
  for (const [path, { input: shape, output }] of chain(layers, input).shapes) {
    const at = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], { layers }) as Layer
    if (at.type === 'dense' && shape?.length === 3 && output === null) return path
  }
  return null
}
