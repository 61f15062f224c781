/** Every kind of layer by its type in a model file. */
import type { Layer } from '../types.ts'
import { complete } from './field.ts'
import type { LayerKind } from './layer-kind.ts'
import { concat, residual } from './layers/containers.ts'
import { conv2d } from './layers/conv2d.ts'
import { dense } from './layers/dense.ts'
import { batchNorm, layerNorm } from './layers/norm.ts'
import { avgPool2d, globalAvgPool2d, maxPool2d } from './layers/pool.ts'
import { activationLayers, dropout, flatten } from './layers/simple.ts'

/** In the order of a menu. */
export const layerKinds = {
  dense,
  conv2d,
  ...activationLayers,
  batchNorm,
  layerNorm,
  dropout,
  maxPool2d,
  avgPool2d,
  globalAvgPool2d,
  flatten,
  residual,
  concat,
} satisfies { [Type in Layer['type']]: LayerKind<never> }

export const layerTypes = Object.keys(layerKinds) as Layer['type'][]

// A kind takes layers of its own type alone, which the type of the layer has chosen it by.
export const kindOf = (layer: Pick<Layer, 'type'>): LayerKind<Layer> => layerKinds[layer.type] as unknown as LayerKind<Layer>

/** The types of a family, any of which can take another's place; undefined where the layer has none. */
export function familyOf(layer: Layer): Layer['type'][] | undefined {
  const { family } = kindOf(layer)
  return family && layerTypes.filter((type) => kindOf({ type }).family === family)
}

/** A list of layers within a layer, by its name in the path: `layers`, `shortcut`, `branches.1`. */
export interface Inner {
  name: string
  layers: readonly Layer[]
}

/** The lists within a layer in order; none where it holds none. */
export function innerOf(layer: Layer): Inner[] {
  const own = layer as unknown as Record<string, Layer[] & Layer[][]>
  return Object.entries(kindOf(layer).fields).flatMap(([key, { kind }]): Inner[] => {
    if (kind === 'layers') return [{ name: key, layers: own[key] ?? [] }]
    if (kind === 'branches') return (own[key] ?? []).map((layers: Layer[], b: number) => ({ name: `${key}.${b}`, layers }))
    return []
  })
}

/** With every setting that has a default. */
export const completeLayer = (layer: Layer): Layer => complete(kindOf(layer).fields, layer)

/** A copy with another list for each list of layers within it. */
export function withInner(layer: Layer, change: (layers: readonly Layer[]) => Layer[]): Layer {
  const copy = { ...layer } as unknown as Record<string, unknown>
  for (const [key, { kind }] of Object.entries(kindOf(layer).fields)) {
    if (kind === 'layers') copy[key] = change((copy[key] ?? []) as Layer[])
    if (kind === 'branches') copy[key] = (copy[key] as Layer[][]).map(change)
  }
  return copy as unknown as Layer
}

/** All layers, those within others after the one that holds them. */
export const everyLayer = (layers: readonly Layer[]): Layer[] =>
  layers.flatMap((layer) => [layer, ...innerOf(layer).flatMap((inner) => everyLayer(inner.layers))])
