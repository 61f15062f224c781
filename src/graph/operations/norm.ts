import * as kernels from '../../kernels/batchNorm.ts'
import { epilogueFlops } from '../../kernels/epilogue.ts'
import * as layer from '../../kernels/layerNorm.ts'
import type { Kernel } from '../../gpu/kernel.ts'
import { columnsOf, defineOperation, elements, rowsOf, type Call, type Graph, type Value } from '../graph.ts'
import type { FinishOutputs } from './finish.ts'

// [rows, inner, channels]; over features inner is 1.
const channelShape = (x: Value, weight: Value) => {
  const channels = weight.shape[0]!
  return { rows: rowsOf(x), channels, inner: columnsOf(x) / channels }
}

// Of each number: the mean and the squares of what differs from it; scaled and shifted twice; the sums for weight and bias; ∂L/∂x from these.
const [statisticsFlops, normalizeFlops, gradientFlops, inputFlops] = [4, 4, 5, 8]

/** The shape of a place for a channel's spans, where the kernels split it. */
function spansOf(x: Value, weight: Value): { shape: number[] } | undefined {
  const shape = channelShape(x, weight)
  const spans = kernels.spansOf(shape)
  return spans > 1 ? { shape: [spans, 2 * shape.channels] } : undefined
}

/** The calls of one kernel, or of one for the spans and one that joins them; `own` are the values that only the last one binds. */
function inSpans([first, last]: readonly [Kernel, Kernel?], read: Value[], own: Value[], spans: Value | undefined): Call[] {
  if (!last) return [{ kernel: first, values: [...read, ...own] }]
  return [
    { kernel: first, values: [...read, spans!] },
    { kernel: last, values: [...read, ...own, spans!] },
  ]
}

/** What fusion sets: the activation that is applied to y. */
interface Activated {
  eps: number
  epilogue?: kernels.Activated
}
type ScaleAndShift = { x: Value; weight: Value; bias: Value }
type Running = { runningMean: Value; runningVariance: Value }

/** Training: statistics of the batch's true rows; saves means and inverse deviations `[2, channels]`. */
export const batchNorm = defineOperation<
  Activated & { momentum: number },
  ScaleAndShift & Running,
  FinishOutputs & { y: Value; statistics: Value; spans?: Value }
>({
  name: 'batchNorm',
  shapes({ x, weight }) {
    const spans = spansOf(x, weight)
    return { y: x, statistics: { shape: [2, weight.shape[0]!] }, ...(spans && { spans }) }
  },
  kernels({ inputs, outputs, attributes: { eps, momentum, epilogue = {} } }) {
    const { x, weight, bias, runningMean, runningVariance } = inputs
    const { y, statistics, spans, kept } = outputs
    const shape = channelShape(x, weight)
    return [
      ...inSpans(kernels.batchNormStatistics(shape, { eps, momentum }), [x], [statistics, runningMean, runningVariance], spans),
      { kernel: kernels.batchNormNormalize(shape, epilogue), values: [x, statistics, weight, bias, y, ...(kept ? [kept] : [])] },
    ]
  },
  flops: ({ inputs: { x }, attributes: { epilogue } }) => elements(x) * (statisticsFlops + normalizeFlops + epilogueFlops(epilogue)),
  derivative({ graph, path, inputs: { x, weight, bias }, outputs: { statistics }, dy, give, needs }) {
    const spans = spansOf(x, weight)
    const { dWeight, dBias, dx } = graph.add(
      batchNormDerivative,
      path,
      { x, dy, statistics, weight },
      {},
      {
        ...parameterGradients(graph, weight, bias),
        ...(needs(x) && { dx: graph.value('activation', `${path}:dx`, x) }),
        ...(spans && { spans: graph.value('saved', `${path}:spans`, spans) }),
      },
    )
    give(weight, dWeight)
    give(bias, dBias)
    if (dx) give(x, dx)
  },
})

type ParameterGradients = { dWeight: Value; dBias: Value }
const parameterGradients = (graph: Graph, weight: Value, bias: Value): ParameterGradients => ({
  dWeight: graph.gradientOf(weight),
  dBias: graph.gradientOf(bias),
})

/** ∂L/∂weight, ∂L/∂bias and, where it is wanted, ∂L/∂x. */
export const batchNormDerivative = defineOperation<
  object,
  { x: Value; dy: Value; statistics: Value; weight: Value },
  ParameterGradients & { dx?: Value; spans?: Value }
>({
  name: 'batchNormDerivative',
  shapes: () => ({}),
  kernels({ inputs: { x, dy, statistics, weight }, outputs: { dWeight, dBias, dx, spans } }) {
    const shape = channelShape(x, weight)
    const sums = inSpans(kernels.batchNormGradients(shape), [x, dy, statistics], [dWeight, dBias], spans)
    if (!dx) return sums
    return [...sums, { kernel: kernels.batchNormInput(shape), values: [x, dy, statistics, weight, dWeight, dBias, dx] }]
  },
  flops: ({ inputs: { x }, outputs: { dx } }) => elements(x) * (gradientFlops + (dx ? inputFlops : 0)),
})

/** Evaluation: running statistics. */
export const batchNormEvaluate = defineOperation<Activated, ScaleAndShift & Running, FinishOutputs & { y: Value }>({
  name: 'batchNormEvaluate',
  shapes: ({ x }) => ({ y: x }),
  kernels({ inputs: { x, weight, bias, runningMean, runningVariance }, outputs: { y, kept }, attributes: { eps, epilogue } }) {
    const kernel = kernels.batchNormEvaluate(channelShape(x, weight), { eps, ...epilogue })
    return [{ kernel, values: [x, runningMean, runningVariance, weight, bias, y, ...(kept ? [kept] : [])] }]
  },
  flops: ({ inputs: { x }, attributes: { epilogue } }) => elements(x) * (normalizeFlops + epilogueFlops(epilogue)),
})

/** Over the features of each row; saves each row's mean and inverse deviation. */
export const layerNorm = defineOperation<{ eps: number }, ScaleAndShift, { y: Value; mean: Value; inverse: Value }>({
  name: 'layerNorm',
  shapes: ({ x }) => ({ y: x, mean: { shape: [rowsOf(x)] }, inverse: { shape: [rowsOf(x)] } }),
  kernels({ inputs: { x, weight, bias }, outputs: { y, mean, inverse }, attributes: { eps } }) {
    const kernel = layer.layerNormForward({ rows: rowsOf(x), features: columnsOf(x) }, { eps })
    return [{ kernel, values: [x, weight, bias, y, mean, inverse] }]
  },
  flops: ({ inputs: { x } }) => elements(x) * (statisticsFlops + normalizeFlops),
  derivative({ graph, path, inputs: { x, weight, bias }, outputs: { mean, inverse }, dy, give, needs }) {
    const { dWeight, dBias, dx } = graph.add(
      layerNormDerivative,
      path,
      { x, dy, mean, inverse, weight },
      {},
      {
        ...parameterGradients(graph, weight, bias),
        ...(needs(x) && { dx: graph.value('activation', `${path}:dx`, x) }),
      },
    )
    give(weight, dWeight)
    give(bias, dBias)
    if (dx) give(x, dx)
  },
})

/** ∂L/∂weight, ∂L/∂bias and, where it is wanted, ∂L/∂x. */
export const layerNormDerivative = defineOperation<
  object,
  { x: Value; dy: Value; mean: Value; inverse: Value; weight: Value },
  ParameterGradients & { dx?: Value }
>({
  name: 'layerNormDerivative',
  shapes: () => ({}),
  kernels({ inputs: { x, dy, mean, inverse, weight }, outputs: { dWeight, dBias, dx } }) {
    const shape = { rows: rowsOf(x), features: columnsOf(x) }
    const parameters = { kernel: layer.layerNormGradients(shape), values: [x, dy, mean, inverse, dWeight, dBias] }
    if (!dx) return [parameters]
    return [parameters, { kernel: layer.layerNormInput(shape), values: [x, dy, mean, inverse, weight, dx] }]
  },
  flops: ({ inputs: { x }, outputs: { dx } }) => elements(x) * (gradientFlops + (dx ? inputFlops : 0)),
})
