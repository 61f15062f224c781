import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromMemory, images, toMemory } from '../../src/graph/layout.ts'
import { outputSize, type ConvShape } from '../../src/kernels/shapes.ts'
import { conv2d, conv2dWeight, weightSplits, type ConvTile } from '../../src/kernels/conv2d.ts'
import { plainTile } from '../../src/kernels/matmulVariants.ts'
import * as reference from '../../src/kernels/reference/conv2d.ts'
import { lanesOf } from '../../src/kernels/adapter.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

export const plain = { batch: 2, channels: 4, height: 6, width: 7, filters: 8, kernel: 3, stride: 1, padding: 1, dilation: 1, groups: 1 }
/** Odd in every way that a convolution has: the first eight are small. */
const shapes: ConvShape[] = [
  plain,
  { ...plain, channels: 1, filters: 6, kernel: 5, padding: 2, height: 9, width: 9 },
  { ...plain, channels: 3, filters: 6, stride: 2, padding: 2, dilation: 2, height: 13, width: 11 },
  { ...plain, channels: 6, filters: 6, groups: 3, padding: 0 },
  { ...plain, channels: 8, filters: 16, groups: 2 },
  { ...plain, channels: 5, filters: 5, groups: 5 },
  { ...plain, channels: 16, filters: 12, kernel: 1, padding: 0, stride: 2 },
  { ...plain, channels: 8, filters: 8, stride: 2, height: 9, width: 8 },
  { ...plain, channels: 4, filters: 4, kernel: 5, stride: 3, dilation: 2, padding: 4, height: 11, width: 10 },
  { ...plain, channels: 4, filters: 4, stride: 2, dilation: 2, padding: 1, height: 11, width: 10 },
  { ...plain, channels: 5, filters: 7, kernel: 4, padding: 3, batch: 3 },
  { ...plain, batch: 40, height: 16, width: 16, channels: 3, filters: 4 },
]

function sizes(shape: ConvShape) {
  const { batch, channels, height, width, filters, kernel, groups } = shape
  const [outHeight, outWidth] = outputSize(shape)
  return {
    x: [batch, channels, height, width],
    weight: [filters, channels / groups, kernel, kernel],
    y: [batch, filters, outHeight, outWidth],
  }
}
const count = (shape: number[]) => shape.reduce((product, n) => product * n, 1)
const tolerance = 1e-6

const nameOf = ({ batch, channels, height, width, filters, kernel, stride, padding, dilation, groups }: ConvShape) =>
  `${batch}×${channels}×${height}×${width}, ${filters} filters of ${kernel}, stride ${stride}, padding ${padding}, dilation ${dilation}, groups ${groups}`

async function holds(bench: Bench, shape: ConvShape, variant?: ConvTile): Promise<void> {
  const size = sizes(shape)
  const [x, weight, dy] = [randomNumbers(count(size.x)), randomNumbers(count(size.weight), 1, 0, 2), randomNumbers(count(size.y), 1, 0, 3)]
  const at = { x: toMemory(x, images(size.x)), weight: toMemory(weight, images(size.weight)), dy: toMemory(dy, images(size.y)) }
  const [y] = await runKernel(bench, conv2d(shape, 'forward', {}, variant), [at.x, at.weight, unwritten(dy.length)])
  expectClose(fromMemory(new Float32Array(y!), images(size.y)), reference.conv2d(x, weight, shape), tolerance, 10)
  const { dx, dWeight } = reference.conv2dDerivatives(x, weight, dy, shape)
  const [gotDx] = await runKernel(bench, conv2d(shape, 'input', {}, variant), [at.dy, at.weight, unwritten(x.length)])
  expectClose(fromMemory(new Float32Array(gotDx!), images(size.x)), dx, tolerance, 10)
  const splits = weightSplits(shape)
  const [parts] = await runKernel(bench, conv2dWeight(shape, variant), [at.dy, at.x, unwritten(splits * weight.length)])
  const sum = new Float32Array(weight.length)
  parts!.forEach((value, i) => (sum[i % weight.length]! += value))
  expectClose(fromMemory(sum, images(size.weight)), dWeight, tolerance, 100)
}

/** What `npm test` keeps: a plain shape, one in groups that are not its channels, odd strides and dilations, a kernel of 1, many images. */
export const ofEachKind = (shape: ConvShape): boolean => [0, 2, 4, 6, 11].includes(shapes.indexOf(shape))
/** Their tiles take seconds to compile. */
export const ofEachSharing = (shape: ConvShape): boolean => [0, 4].includes(shapes.indexOf(shape))

/** A test for each of these shapes, and for each where lanes share what they read. */
export function testShapes(forward: (shape: ConvShape) => boolean, sharing: (shape: ConvShape) => boolean): void {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench.gpu.destroy())

  test.each(shapes.filter(forward).map((shape) => [nameOf(shape), shape] as const))(
    '%s: forward and both derivatives',
    async (_, shape) => {
      await expect(holds(bench, shape)).resolves.toBeUndefined()
      await expect(holds(bench, shape, { ...plainTile, sized: true })).resolves.toBeUndefined()
    },
  )

  // One that shares and one that does not, small: the tuner checks the large ones where it tries them.
  test.each(
    shapes
      .slice(0, 8)
      .filter(sharing)
      .map((shape) => [nameOf(shape), shape] as const),
  )('%s: lanes that share', async (_, shape) => {
    const { subgroups, size } = lanesOf(bench.gpu)
    for (const sized of [true, false]) {
      const tile = { kind: 'registers', rows: 8, columns: 4, depth: 4, sized } as const
      await expect(holds(bench, shape, { ...tile, threads: [4, 2] })).resolves.toBeUndefined()
      if (subgroups && size) await holds(bench, shape, { ...tile, rows: 16, threads: [size, 1], share: size === 4 ? 'quad' : size })
    }
  })
}
