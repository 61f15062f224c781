import { networkOutput } from './shapes.ts'
import type {
  ActivationLayer,
  ActivationName,
  AvgPool2dLayer,
  BatchNormLayer,
  ConcatLayer,
  Conv2dLayer,
  DenseLayer,
  DropoutLayer,
  FlattenLayer,
  GlobalAvgPool2dLayer,
  Layer,
  LayerNormLayer,
  MaxPool2dLayer,
  Network,
  ResidualLayer,
} from './types.ts'

/** Fully connected: `x · weightᵀ + bias`, weight `[units, features]`. */
export const dense = (units: number, options: Omit<DenseLayer, 'type' | 'units'> = {}): DenseLayer => ({ type: 'dense', units, ...options })

/** Convolution of `[channels, height, width]`, weight `[filters, channels / groups, kernel, kernel]`; stride 1, padding 0, dilation 1 and one group by default. */
export const conv2d = (filters: number, kernel: number, options: Omit<Conv2dLayer, 'type' | 'filters' | 'kernel'> = {}): Conv2dLayer => ({
  type: 'conv2d',
  filters,
  kernel,
  ...options,
})
/** The largest value of each window of size × size; the stride is the size by default. */
export const maxPool2d = (size: number, options: Omit<MaxPool2dLayer, 'type' | 'size'> = {}): MaxPool2dLayer => ({
  type: 'maxPool2d',
  size,
  ...options,
})
/** The mean of each window of size × size; the stride is the size by default. */
export const avgPool2d = (size: number, options: Omit<AvgPool2dLayer, 'type' | 'size'> = {}): AvgPool2dLayer => ({
  type: 'avgPool2d',
  size,
  ...options,
})
/** The mean of each channel: `[channels, height, width]` to `[channels]`. */
export const globalAvgPool2d = (): GlobalAvgPool2dLayer => ({ type: 'globalAvgPool2d' })

/** Any activation by its name, with its setting if it has one: `activation('leakyRelu', { slope: 0.2 })`. */
export const activation = <Name extends ActivationName>(
  type: Name,
  settings?: Omit<Extract<ActivationLayer, { type: Name }>, 'type'>,
): ActivationLayer => ({ type, ...settings }) as ActivationLayer

export const relu = () => activation('relu')
/** x where positive, else `slope · x`; slope 0.01 by default. */
export const leakyRelu = (slope?: number) => activation('leakyRelu', slope === undefined ? {} : { slope })
/** x where positive, else `alpha · (exp(x) − 1)`; alpha 1 by default. */
export const elu = (alpha?: number) => activation('elu', alpha === undefined ? {} : { alpha })
/** The exact form, by erf. */
export const gelu = () => activation('gelu')
export const silu = () => activation('silu')
export const tanh = () => activation('tanh')
export const sigmoid = () => activation('sigmoid')
export const softplus = () => activation('softplus')

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
