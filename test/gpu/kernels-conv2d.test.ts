import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromMemory, toMemory } from '../../src/graph/layout.ts'
import { conv2d, conv2dWeight, weightSplits, type ConvPass, type ConvShape, type ConvTile } from '../../src/kernels/conv2d.ts'
import { convProblem } from '../../src/kernels/convProblem.ts'
import type { Epilogue } from '../../src/kernels/epilogue.ts'
import { plainTile } from '../../src/kernels/matmulVariants.ts'
import * as reference from '../../src/kernels/reference/conv2d.ts'
import { Trial } from '../../src/kernels/trial.ts'
import { adapterKindOf, lanesOf } from '../../src/kernels/tuner.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const plain = { batch: 2, channels: 4, height: 6, width: 7, filters: 8, kernel: 3, stride: 1, padding: 1, dilation: 1, groups: 1 }
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
  const [outHeight, outWidth] = reference.outputSize(shape)
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

async function holds(shape: ConvShape, variant?: ConvTile) {
  const size = sizes(shape)
  const [x, weight, dy] = [randomNumbers(count(size.x)), randomNumbers(count(size.weight), 1, 0, 2), randomNumbers(count(size.y), 1, 0, 3)]
  const at = { x: toMemory(x, size.x), weight: toMemory(weight, size.weight), dy: toMemory(dy, size.y) }
  const [y] = await runKernel(bench, conv2d(shape, 'forward', {}, variant), [at.x, at.weight, unwritten(dy.length)])
  expectClose(fromMemory(new Float32Array(y!), size.y), reference.conv2d(x, weight, shape), tolerance, 10)
  const { dx, dWeight } = reference.conv2dDerivatives(x, weight, dy, shape)
  const [gotDx] = await runKernel(bench, conv2d(shape, 'input', {}, variant), [at.dy, at.weight, unwritten(x.length)])
  expectClose(fromMemory(new Float32Array(gotDx!), size.x), dx, tolerance, 10)
  const splits = weightSplits(shape)
  const [parts] = await runKernel(bench, conv2dWeight(shape, variant), [at.dy, at.x, unwritten(splits * weight.length)])
  const sum = new Float32Array(weight.length)
  parts!.forEach((value, i) => (sum[i % weight.length]! += value))
  expectClose(fromMemory(sum, size.weight), dWeight, tolerance, 100)
}

test.each(shapes.map((shape) => [nameOf(shape), shape] as const))('%s: forward and both derivatives', async (_, shape) => {
  await expect(holds(shape)).resolves.toBeUndefined()
  await expect(holds(shape, { ...plainTile, sized: true })).resolves.toBeUndefined()
})

// One that shares and one that does not, small: the tuner checks the large ones where it tries them.
test.each(shapes.slice(0, 8).map((shape) => [nameOf(shape), shape] as const))('%s: lanes that share', async (_, shape) => {
  const { subgroups, size } = lanesOf(bench.gpu)
  for (const sized of [true, false]) {
    const tile = { kind: 'registers', rows: 8, columns: 4, depth: 4, sized } as const
    await expect(holds(shape, { ...tile, threads: [4, 2] })).resolves.toBeUndefined()
    if (subgroups && size) await holds(shape, { ...tile, rows: 16, threads: [size, 1], share: size === 4 ? 'quad' : size })
  }
})

// Every end of a product, on the sample by which the tuner checks it.
const shape = { ...plain, channels: 8, filters: 12 }
const ends: [string, ConvPass, Epilogue][] = [
  ['bias and activation', 'forward', { bias: true, activation: 'tanh' }],
  ['bias, normalisation and activation', 'forward', { bias: true, normalize: 1e-5, activation: 'relu' }],
  ['normalisation', 'forward', { normalize: 1e-3 }],
  ['derivative', 'input', { derivative: 'elu', parameter: 0.7 }],
  ['derivative, with what stood before it', 'input', { derivative: 'tanh', keep: true }],
  ['derivative, with a part of what stood before it', 'input', { derivative: 'tanh', keep: true, keptRows: 42 }],
]
test.each(ends)('%s', async (_, pass, epilogue) => {
  for (const one of [shape, { ...shape, filters: 10, groups: 2 }]) {
    const problem = convProblem(one, pass, epilogue)
    const trial = new Trial(bench.gpu, bench.pipelines, problem)
    for (const candidate of [problem.plain, ...problem.candidates(adapterKindOf(bench.gpu, []))])
      expect(await trial.run(candidate, false), `${problem.name} ${candidate.name}`).toEqual({ milliseconds: null })
    trial.release()
  }
})

test('more tiles than a dimension has workgroups', async () => {
  const large = { ...plain, batch: 1, channels: 1, height: 1030, width: 1030, filters: 1, kernel: 1, padding: 0 }
  const kernel = conv2d(large, 'forward')
  expect(kernel.workgroups[2]).toBe(2)
  const x = randomNumbers(1030 * 1030)
  const [y] = await runKernel(bench, kernel, [x, Float32Array.of(2), unwritten(x.length)])
  expect(y!.every((value, i) => value === 2 * x[i]!)).toBe(true)
})

test('what stood before the end is stored for the first rows alone', async () => {
  const [dy, weight, saved] = [randomNumbers(2 * 42 * 12), randomNumbers(12 * 9 * 8, 1, 0, 2), randomNumbers(2 * 42 * 8, 1, 0, 3)]
  const [plainDx] = await runKernel(bench, conv2d(shape, 'input'), [dy, weight, unwritten(2 * 42 * 8)])
  const kernel = conv2d(shape, 'input', { derivative: 'tanh', keep: true, keptRows: 42 })
  const [dx, kept] = await runKernel(bench, kernel, [dy, weight, unwritten(2 * 42 * 8), unwritten(42 * 8), saved])
  expect(kept).toEqual(plainDx!.slice(0, 42 * 8))
  expectClose(
    dx!,
    plainDx!.map((value, i) => value * (1 - saved[i]! ** 2)),
    1e-6,
    1,
  )
})
