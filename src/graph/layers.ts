/** Which operations a layer becomes, by its type. */
import { isActivation, parameterOf, type ActivationLayer } from '../model/catalogue/activations.ts'
import { completeConv2d } from '../model/catalogue/layers/conv2d.ts'
import { completeBatchNorm, completeLayerNorm } from '../model/catalogue/layers/norm.ts'
import { completeAvgPool2d, completeMaxPool2d } from '../model/catalogue/layers/pool.ts'
import type { Layer } from '../model/types.ts'
import { isImages, type Value } from './graph.ts'
import type { Lowering } from './lower.ts'

type Lower<Own> = (layer: Own, at: Lowering) => Value
type OwnLayer<Type extends Layer['type']> = Extract<Layer, { type: Type }>

const activation: Lower<ActivationLayer> = (layer, { graph, path, x }) =>
  graph.add('activation', path, [x], { name: layer.type, parameter: parameterOf(layer) })[0]!

const pool = (layer: { size: number; stride: number; padding: number }, pooling: 'max' | 'average', { graph, path, x }: Lowering) => {
  const { size, stride, padding } = layer
  return graph.add('pool', path, [x], { pooling, size, stride, padding })[0]!
}

const lowerings: { [Type in Exclude<Layer['type'], ActivationLayer['type']>]: Lower<OwnLayer<Type>> } = {
  dense: (_, { graph, path, x, parameter, bias }) => graph.add('linear', path, [x, parameter('weight'), ...bias()])[0]!,
  conv2d(layer, { graph, path, x, parameter, bias }) {
    const { stride, padding, dilation, groups } = completeConv2d(layer)
    return graph.add('conv2d', path, [x, parameter('weight'), ...bias()], { stride, padding, dilation, groups })[0]!
  },
  batchNorm(layer, { graph, path, x, parameter }) {
    const { eps, momentum } = completeBatchNorm(layer)
    const inputs = [x, ...['weight', 'bias', 'running_mean', 'running_var'].map(parameter)]
    return graph.add(graph.training ? 'batchNorm' : 'batchNormEvaluate', path, inputs, { eps, momentum })[0]!
  },
  layerNorm: (layer, { graph, path, x, parameter }) =>
    graph.add('layerNorm', path, [x, parameter('weight'), parameter('bias')], { eps: completeLayerNorm(layer).eps })[0]!,
  dropout: ({ rate }, { graph, path, x, ordinal }) => (graph.training ? graph.add('dropout', path, [x], { rate, ordinal })[0]! : x),
  flatten: (_, { graph, path, x }) => (isImages(x) ? graph.add('flatten', path, [x])[0]! : x),
  maxPool2d: (layer, at) => pool(completeMaxPool2d(layer), 'max', at),
  avgPool2d: (layer, at) => pool(completeAvgPool2d(layer), 'average', at),
  globalAvgPool2d: (_, { graph, path, x }) => graph.add('globalPool', path, [x])[0]!,
  residual: (_, { graph, path, branches }) => graph.add('add', path, branches())[0]!,
  concat: (_, { graph, path, branches }) => graph.add('concat', path, branches())[0]!,
}

// An entry takes layers of its own type alone, which the type of the layer has chosen it by.
export const loweringOf = ({ type }: Layer): Lower<Layer> =>
  (isActivation(type) ? activation : lowerings[type as keyof typeof lowerings]) as Lower<Layer>
