import { globalAvgPool, globalAvgPoolDerivative, type PositionShape } from '../../kernels/globalPool.ts'
import { pool2d, pool2dDerivative, pooledSize, type Pooling, type PoolShape } from '../../kernels/pool2d.ts'
import { transpose } from '../../kernels/transpose.ts'
import { elements, type Operation, type Value } from '../graph.ts'

const imagesOf = (x: Value) => {
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  return { batch, channels, height, width }
}

function shapeOf(x: Value, attributes: Record<string, unknown>): PoolShape {
  const { size, stride, padding } = attributes as { size: number; stride: number; padding: number }
  return { ...imagesOf(x), size, stride, padding }
}
const poolingOf = (attributes: Record<string, unknown>) => attributes['pooling'] as Pooling

/** Windows of images; `max` saves which tap each output is. */
export const pool: Operation = {
  shapes([x], attributes) {
    const shape = [x!.shape[0]!, x!.shape[1]!, ...pooledSize(shapeOf(x!, attributes))]
    return poolingOf(attributes) === 'max' ? [shape, shape] : [shape]
  },
  kernels: ({ inputs: [x], outputs, attributes }) => [
    { kernel: pool2d(poolingOf(attributes), shapeOf(x!, attributes)), values: [x!, ...outputs] },
  ],
  flops: ({ outputs: [y], attributes }) => elements(y!) * (attributes['size'] as number) ** 2,
  derivative({ graph, node: { path, inputs, outputs, attributes }, outputGradient, give, needs }) {
    const x = inputs[0]!
    if (needs(x)) give(x, graph.add('poolDerivative', path, [outputGradient, ...outputs.slice(1)], { ...attributes, x })[0]!)
  },
}

/** Inputs dy and, of `max`, the taps; attribute x. */
export const poolDerivative: Operation = {
  shapes: (_, { x }) => [(x as Value).shape],
  kernels({ inputs: [dy, ...taps], outputs: [dx], attributes }) {
    const kernel = pool2dDerivative(poolingOf(attributes), shapeOf(attributes['x'] as Value, attributes))
    return [{ kernel, values: [dy!, dx!, ...taps] }]
  },
  // each gradient goes to the largest of a window, or to all
  flops: ({ inputs: [dy], attributes }) => elements(dy!) * (poolingOf(attributes) === 'max' ? 1 : (attributes['size'] as number) ** 2),
}

const positionsOf = (x: Value): PositionShape => {
  const { batch, channels, height, width } = imagesOf(x)
  return { batch, positions: height * width, channels }
}

/** [batch, channels, height, width] → [batch, channels], the means. */
export const globalPool: Operation = {
  shapes: ([x]) => [x!.shape.slice(0, 2)],
  kernels: ({ inputs: [x], outputs: [y] }) => [{ kernel: globalAvgPool(positionsOf(x!)), values: [x!, y!] }],
  flops: ({ inputs: [x] }) => elements(x!),
  derivative({ graph, node, outputGradient, give, needs }) {
    const x = node.inputs[0]!
    if (needs(x)) give(x, graph.add('globalPoolDerivative', node.path, [outputGradient], { x })[0]!)
  },
}

export const globalPoolDerivative: Operation = {
  shapes: (_, { x }) => [(x as Value).shape],
  kernels: ({ inputs: [dy], outputs: [dx], attributes: { x } }) => [
    { kernel: globalAvgPoolDerivative(positionsOf(x as Value)), values: [dy!, dx!] },
  ],
  flops: ({ outputs: [dx] }) => elements(dx!),
}

/** Images to rows of features, channels first, as PyTorch counts them. */
export const flatten: Operation = {
  shapes: ([x]) => [[x!.shape[0]!, elements(x!) / x!.shape[0]!]],
  kernels({ inputs: [x], outputs: [y] }) {
    const { batch, positions, channels } = positionsOf(x!)
    return [{ kernel: transpose(batch, positions, channels), values: [x!, y!] }]
  },
  flops: () => 0,
  derivative({ graph, node, outputGradient, give, needs }) {
    const x = node.inputs[0]!
    if (needs(x)) give(x, graph.add('flattenDerivative', node.path, [outputGradient], { x })[0]!)
  },
}

export const flattenDerivative: Operation = {
  shapes: (_, { x }) => [(x as Value).shape],
  kernels({ inputs: [dy], outputs: [dx], attributes: { x } }) {
    const { batch, positions, channels } = positionsOf(x as Value)
    return [{ kernel: transpose(batch, channels, positions), values: [dy!, dx!] }]
  },
  flops: () => 0,
}
