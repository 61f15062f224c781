import * as kernels from '../../kernels/batchNorm.ts'
import * as layer from '../../kernels/layerNorm.ts'
import { columnsOf, rowsOf, type Operation, type Value } from '../graph.ts'

// [rows, channels, inner]; over features inner is 1.
const channelShape = (x: Value, weight: Value) => {
  const channels = weight.shape[0]!
  return { rows: rowsOf(x), channels, inner: columnsOf(x) / channels }
}

/** Training: statistics of the batch's true rows. Inputs x, weight, bias, running mean, running variance; saves mean and inverse deviation. */
export const batchNorm: Operation = {
  shapes: ([x, weight]) => [x!.shape, weight!.shape, weight!.shape],
  kernels({ inputs: [x, weight, bias, runningMean, runningVariance], outputs: [y, mean, inverse], attributes }) {
    const shape = channelShape(x!, weight!)
    const { eps, momentum } = attributes as { eps: number; momentum: number }
    return [
      { kernel: kernels.batchNormStatistics(shape, { eps, momentum }), values: [x!, mean!, inverse!, runningMean!, runningVariance!] },
      { kernel: kernels.batchNormNormalize(shape), values: [x!, mean!, inverse!, weight!, bias!, y!] },
    ]
  },
  derivative({ graph, node, outputGradient, give, needs }) {
    const [x, weight, bias] = node.inputs as [Value, Value, Value]
    const [, mean, inverse] = node.outputs as [Value, Value, Value]
    const dx = graph.value('activation', `${node.path}:dx`, x.shape)
    graph.add('batchNormDerivative', node.path, [x, outputGradient, mean, inverse, weight], { dx: needs(x) }, [
      graph.gradientOf(weight),
      graph.gradientOf(bias),
      ...(needs(x) ? [dx] : []),
    ])
    if (needs(x)) give(x, dx)
  },
}

/** Inputs x, dy, mean, inverse deviation, weight; outputs ∂L/∂weight, ∂L/∂bias and, if wanted, ∂L/∂x. */
export const batchNormDerivative: Operation = {
  shapes: () => [],
  kernels({ inputs: [x, dy, mean, inverse, weight], outputs: [dWeight, dBias, dx] }) {
    const shape = channelShape(x!, weight!)
    const parameters = { kernel: kernels.batchNormGradients(shape), values: [x!, dy!, mean!, inverse!, dWeight!, dBias!] }
    if (!dx) return [parameters]
    return [parameters, { kernel: kernels.batchNormInput(shape), values: [x!, dy!, mean!, inverse!, weight!, dWeight!, dBias!, dx] }]
  },
}

/** Evaluation: running statistics. Inputs as for `batchNorm`. */
export const batchNormEvaluate: Operation = {
  shapes: ([x]) => [x!.shape],
  kernels({ inputs: [x, weight, bias, runningMean, runningVariance], outputs: [y], attributes }) {
    const kernel = kernels.batchNormEvaluate(channelShape(x!, weight!), { eps: attributes['eps'] as number })
    return [{ kernel, values: [x!, runningMean!, runningVariance!, weight!, bias!, y!] }]
  },
}

/** Over the features of each row. Inputs x, weight, bias; saves each row's mean and inverse deviation. */
export const layerNorm: Operation = {
  shapes: ([x]) => [x!.shape, [rowsOf(x!)], [rowsOf(x!)]],
  kernels({ inputs: [x, weight, bias], outputs: [y, mean, inverse], attributes }) {
    const kernel = layer.layerNormForward({ rows: rowsOf(x!), features: columnsOf(x!) }, { eps: attributes['eps'] as number })
    return [{ kernel, values: [x!, weight!, bias!, y!, mean!, inverse!] }]
  },
  derivative({ graph, node, outputGradient, give, needs }) {
    const [x, weight, bias] = node.inputs as [Value, Value, Value]
    const [, mean, inverse] = node.outputs as [Value, Value, Value]
    const dx = graph.value('activation', `${node.path}:dx`, x.shape)
    graph.add('layerNormDerivative', node.path, [x, outputGradient, mean, inverse, weight], {}, [
      graph.gradientOf(weight),
      graph.gradientOf(bias),
      ...(needs(x) ? [dx] : []),
    ])
    if (needs(x)) give(x, dx)
  },
}

/** Inputs x, dy, mean, inverse deviation, weight; outputs ∂L/∂weight, ∂L/∂bias and, if wanted, ∂L/∂x. */
export const layerNormDerivative: Operation = {
  shapes: () => [],
  kernels({ inputs: [x, dy, mean, inverse, weight], outputs: [dWeight, dBias, dx] }) {
    const shape = { rows: rowsOf(x!), features: columnsOf(x!) }
    const parameters = { kernel: layer.layerNormGradients(shape), values: [x!, dy!, mean!, inverse!, dWeight!, dBias!] }
    if (!dx) return [parameters]
    return [parameters, { kernel: layer.layerNormInput(shape), values: [x!, dy!, mean!, inverse!, weight!, dx] }]
  },
}
