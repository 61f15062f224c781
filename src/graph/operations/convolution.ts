import { columnSum } from '../../kernels/columnSum.ts'
import { weightSplits } from '../../kernels/conv2d.ts'
import { convProblem } from '../../kernels/convProblem.ts'
import { epilogueFlops } from '../../kernels/epilogue.ts'
import { outputSize, type ConvShape } from '../../kernels/shapes.ts'
import { defineOperation, elements, type Value } from '../graph.ts'
import { epilogueOf, finishValues, type Finish, type FinishInputs, type FinishOutputs } from './finish.ts'
import { biasGradient } from './linear.ts'

/** How a convolution walks over its images, as the layer says. */
interface Walk {
  stride: number
  padding: number
  dilation: number
  groups: number
}

/** Images x [batch, channels, height, width], weight [filters, channels / groups, kernel, kernel]. */
function shapeOf(x: Value, weight: Value, { stride, padding, dilation, groups }: Walk): ConvShape {
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const [filters, , kernel] = weight.shape as [number, number, number, number]
  return { batch, channels, height, width, filters, kernel, stride, padding, dilation, groups }
}

/** Products of one of a convolution's outputs. */
const tapsOf = ({ channels, groups, kernel }: ConvShape) => (channels / groups) * kernel ** 2

/** y = conv(x, weight) + bias. */
export const conv2d = defineOperation<Walk & Finish, FinishInputs & { x: Value; weight: Value }, FinishOutputs & { y: Value }>({
  name: 'conv2d',
  shapes({ x, weight }, walk) {
    const shape = shapeOf(x, weight, walk)
    return { y: { shape: [shape.batch, shape.filters, ...outputSize(shape)], layout: 'images' } }
  },
  kernels({ inputs: { x, weight, ...others }, outputs: { y, ...kept }, attributes }, choose) {
    const kernel = choose(convProblem(shapeOf(x, weight, attributes), 'forward', epilogueOf(attributes, others)))
    return [{ kernel, values: [x, weight, y, ...finishValues(kept, others)] }]
  },
  flops: ({ inputs: { x, weight, ...others }, outputs: { y }, attributes }) =>
    elements(y) * (2 * tapsOf(shapeOf(x, weight, attributes)) + epilogueFlops(epilogueOf(attributes, others))),
  derivative({ graph, path, inputs: { x, weight, bias }, attributes, dy, give, needs }) {
    const shape = shapeOf(x, weight, attributes)
    const splits = weightSplits(shape)
    const partial = splits > 1 ? { partial: graph.value('saved', `${path}:splits`, { shape: [splits, elements(weight)] }) } : {}
    give(weight, graph.add(conv2dWeight, path, { dy, x }, shape, { dWeight: graph.gradientOf(weight), ...partial }).dWeight)
    if (bias) give(bias, biasGradient(graph, path, dy, bias))
    if (needs(x)) give(x, graph.add(conv2dInput, path, { dy, weight }, { shape }).dx)
  },
})

/** ∂L/∂weight; `partial` holds partial sums where the sum is split. */
export const conv2dWeight = defineOperation<ConvShape, { dy: Value; x: Value }, { dWeight: Value; partial?: Value }>({
  name: 'conv2dWeight',
  shapes: () => ({}),
  kernels({ inputs: { dy, x }, outputs: { dWeight, partial }, attributes: shape }, choose) {
    const kernel = choose(convProblem(shape, 'weight'))
    const call = { kernel, values: [dy, x, partial ?? dWeight] }
    if (!partial) return [call]
    return [call, { kernel: columnSum(partial.shape[0]!, elements(dWeight)), values: [partial, dWeight] }]
  },
  flops: ({ inputs: { dy }, outputs: { partial }, attributes: shape }) =>
    2 * elements(dy) * tapsOf(shape) + (partial ? elements(partial) : 0),
})

interface Input extends Finish {
  shape: ConvShape
}

/** ∂L/∂x. */
export const conv2dInput = defineOperation<Input, Omit<FinishInputs, 'bias'> & { dy: Value; weight: Value }, FinishOutputs & { dx: Value }>(
  {
    name: 'conv2dInput',
    shapes: (_, { shape: { batch, channels, height, width } }) => ({ dx: { shape: [batch, channels, height, width], layout: 'images' } }),
    kernels({ inputs: { dy, weight, ...others }, outputs: { dx, ...kept }, attributes: { shape, epilogue } }, choose) {
      return [{ kernel: choose(convProblem(shape, 'input', epilogue)), values: [dy, weight, dx, ...finishValues(kept, others)] }]
    },
    flops: ({ inputs: { dy }, outputs: { dx }, attributes: { shape, epilogue } }) =>
      2 * elements(dy) * tapsOf(shape) + elements(dx) * epilogueFlops(epilogue),
  },
)
