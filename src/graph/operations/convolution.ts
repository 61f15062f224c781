import { columnSum } from '../../kernels/columnSum.ts'
import type { ConvShape } from '../../kernels/shapes.ts'
import { weightSplits } from '../../kernels/conv2d.ts'
import { convProblem } from '../../kernels/convProblem.ts'
import { epilogueFlops, type Epilogue } from '../../kernels/epilogue.ts'
import { outputSize } from '../../kernels/shapes.ts'
import { elements, type Operation, type Value } from '../graph.ts'
import { biasGradient, forwardEpilogue } from './linear.ts'

/** How a convolution walks over its images, as the layer says. */
interface Attributes {
  stride: number
  padding: number
  dilation: number
  groups: number
  epilogue?: Epilogue
}
const read = (attributes: Record<string, unknown>) => attributes as unknown as Attributes

/** Images x [batch, channels, height, width], weight [filters, channels / groups, kernel, kernel]. */
function shapeOf(x: Value, weight: Value, attributes: Record<string, unknown>): ConvShape {
  const { stride, padding, dilation, groups } = read(attributes)
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const [filters, , kernel] = weight.shape as [number, number, number, number]
  return { batch, channels, height, width, filters, kernel, stride, padding, dilation, groups }
}

/** Products of one of a convolution's outputs. */
const tapsOf = (weight: Value) => elements(weight) / weight.shape[0]!

/** y = conv(x, weight) + bias. Inputs x, weight and, if there is one, bias; fusion may set `epilogue`, and add what normalises. */
export const conv2d: Operation = {
  shapes([x, weight], attributes) {
    const shape = shapeOf(x!, weight!, attributes)
    return [[shape.batch, shape.filters, ...outputSize(shape)]]
  },
  kernels({ inputs: [x, weight, ...others], outputs, attributes }, choose) {
    const kernel = choose(convProblem(shapeOf(x!, weight!, attributes), 'forward', forwardEpilogue(others, attributes)))
    return [{ kernel, values: [x!, weight!, ...outputs, ...others] }]
  },
  flops: ({ inputs: [, weight, ...others], outputs: [y], attributes }) =>
    elements(y!) * (2 * tapsOf(weight!) + epilogueFlops(forwardEpilogue(others, attributes))),
  derivative({ graph, node, outputGradient: dy, give, needs }) {
    const [x, weight, bias] = node.inputs as [Value, Value, Value?]
    const { stride, padding, dilation, groups } = read(node.attributes)
    const attributes = { stride, padding, dilation, groups }
    const dWeight = graph.gradientOf(weight)
    const splits = weightSplits(shapeOf(x, weight, attributes))
    const partial = splits > 1 ? [graph.value('saved', `${node.path}:splits`, [splits, elements(weight)])] : []
    graph.add('conv2dWeight', node.path, [dy, x], { ...attributes, weight }, [dWeight, ...partial])
    give(weight, dWeight)
    if (bias) give(bias, biasGradient(graph, node.path, dy, bias))
    if (needs(x)) give(x, graph.add('conv2dInput', node.path, [dy, weight], { ...attributes, x })[0]!)
  },
}

/** ∂L/∂weight. Inputs dy and x, attribute the weight; the second output holds partial sums where the sum is split. */
export const conv2dWeight: Operation = {
  shapes: () => [],
  kernels({ inputs: [dy, x], outputs: [dWeight, partial], attributes }, choose) {
    const weight = attributes['weight'] as Value
    const kernel = choose(convProblem(shapeOf(x!, weight, attributes), 'weight'))
    const call = { kernel, values: [dy!, x!, partial ?? dWeight!] }
    if (!partial) return [call]
    return [call, { kernel: columnSum(partial.shape[0]!, elements(weight)), values: [partial, dWeight!] }]
  },
  flops: ({ inputs: [dy], outputs: [, partial], attributes: { weight } }) =>
    2 * elements(dy!) * tapsOf(weight as Value) + (partial ? elements(partial) : 0),
}

/** ∂L/∂x. Inputs dy and weight, attribute x; fusion may set `epilogue` and a third input. */
export const conv2dInput: Operation = {
  shapes: (_, { x }) => [(x as Value).shape],
  kernels({ inputs: [dy, weight, saved], outputs, attributes }, choose) {
    const shape = shapeOf(attributes['x'] as Value, weight!, attributes)
    const kernel = choose(convProblem(shape, 'input', read(attributes).epilogue))
    return [{ kernel, values: [dy!, weight!, ...outputs, ...(saved ? [saved] : [])] }]
  },
  flops: ({ inputs: [dy, weight], outputs: [dx], attributes }) =>
    2 * elements(dy!) * tapsOf(weight!) + elements(dx!) * epilogueFlops(read(attributes).epilogue),
}
