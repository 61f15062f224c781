import { globalAvgPool, globalAvgPoolDerivative, type PositionShape } from '../../kernels/globalPool.ts'
import { pool2d, pool2dDerivative, pooledSize, type Pooling, type PoolShape } from '../../kernels/pool2d.ts'
import { transpose } from '../../kernels/transpose.ts'
import { columnsOf, defineOperation, elements, rowsOf, type Value } from '../graph.ts'

interface Windows {
  pooling: Pooling
  size: number
  stride: number
  padding: number
}

const imagesOf = ({ shape }: Pick<Value, 'shape'>) => {
  const [batch, channels, height, width] = shape as [number, number, number, number]
  return { batch, channels, height, width }
}
const shapeOf = (x: Value, { size, stride, padding }: Windows): PoolShape => ({ ...imagesOf(x), size, stride, padding })

/** Windows of images; `max` saves which tap each output is. */
export const pool = defineOperation<Windows, { x: Value }, { y: Value; taps?: Value }>({
  name: 'pool',
  shapes({ x }, windows) {
    const shape = [x.shape[0]!, x.shape[1]!, ...pooledSize(shapeOf(x, windows))]
    const y = { shape, layout: 'images' as const }
    return { y, ...(windows.pooling === 'max' && { taps: y }) }
  },
  kernels: ({ inputs: { x }, outputs: { y, taps }, attributes }) => [
    { kernel: pool2d(attributes.pooling, shapeOf(x, attributes)), values: [x, y, ...(taps ? [taps] : [])] },
  ],
  flops: ({ outputs: { y }, attributes: { size } }) => elements(y) * size ** 2,
  derivative({ graph, path, inputs: { x }, outputs: { taps }, attributes, dy, give, needs }) {
    const inputs = { dy, ...(taps && { taps }) }
    if (needs(x)) give(x, graph.add(poolDerivative, path, inputs, { pooling: attributes.pooling, of: shapeOf(x, attributes) }).dx)
  },
})

interface Pooled {
  pooling: Pooling
  of: PoolShape
}

export const poolDerivative = defineOperation<Pooled, { dy: Value; taps?: Value }, { dx: Value }>({
  name: 'poolDerivative',
  shapes: (_, { of: { batch, channels, height, width } }) => ({ dx: { shape: [batch, channels, height, width], layout: 'images' } }),
  kernels: ({ inputs: { dy, taps }, outputs: { dx }, attributes: { pooling, of } }) => [
    { kernel: pool2dDerivative(pooling, of), values: [dy, dx, ...(taps ? [taps] : [])] },
  ],
  // each gradient goes to the largest of a window, or to all
  flops: ({ inputs: { dy }, attributes: { pooling, of } }) => elements(dy) * (pooling === 'max' ? 1 : of.size ** 2),
})

const positionsOf = (x: Pick<Value, 'shape'>): PositionShape => {
  const { batch, channels, height, width } = imagesOf(x)
  return { batch, positions: height * width, channels }
}

/** [batch, channels, height, width] → [batch, channels], the means. */
export const globalPool = defineOperation<object, { x: Value }, { y: Value }>({
  name: 'globalPool',
  shapes: ({ x }) => ({ y: { shape: x.shape.slice(0, 2) } }),
  kernels: ({ inputs: { x }, outputs: { y } }) => [{ kernel: globalAvgPool(positionsOf(x)), values: [x, y] }],
  flops: ({ inputs: { x } }) => elements(x),
  derivative({ graph, path, inputs: { x }, dy, give, needs }) {
    if (needs(x)) give(x, graph.add(globalPoolDerivative, path, { dy }, { shape: x.shape }).dx)
  },
})

/** Of images of this shape. */
type OfImages = Pick<Value, 'shape'>

export const globalPoolDerivative = defineOperation<OfImages, { dy: Value }, { dx: Value }>({
  name: 'globalPoolDerivative',
  shapes: (_, { shape }) => ({ dx: { shape, layout: 'images' } }),
  kernels: ({ inputs: { dy }, outputs: { dx }, attributes }) => [
    { kernel: globalAvgPoolDerivative(positionsOf(attributes)), values: [dy, dx] },
  ],
  flops: ({ outputs: { dx } }) => elements(dx),
})

/** Images to rows of features, channels first, as PyTorch counts them. */
export const flatten = defineOperation<object, { x: Value }, { y: Value }>({
  name: 'flatten',
  shapes: ({ x }) => ({ y: { shape: [rowsOf(x), columnsOf(x)] } }),
  kernels({ inputs: { x }, outputs: { y } }) {
    const { batch, positions, channels } = positionsOf(x)
    return [{ kernel: transpose(batch, positions, channels), values: [x, y] }]
  },
  flops: () => 0,
  derivative({ graph, path, inputs: { x }, dy, give, needs }) {
    if (needs(x)) give(x, graph.add(flattenDerivative, path, { dy }, { shape: x.shape }).dx)
  },
})

export const flattenDerivative = defineOperation<OfImages, { dy: Value }, { dx: Value }>({
  name: 'flattenDerivative',
  shapes: (_, { shape }) => ({ dx: { shape, layout: 'images' } }),
  kernels({ inputs: { dy }, outputs: { dx }, attributes }) {
    const { batch, positions, channels } = positionsOf(attributes)
    return [{ kernel: transpose(batch, channels, positions), values: [dy, dx] }]
  },
  flops: () => 0,
})
