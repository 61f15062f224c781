/** Which operations a layer becomes, by its type. */
import { isActivation, parameterOf, type ActivationLayer } from '../model/catalogue/activations.ts'
import { completeConv2d } from '../model/catalogue/layers/conv2d.ts'
import { completeBatchNorm, completeLayerNorm } from '../model/catalogue/layers/norm.ts'
import { completeAvgPool2d, completeMaxPool2d } from '../model/catalogue/layers/pool.ts'
import type { Layer } from '../model/types.ts'
import { isImages, type Value } from './graph.ts'
import type { Lowering } from './lower.ts'
import { activation } from './operations/activation.ts'
import { conv2d } from './operations/convolution.ts'
import { dropout } from './operations/dropout.ts'
import { add, concat } from './operations/join.ts'
import { linear } from './operations/linear.ts'
import { batchNorm, batchNormEvaluate, layerNorm } from './operations/norm.ts'
import { flatten, globalPool, pool } from './operations/pool.ts'

type Lower<Own> = (layer: Own, at: Lowering) => Value
type OwnLayer<Type extends Layer['type']> = Extract<Layer, { type: Type }>

const lowerActivation: Lower<ActivationLayer> = (layer, { graph, path, x }) =>
  graph.add(activation, path, { x }, { name: layer.type, parameter: parameterOf(layer) }).y

const lowerings: { [Type in Exclude<Layer['type'], ActivationLayer['type']>]: Lower<OwnLayer<Type>> } = {
  dense: (_, { graph, path, x, parameter, bias }) => graph.add(linear, path, { x, weight: parameter('weight'), ...bias() }, {}).y,
  conv2d(layer, { graph, path, x, parameter, bias }) {
    const { stride, padding, dilation, groups } = completeConv2d(layer)
    return graph.add(conv2d, path, { x, weight: parameter('weight'), ...bias() }, { stride, padding, dilation, groups }).y
  },
  batchNorm(layer, { graph, path, x, parameter }) {
    const { eps, momentum } = completeBatchNorm(layer)
    const scale = { x, weight: parameter('weight'), bias: parameter('bias') }
    const inputs = { ...scale, runningMean: parameter('running_mean'), runningVariance: parameter('running_var') }
    return graph.training ? graph.add(batchNorm, path, inputs, { eps, momentum }).y : graph.add(batchNormEvaluate, path, inputs, { eps }).y
  },
  layerNorm: (layer, { graph, path, x, parameter }) =>
    graph.add(layerNorm, path, { x, weight: parameter('weight'), bias: parameter('bias') }, { eps: completeLayerNorm(layer).eps }).y,
  dropout: ({ rate }, { graph, path, x, ordinal }) => (graph.training ? graph.add(dropout, path, { x }, { rate, ordinal }).y : x),
  flatten: (_, { graph, path, x }) => (isImages(x) ? graph.add(flatten, path, { x }, {}).y : x),
  maxPool2d(layer, { graph, path, x }) {
    const { size, stride, padding } = completeMaxPool2d(layer)
    return graph.add(pool, path, { x }, { pooling: 'max', size, stride, padding }).y
  },
  avgPool2d(layer, { graph, path, x }) {
    const { size, stride, padding } = completeAvgPool2d(layer)
    return graph.add(pool, path, { x }, { pooling: 'average', size, stride, padding }).y
  },
  globalAvgPool2d: (_, { graph, path, x }) => graph.add(globalPool, path, { x }, {}).y,
  residual(_, { graph, path, branches }) {
    const [a, b] = branches() as [Value, Value]
    return graph.add(add, path, { a, b }, {}).y
  },
  concat: (_, { graph, path, branches }) => graph.add(concat, path, { parts: branches() }, {}).y,
}

// An entry takes layers of its own type alone, which the type of the layer has chosen it by.
export const loweringOf = ({ type }: Layer): Lower<Layer> =>
  (isActivation(type) ? lowerActivation : lowerings[type as keyof typeof lowerings]) as Lower<Layer>
