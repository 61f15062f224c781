import { networkOutput } from './shapes.ts'
import type {
  ActivationLayer,
  BatchNormLayer,
  ConcatLayer,
  DenseLayer,
  DropoutLayer,
  FlattenLayer,
  Layer,
  LayerNormLayer,
  Network,
  ResidualLayer,
} from './types.ts'

/** Fully connected: `x · weightᵀ + bias`, weight `[units, features]`. */
export const dense = (units: number, options: Omit<DenseLayer, 'type' | 'units'> = {}): DenseLayer => ({ type: 'dense', units, ...options })

export const relu = (): ActivationLayer => ({ type: 'relu' })
/** x where positive, else `slope · x`; slope 0.01 by default. */
export const leakyRelu = (slope?: number): ActivationLayer => ({ type: 'leakyRelu', ...(slope !== undefined && { slope }) })
/** x where positive, else `alpha · (exp(x) − 1)`; alpha 1 by default. */
export const elu = (alpha?: number): ActivationLayer => ({ type: 'elu', ...(alpha !== undefined && { alpha }) })
/** The exact form, by erf. */
export const gelu = (): ActivationLayer => ({ type: 'gelu' })
export const silu = (): ActivationLayer => ({ type: 'silu' })
export const tanh = (): ActivationLayer => ({ type: 'tanh' })
export const sigmoid = (): ActivationLayer => ({ type: 'sigmoid' })
export const softplus = (): ActivationLayer => ({ type: 'softplus' })

/** Normalises every feature (or channel) over the batch; eps 1e-5 and momentum 0.1 by default. */
export const batchNorm = (options: Omit<BatchNormLayer, 'type'> = {}): BatchNormLayer => ({ type: 'batchNorm', ...options })
/** Normalises every sample over its features; eps 1e-5 by default. */
export const layerNorm = (options: Omit<LayerNormLayer, 'type'> = {}): LayerNormLayer => ({ type: 'layerNorm', ...options })
/** Drops a share `rate` of the values in training and divides the others by `1 − rate`. */
export const dropout = (rate: number): DropoutLayer => ({ type: 'dropout', rate })
/** `[channels, height, width]` to `[features]`. */
export const flatten = (): FlattenLayer => ({ type: 'flatten' })

/** The sum of `layers` and `shortcut`, the identity by default. */
export const residual = (layers: Layer[], shortcut?: Layer[]): ResidualLayer => ({
  type: 'residual',
  layers,
  ...(shortcut && { shortcut }),
})
/** The branches' outputs joined along features or channels; an empty branch is the identity. */
export const concat = (branches: Layer[][]): ConcatLayer => ({ type: 'concat', branches })

/**
 * A network: shape of one sample (`[features]` or `[channels, height, width]`) and its layers in order.
 * Throws an InputError with the layer's path where shapes do not chain.
 */
export function sequential(input: number[], layers: Layer[]): Network {
  const network = { input, layers }
  networkOutput(network)
  return network
}
