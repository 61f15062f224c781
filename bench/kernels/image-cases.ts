import { images, toMemory } from '../../src/graph/layout.ts'
import type { Kernel } from '../../src/gpu/kernel.ts'
import {
  batchNormGradients,
  batchNormInput,
  batchNormNormalize,
  batchNormStatistics,
  spansOf,
  type ChannelShape,
} from '../../src/kernels/batchNorm.ts'
import { globalAvgPool } from '../../src/kernels/globalPool.ts'
import { pool2d, pool2dDerivative, pooledSize, type Pooling, type PoolShape } from '../../src/kernels/pool2d.ts'
import { batchNormApply, batchNormBackward, batchStatistics } from '../../src/kernels/reference/norm.ts'
import { pool } from '../../src/kernels/reference/pool2d.ts'
import { randomNumbers } from '../random.ts'
import type { Numbers } from '../workbench.ts'
import { memoryCase, unwritten, type NamedCase } from './kernel-case.ts'

/** Pooling and batchNorm: of LeNet-5's first layers, of a VGG block's end, of ResNet-20's first stage and its end; batchNorm over features besides. */
export function imageCases(): NamedCase[] {
  const halves = { size: 2, stride: 2, padding: 0 }
  const lenet = { ...halves, batch: 64, channels: 6, height: 28, width: 28 }
  const vgg = { ...halves, batch: 32, channels: 64, height: 32, width: 32 }
  const overlapping = { ...vgg, size: 3, padding: 1 }
  const resnet = { rows: 32, channels: 16, inner: 32 * 32 }
  return [
    pooling('average', lenet),
    poolingBackward('average', lenet),
    pooling('max', vgg),
    poolingBackward('max', vgg),
    pooling('max', overlapping),
    poolingBackward('max', overlapping),
    globalPooling(32, 64, 8),
    normalizing({ rows: 256, channels: 1024, inner: 1 }),
    normalizing(resnet),
    normalizingBackward(resnet),
  ]
}

const poolName = (kind: Pooling, { batch, channels, height, width, size, stride }: PoolShape, backward = '') =>
  `${kind === 'max' ? 'max' : 'avg'}Pool2d${backward}-${batch}x${channels}x${height}x${width}-${size}x${size}-stride${stride}`

/** Images as they lie in memory, what comes out in float64, and from which places. */
function pooled(kind: Pooling, shape: PoolShape) {
  const { batch, channels, height, width } = shape
  const x = randomNumbers(batch * channels * height * width, 1)
  const [inner, outer] = [
    [batch, channels, height, width],
    [batch, channels, ...pooledSize(shape)],
  ]
  const found = () => pool(x, { ...shape, images: batch * channels }, kind)
  return { x: toMemory(x, images(inner)), inner, outer, count: outer.reduce((product, n) => product * n, 1), found }
}

const pooling = (kind: Pooling, shape: PoolShape) =>
  memoryCase(poolName(kind, shape), () => {
    const { x, outer, count, found } = pooled(kind, shape)
    const output = unwritten(count)
    const taps = kind === 'max' ? [new Uint32Array(count)] : []
    return {
      operations: count * shape.size ** 2,
      bytes: 4 * (x.length + count * (1 + taps.length)),
      calls: [{ kernel: pool2d(kind, shape), buffers: [x, output, ...taps] }],
      output,
      expected: () => toMemory(Float32Array.from(found().output), images(outer)),
      tolerance: 1e-6,
    }
  })

/** Of `max`, with the taps that its forward pass keeps: the places of the largest within their windows. */
const poolingBackward = (kind: Pooling, shape: PoolShape) =>
  memoryCase(poolName(kind, shape, '-backward'), () => {
    const { x, inner, outer, count, found } = pooled(kind, shape)
    const { places } = found()
    const dy = randomNumbers(count, 2)
    const taps =
      kind === 'max'
        ? [
            toMemory(
              Float32Array.from(places, ([place], at) => tapOf(place!, at, shape)),
              images(outer),
            ),
          ]
        : []
    const output = unwritten(x.length)
    return {
      operations: kind === 'max' ? count : count * shape.size ** 2,
      bytes: 4 * (x.length + count * (1 + taps.length)),
      calls: [
        {
          kernel: pool2dDerivative(kind, shape),
          buffers: [toMemory(dy, images(outer)), output, ...taps.map((tap) => Uint32Array.from(tap))],
        },
      ],
      output,
      expected: () => {
        const dx = new Float32Array(x.length)
        places.forEach((from, at) => from.forEach((place) => (dx[place]! += dy[at]! / from.length)))
        return toMemory(dx, images(inner))
      },
      tolerance: 1e-6,
    }
  })

/** Which tap of window `at` the place of its image is, counted row by row. */
function tapOf(place: number, at: number, shape: PoolShape): number {
  const { height, width, size, stride, padding } = shape
  const [outHeight, outWidth] = pooledSize(shape)
  const [v, u] = [Math.floor(at / outWidth) % outHeight, at % outWidth]
  const [down, right] = [Math.floor(place / width) % height, place % width]
  return (down + padding - v * stride) * size + (right + padding - u * stride)
}

const globalPooling = (batch: number, channels: number, side: number) =>
  memoryCase(`globalAvgPool2d-${batch}x${channels}x${side}x${side}`, () => {
    const positions = side ** 2
    const [x, output] = [randomNumbers(batch * channels * positions, 1), unwritten(batch * channels)]
    return {
      operations: x.length,
      bytes: 4 * (x.length + output.length),
      calls: [{ kernel: globalAvgPool({ batch, positions, channels }), buffers: [x, output] }],
      output,
      expected: () => {
        const means = new Float64Array(output.length)
        x.forEach((value, at) => (means[Math.floor(at / (positions * channels)) * channels + (at % channels)]! += value / positions))
        return means
      },
      tolerance: 1e-5,
    }
  })

const eps = 1e-5
const normName = ({ rows, channels, inner }: ChannelShape, backward = '') =>
  `batchNorm${backward}-${rows}x${channels}${inner > 1 ? `x${Math.sqrt(inner)}x${Math.sqrt(inner)}` : ''}`

/** The calls of a sum over channels, which is split into spans where it is long. */
function inSpans([first, last]: readonly [Kernel, Kernel?], read: Numbers[], own: Numbers[], { rows, channels, inner }: ChannelShape) {
  if (!last) return [{ kernel: first, buffers: [...read, ...own] }]
  const spans = unwritten(spansOf({ rows, channels, inner }) * 2 * channels)
  return [
    { kernel: first, buffers: [...read, spans] },
    { kernel: last, buffers: [...read, ...own, spans] },
  ]
}

/** Rows `[rows, channels, inner]` with a channel's parameters, and how they lie in memory. */
function normed(shape: ChannelShape) {
  const { rows, channels, inner } = shape
  const x = randomNumbers(rows * channels * inner, 1, 2)
  const [weight, bias] = [randomNumbers(channels, 2), randomNumbers(channels, 3)]
  return { x, weight, bias, memory: (values: Float32Array<ArrayBuffer>) => toMemory(values, images([rows, channels, inner, 1])) }
}

const normalizing = (shape: ChannelShape) =>
  memoryCase(normName(shape), () => {
    const { rows, channels } = shape
    const { x, weight, bias, memory } = normed(shape)
    const [statistics, output] = [unwritten(2 * channels), unwritten(x.length)]
    const running = [new Float32Array(channels), new Float32Array(channels).fill(1)]
    const images = memory(x)
    return {
      operations: 8 * x.length,
      bytes: 8 * x.length,
      calls: [
        ...inSpans(batchNormStatistics(shape, { eps, momentum: 0.1 }), [images], [statistics, ...running], shape),
        { kernel: batchNormNormalize(shape), buffers: [images, statistics, weight, bias, output] },
      ],
      step: { batchCount: rows },
      output,
      expected: () => {
        const { mean, variance } = batchStatistics(x, { ...shape, eps })
        return memory(Float32Array.from(batchNormApply(x, weight, bias, mean, variance, { ...shape, eps })))
      },
      tolerance: 1e-5,
    }
  })

/** The gradients of weight and bias, and with them that of the input. */
const normalizingBackward = (shape: ChannelShape) =>
  memoryCase(normName(shape, '-backward'), () => {
    const { rows, channels } = shape
    const { x, weight, memory } = normed(shape)
    const dy = randomNumbers(x.length, 4)
    const { mean, variance } = batchStatistics(x, { ...shape, eps })
    const statistics = Float32Array.of(...mean, ...Array.from(variance, (value) => 1 / Math.sqrt(value + eps)))
    const [images, slopes, output] = [memory(x), memory(dy), unwritten(x.length)]
    const gradients = [unwritten(channels), unwritten(channels)]
    return {
      operations: 12 * x.length,
      bytes: 12 * x.length,
      calls: [
        ...inSpans(batchNormGradients(shape), [images, slopes, statistics], gradients, shape),
        { kernel: batchNormInput(shape), buffers: [images, slopes, statistics, weight, ...gradients, output] },
      ],
      step: { batchCount: rows },
      output,
      expected: () => memory(Float32Array.from(batchNormBackward(dy, x, weight, mean, variance, { ...shape, eps }).input)),
      tolerance: 1e-5,
    }
  })
