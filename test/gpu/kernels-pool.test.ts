import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromMemory, images, toMemory } from '../../src/graph/layout.ts'
import { globalAvgPool, globalAvgPoolDerivative } from '../../src/kernels/globalPool.ts'
import { pool2d, pool2dDerivative, pooledSize, type Pooling, type PoolShape } from '../../src/kernels/pool2d.ts'
import { pool } from '../../src/kernels/reference/pool2d.ts'
import { transpose } from '../../src/kernels/transpose.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

type Floats = Float32Array<ArrayBuffer>
const small = { batch: 2, channels: 4, height: 6, width: 7, size: 2, stride: 2, padding: 0 }
const shapes: [Pooling, PoolShape][] = [
  ['max', small],
  ['max', { ...small, channels: 3, size: 3, stride: 1, padding: 1 }],
  ['max', { ...small, channels: 8, size: 3, stride: 2, padding: 1, height: 9 }],
  ['average', small],
  ['average', { ...small, channels: 5, size: 3, stride: 2, height: 8 }],
  ['average', { ...small, channels: 8, size: 4, stride: 1 }],
]
const spread = (places: number[][], dy: ArrayLike<number>, length: number) => {
  const dx = new Float64Array(length)
  places.forEach((from, at) => from.forEach((place) => (dx[place]! += dy[at]! / from.length)))
  return dx
}

test.each(shapes)('%s pooling of %o, and its derivative', async (pooling, shape) => {
  const { batch, channels, height, width } = shape
  const [outHeight, outWidth] = pooledSize(shape)
  const [inner, outer] = [[batch, channels, height, width] as const, [batch, channels, outHeight, outWidth] as const]
  const count = batch * channels * outHeight * outWidth
  // Few different numbers, so that windows hold equal ones
  const x = randomNumbers(batch * channels * height * width, 2).map(Math.round) as Floats
  const { output, places } = pool(x, { ...shape, images: batch * channels }, pooling)
  const taps = pooling === 'max' ? [new Uint32Array(count)] : []
  const [y, kept] = await runKernel(bench, pool2d(pooling, shape), [toMemory(x, images(inner)), unwritten(count), ...taps])
  expectClose(fromMemory(new Float32Array(y!), images(outer)), output, 1e-6, 1)
  const dy = randomNumbers(count, 1, 0, 2)
  const buffers = [toMemory(dy, images(outer)), unwritten(x.length), ...(kept ? [kept as unknown as Uint32Array<ArrayBuffer>] : [])]
  const [dx] = await runKernel(bench, pool2dDerivative(pooling, shape), buffers)
  expectClose(fromMemory(new Float32Array(dx!), images(inner)), spread(places, dy, x.length), 1e-6, 1)
})

test('a NaN in a window is the largest', async () => {
  const x = randomNumbers(16, 1)
  x[5] = NaN
  const shape = { batch: 1, channels: 1, height: 4, width: 4, size: 2, stride: 2, padding: 0 }
  const [y] = await runKernel(bench, pool2d('max', shape), [x, unwritten(4), new Uint32Array(4)])
  expect(Array.from(y!, Number.isNaN)).toEqual([true, false, false, false])
})

test.each([
  [1, 1, 1],
  [3, 49, 5],
  [2, 64, 16],
])('global average pooling of [%i, %i, %i], and its derivative', async (batch, positions, channels) => {
  const x = randomNumbers(batch * positions * channels, 1, 1)
  const [y] = await runKernel(bench, globalAvgPool({ batch, positions, channels }), [x, unwritten(batch * channels)])
  const mean = (b: number, c: number) =>
    Array.from({ length: positions }, (_, p) => x[(b * positions + p) * channels + c]!).reduce((a, v) => a + v) / positions
  const places = Array.from({ length: batch * channels }, (_, i) => [Math.floor(i / channels), i % channels] as const)
  expectClose(
    y!,
    places.map(([b, c]) => mean(b, c)),
    1e-6,
    1,
  )
  const dy = randomNumbers(batch * channels, 1, 0, 2)
  const [dx] = await runKernel(bench, globalAvgPoolDerivative({ batch, positions, channels }), [dy, unwritten(x.length)])
  const expected = Float64Array.from(x, (_, i) => dy[Math.floor(i / (positions * channels)) * channels + (i % channels)]! / positions)
  expectClose(dx!, expected, 1e-6)
})

test('transpose turns each matrix of a batch', async () => {
  const x = randomNumbers(2 * 3 * 5)
  const [y] = await runKernel(bench, transpose(2, 3, 5), [x, unwritten(30)])
  expect(Array.from(y!)).toEqual(Array.from({ length: 30 }, (_, i) => x[Math.floor(i / 15) * 15 + (i % 3) * 5 + (Math.floor(i / 3) % 5)]!))
})
