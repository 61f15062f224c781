import { activate, activateBackward } from '../../src/kernels/reference/activation.ts'
import { conv2d, conv2dDerivatives } from '../../src/kernels/reference/conv2d.ts'
import { dropoutMask } from '../../src/kernels/reference/dropout.ts'
import { add, concat, split } from '../../src/kernels/reference/join.ts'
import { addBias, matmul, sumRows } from '../../src/kernels/reference/matmul.ts'
import {
  batchNormApply,
  batchNormBackward,
  batchStatistics,
  layerNorm,
  layerNormBackward,
  runningStatistics,
} from '../../src/kernels/reference/norm.ts'
import { pool } from '../../src/kernels/reference/pool2d.ts'
import { parameterOf } from '../../src/model/catalogue/activations.ts'
import { completeConv2d } from '../../src/model/catalogue/layers/conv2d.ts'
import { completeBatchNorm, completeLayerNorm } from '../../src/model/catalogue/layers/norm.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { outputShape } from '../../src/model/shapes.ts'
import type {
  BatchNormLayer,
  ConcatLayer,
  Conv2dLayer,
  DenseLayer,
  DropoutLayer,
  Layer,
  LayerNormLayer,
  PoolLayer,
  ResidualLayer,
} from '../../src/model/types.ts'

/** The state of one pass. Gradients of parameters are added to `gradients`, running statistics written to `parameters`. */
export interface Pass {
  parameters: Record<string, Float64Array>
  gradients: Record<string, Float64Array>
  training: boolean
  rows: number
  /** Rows that are samples; the others are padding. */
  count: number
  seed: number
  step: number
  /** Dropout layers met so far, in model order. */
  dropouts: number
  /** Where each layer's output and the loss's gradient with respect to it are kept, by path. */
  seen?: Map<string, { output: Float64Array; gradient?: Float64Array }>
}

export interface Forward {
  output: Float64Array
  shape: number[]
  /** ∂L/∂input from ∂L/∂output. */
  backward: (gradient: Float64Array) => Float64Array
}

function keepGradient(pass: Pass, path: string, gradient: Float64Array): void {
  const before = pass.gradients[path]
  pass.gradients[path] = before ? add(before, gradient) : gradient
}

function dense(layer: DenseLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const [m, n, k] = [pass.rows, layer.units, shape[0]!]
  const weight = pass.parameters[`${path}.weight`]!
  const bias = pass.parameters[`${path}.bias`]
  const product = matmul(x, weight, { m, n, k, transposeB: true })
  return {
    output: bias ? addBias(product, bias) : product,
    shape: [n],
    backward: (gradient) => {
      keepGradient(pass, `${path}.weight`, matmul(gradient, x, { m: n, n: k, k: m, transposeA: true }))
      if (bias) keepGradient(pass, `${path}.bias`, sumRows(gradient, n))
      return matmul(gradient, weight, { m, n: k, k: n })
    },
  }
}

function batchNorm(layer: BatchNormLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const parameter = (name: string): Float64Array => pass.parameters[`${path}.${name}`]!
  const { rows, count } = pass
  const sizes = { rows, channels: shape[0]!, inner: sizeOf(shape.slice(1)), eps: completeBatchNorm(layer).eps, count }
  const weight = parameter('weight')
  const running = { mean: parameter('running_mean'), variance: parameter('running_var') }
  if (!pass.training) {
    const output = batchNormApply(x, weight, parameter('bias'), running.mean, running.variance, sizes)
    return { output, shape, backward: noBackward }
  }
  const { mean, variance } = batchStatistics(x, sizes)
  const updated = runningStatistics(running, { mean, variance }, completeBatchNorm(layer).momentum, sizes)
  pass.parameters[`${path}.running_mean`] = updated.mean
  pass.parameters[`${path}.running_var`] = updated.variance
  return {
    output: batchNormApply(x, weight, parameter('bias'), mean, variance, sizes),
    shape,
    backward: (gradient) => {
      const gradients = batchNormBackward(gradient, x, weight, mean, variance, sizes)
      keepGradient(pass, `${path}.weight`, gradients.weight)
      keepGradient(pass, `${path}.bias`, gradients.bias)
      return gradients.input
    },
  }
}

function noBackward(): never {
  throw new Error('the reference has no derivative of batchNorm in evaluation')
}

function normaliseLayer(layer: LayerNormLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const sizes = { rows: pass.rows, features: sizeOf(shape), eps: completeLayerNorm(layer).eps }
  const weight = pass.parameters[`${path}.weight`]!
  return {
    output: layerNorm(x, weight, pass.parameters[`${path}.bias`]!, sizes),
    shape,
    backward: (gradient) => {
      const gradients = layerNormBackward(gradient, x, weight, sizes)
      keepGradient(pass, `${path}.weight`, gradients.weight)
      keepGradient(pass, `${path}.bias`, gradients.bias)
      return gradients.input
    },
  }
}

function convolution(layer: Conv2dLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const { filters, kernel, stride, padding, dilation, groups, bias } = completeConv2d(layer)
  const [channels, height, width] = shape as [number, number, number]
  const sizes = { batch: pass.rows, channels, height, width, filters, kernel, stride, padding, dilation, groups }
  const weight = pass.parameters[`${path}.weight`]!
  const after = outputShape(layer, shape, path)
  const positions = after[1]! * after[2]!
  const filterOf = (at: number) => Math.floor(at / positions) % filters
  const shift = bias ? pass.parameters[`${path}.bias`]! : undefined
  const output = conv2d(x, weight, sizes)
  return {
    output: shift ? output.map((value, at) => value + shift[filterOf(at)]!) : output,
    shape: after,
    backward: (gradient) => {
      const { dx, dWeight } = conv2dDerivatives(x, weight, gradient, sizes)
      keepGradient(pass, `${path}.weight`, dWeight)
      if (bias) {
        const sums = new Float64Array(filters)
        gradient.forEach((value, at) => (sums[filterOf(at)]! += value))
        keepGradient(pass, `${path}.bias`, sums)
      }
      return dx
    },
  }
}

function pooling(layer: PoolLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const [channels, height, width] = shape as [number, number, number]
  const global = layer.type === 'globalAvgPool2d'
  const size = global ? Math.max(height, width) : layer.size
  const stride = global ? 1 : (layer.stride ?? size)
  const sizes = {
    images: pass.rows * channels,
    height,
    width,
    size,
    stride,
    padding: layer.type === 'maxPool2d' ? (layer.padding ?? 0) : 0,
  }
  const kind = global ? 'global' : layer.type === 'maxPool2d' ? 'max' : 'average'
  const { output, places } = pool(x, sizes, kind)
  return {
    output,
    shape: outputShape(layer, shape, path),
    backward: (gradient) => {
      const dx = new Float64Array(x.length)
      places.forEach((from, at) => from.forEach((place) => (dx[place]! += gradient[at]! / from.length)))
      return dx
    },
  }
}

function dropout(layer: DropoutLayer, x: Float64Array, shape: number[], pass: Pass): Forward {
  const ordinal = pass.dropouts++
  const mask = pass.training ? dropoutMask(x.length, layer.rate, pass.seed, pass.step, ordinal) : new Float64Array(x.length).fill(1)
  const masked = (values: Float64Array): Float64Array => values.map((value, i) => value * mask[i]!)
  return { output: masked(x), shape, backward: masked }
}

function residual(layer: ResidualLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const main = forwardLayers(layer.layers, `${path}.layers`, x, shape, pass)
  const shortcut = forwardLayers(layer.shortcut ?? [], `${path}.shortcut`, x, shape, pass)
  return {
    output: add(main.output, shortcut.output),
    shape: main.shape,
    backward: (gradient) => add(main.backward(gradient), shortcut.backward(gradient)),
  }
}

function join(layer: ConcatLayer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const branches = layer.branches.map((branch, b) => forwardLayers(branch, `${path}.branches.${b}`, x, shape, pass))
  const widths = branches.map((branch) => sizeOf(branch.shape))
  return {
    output: concat(
      branches.map((branch) => branch.output),
      pass.rows,
      widths,
    ),
    shape: outputShape(layer, shape, path),
    backward: (gradient) => add(...split(gradient, pass.rows, widths).map((part, b) => branches[b]!.backward(part))),
  }
}

function forwardLayer(layer: Layer, path: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  switch (layer.type) {
    case 'dense':
      return dense(layer, path, x, shape, pass)
    case 'batchNorm':
      return batchNorm(layer, path, x, shape, pass)
    case 'layerNorm':
      return normaliseLayer(layer, path, x, shape, pass)
    case 'dropout':
      return dropout(layer, x, shape, pass)
    case 'residual':
      return residual(layer, path, x, shape, pass)
    case 'concat':
      return join(layer, path, x, shape, pass)
    case 'flatten':
      return { output: x, shape: [sizeOf(shape)], backward: (gradient) => gradient }
    case 'conv2d':
      return convolution(layer, path, x, shape, pass)
    case 'maxPool2d':
    case 'avgPool2d':
    case 'globalAvgPool2d':
      return pooling(layer, path, x, shape, pass)
    default: {
      const parameter = parameterOf(layer)
      const output = activate(layer.type, x, parameter)
      return { output, shape, backward: (gradient) => activateBackward(layer.type, x, gradient, parameter) }
    }
  }
}

/** The layers without the sigmoids that they end in: what they give are logits. */
export function layersOfLogits(layers: Layer[]): Layer[] {
  const [before, last] = [layers.slice(0, -1), layers.at(-1)!]
  if (last.type === 'sigmoid') return before
  if (last.type === 'concat') return [...before, { ...last, branches: last.branches.map(layersOfLogits) }]
  return [...layersOfLogits(before), last]
}

/** A list of layers on `x`, `[rows, ...shape]`. */
export function forwardLayers(layers: Layer[], prefix: string, x: Float64Array, shape: number[], pass: Pass): Forward {
  const backwards: Forward['backward'][] = []
  let current = { output: x, shape }
  layers.forEach((layer, i) => {
    const path = `${prefix}.${i}`
    const next = forwardLayer(layer, path, current.output, current.shape, pass)
    const seen = { output: next.output } as { output: Float64Array; gradient?: Float64Array }
    pass.seen?.set(path, seen)
    backwards.push((gradient) => {
      seen.gradient = gradient
      return next.backward(gradient)
    })
    current = next
  })
  return {
    ...current,
    backward: (gradient) => backwards.reduceRight((upstream, backward) => backward(upstream), gradient),
  }
}
