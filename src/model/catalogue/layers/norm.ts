import { positive, upToOne } from '../../schema.ts'
import { layoutOfSample } from '../../tensor.ts'
import { by, complete, number, tenfold } from '../field.ts'
import { constant } from '../initializers.ts'
import type { LayerKind, ParameterDraft } from '../layer-kind.ts'

/** Normalises every feature (or channel) over the batch, in evaluation by running statistics. */
export interface BatchNormLayer {
  type: 'batchNorm'
  eps?: number
  momentum?: number
}
/** Normalises every sample over its features. */
export interface LayerNormLayer {
  type: 'layerNorm'
  eps?: number
}

const eps = number(positive, tenfold, { fallback: 1e-5, symbol: 'ε' })
const batchFields = { momentum: number(upToOne, by(0.05, 1), { fallback: 0.1 }), eps } as const
const layerFields = { eps } as const

export const completeBatchNorm = (layer: BatchNormLayer) => complete(batchFields, layer)
export const completeLayerNorm = (layer: LayerNormLayer) => complete(layerFields, layer)

/** The identity at first. */
const scaleAndShift = (shape: readonly number[]): ParameterDraft[] => [
  { name: 'weight', kind: 'norm', layout: layoutOfSample(shape), shape: [...shape], initial: constant(1) },
  { name: 'bias', kind: 'norm', layout: layoutOfSample(shape), shape: [...shape], initial: constant(0) },
]

export const batchNorm: LayerKind<BatchNormLayer> = {
  title: 'Batch norm',
  short: 'Norm',
  group: 'between',
  family: 'norm',
  fields: batchFields,
  picture: 'change',
  output: (_, { input }) => input,
  parameters: (_, input) => [
    ...scaleAndShift(input.slice(0, 1)),
    { name: 'running_mean', kind: 'norm', shape: input.slice(0, 1), isTrainable: false, initial: constant(0) },
    { name: 'running_var', kind: 'norm', shape: input.slice(0, 1), isTrainable: false, initial: constant(1) },
  ],
  offers: () => [[{ type: 'batchNorm' }]],
}

export const layerNorm: LayerKind<LayerNormLayer> = {
  title: 'Layer norm',
  short: 'Norm',
  group: 'between',
  family: 'norm',
  fields: layerFields,
  picture: 'change',
  output: (_, { input }) => input,
  parameters: (_, input) => scaleAndShift(input),
  offers: () => [[{ type: 'layerNorm' }]],
}
