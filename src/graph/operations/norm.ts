import * as kernels from '../../kernels/batchNorm.ts'
import { epilogueFlops } from '../../kernels/epilogue.ts'
import * as layer from '../../kernels/layerNorm.ts'
import type { Kernel } from '../../gpu/kernel.ts'
import { columnsOf, elements, rowsOf, type Call, type Operation, type Value } from '../graph.ts'

// [rows, inner, channels]; over features inner is 1.
const channelShape = (x: Value, weight: Value) => {
  const channels = weight.shape[0]!
  return { rows: rowsOf(x), channels, inner: columnsOf(x) / channels }
}

// Of each number: the mean and the squares of what differs from it; scaled and shifted twice; the sums for weight and bias; ∂L/∂x from these.
const [statisticsFlops, normalizeFlops, gradientFlops, inputFlops] = [4, 4, 5, 8]

/** The shape of a place for a channel's spans where the kernels split it: none, or one. */
function spansFor(x: Value, weight: Value): number[][] {
  const shape = channelShape(x, weight)
  const spans = kernels.spansOf(shape)
  return spans > 1 ? [[spans, 2 * shape.channels]] : []
}

/** The calls of one kernel, or of one for the spans and one that joins them; `own` are the values that only the last one binds. */
function inSpans([first, last]: readonly [Kernel, Kernel?], read: Value[], own: Value[], spans: Value | undefined): Call[] {
  if (!last) return [{ kernel: first, values: [...read, ...own] }]
  return [
    { kernel: first, values: [...read, spans!] },
    { kernel: last, values: [...read, ...own, spans!] },
  ]
}

/** What fusion sets: the activation applied to y, whose value before it is the last output where `keep` is set. */
const activated = (attributes: Record<string, unknown>) => (attributes['epilogue'] ?? {}) as kernels.Activated

/**
 * Training: statistics of the batch's true rows. Inputs x, weight, bias, running mean, running variance; saves means and inverse deviations
 * `[2, channels]`.
 */
export const batchNorm: Operation = {
  shapes: ([x, weight]) => [x!.shape, [2, weight!.shape[0]!], ...spansFor(x!, weight!)],
  kernels({ inputs: [x, weight, bias, runningMean, runningVariance], outputs: [y, statistics, ...others], attributes }) {
    const shape = channelShape(x!, weight!)
    const { eps, momentum } = attributes as { eps: number; momentum: number }
    const spans = kernels.spansOf(shape) > 1 ? others.shift() : undefined
    return [
      ...inSpans(kernels.batchNormStatistics(shape, { eps, momentum }), [x!], [statistics!, runningMean!, runningVariance!], spans),
      { kernel: kernels.batchNormNormalize(shape, activated(attributes)), values: [x!, statistics!, weight!, bias!, y!, ...others] },
    ]
  },
  flops: ({ inputs: [x], attributes }) => elements(x!) * (statisticsFlops + normalizeFlops + epilogueFlops(activated(attributes))),
  derivative({ graph, node, outputGradient, give, needs }) {
    const [x, weight, bias] = node.inputs as [Value, Value, Value]
    const statistics = node.outputs[1]!
    const dx = graph.value('activation', `${node.path}:dx`, x.shape)
    graph.add('batchNormDerivative', node.path, [x, outputGradient, statistics, weight], { hasDx: needs(x) }, [
      graph.gradientOf(weight),
      graph.gradientOf(bias),
      ...(needs(x) ? [dx] : []),
      ...spansFor(x, weight).map((shape) => graph.value('saved', `${node.path}:spans`, shape)),
    ])
    if (needs(x)) give(x, dx)
  },
}

/** Inputs x, dy, statistics, weight; outputs ∂L/∂weight, ∂L/∂bias, where `hasDx` ∂L/∂x, and a place for spans where channels are split. */
export const batchNormDerivative: Operation = {
  shapes: () => [],
  kernels({ inputs: [x, dy, statistics, weight], outputs: [dWeight, dBias, ...others], attributes: { hasDx } }) {
    const shape = channelShape(x!, weight!)
    const dx = hasDx ? others.shift() : undefined
    const sums = inSpans(kernels.batchNormGradients(shape), [x!, dy!, statistics!], [dWeight!, dBias!], others[0])
    if (!dx) return sums
    return [...sums, { kernel: kernels.batchNormInput(shape), values: [x!, dy!, statistics!, weight!, dWeight!, dBias!, dx] }]
  },
  flops: ({ inputs: [x], attributes: { hasDx } }) => elements(x!) * (gradientFlops + (hasDx ? inputFlops : 0)),
}

/** Evaluation: running statistics. Inputs as for `batchNorm`. */
export const batchNormEvaluate: Operation = {
  shapes: ([x]) => [x!.shape],
  kernels({ inputs: [x, weight, bias, runningMean, runningVariance], outputs, attributes }) {
    const kernel = kernels.batchNormEvaluate(channelShape(x!, weight!), { eps: attributes['eps'] as number, ...activated(attributes) })
    return [{ kernel, values: [x!, runningMean!, runningVariance!, weight!, bias!, ...outputs] }]
  },
  flops: ({ inputs: [x], attributes }) => elements(x!) * (normalizeFlops + epilogueFlops(activated(attributes))),
}

/** Over the features of each row. Inputs x, weight, bias; saves each row's mean and inverse deviation. */
export const layerNorm: Operation = {
  shapes: ([x]) => [x!.shape, [rowsOf(x!)], [rowsOf(x!)]],
  kernels({ inputs: [x, weight, bias], outputs: [y, mean, inverse], attributes }) {
    const kernel = layer.layerNormForward({ rows: rowsOf(x!), features: columnsOf(x!) }, { eps: attributes['eps'] as number })
    return [{ kernel, values: [x!, weight!, bias!, y!, mean!, inverse!] }]
  },
  flops: ({ inputs: [x] }) => elements(x!) * (statisticsFlops + normalizeFlops),
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
  flops: ({ inputs: [x], outputs }) => elements(x!) * (gradientFlops + (outputs.length > 2 ? inputFlops : 0)),
}
