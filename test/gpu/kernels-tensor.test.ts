import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accumulate, add } from '../../src/kernels/add.ts'
import { columnSum } from '../../src/kernels/columnSum.ts'
import { columnSums } from '../../src/kernels/columnSums.ts'
import { copyColumns } from '../../src/kernels/copyColumns.ts'
import { gradientNorm } from '../../src/kernels/gradientNorm.ts'
import { formulaOf } from '../../src/model/catalogue/activations.ts'
import * as reference from '../../src/kernels/reference/join.ts'
import { mean, norm, sum as referenceSum } from '../../src/kernels/reference/statistics.ts'
import { sum } from '../../src/kernels/sum.ts'
import { expectClose, openBench, randomNumbers, runKernel, runKernels, unwritten, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

test.each([
  [1, 1],
  [7, 129],
  [128, 257],
  [511, 3],
  [512, 5],
  [3001, 17],
])('columnSum of %i × %i', async (rows, columns) => {
  const x = randomNumbers(rows * columns)
  const expected = Array.from({ length: columns }, (_, c) => referenceSum(x.filter((value, i) => i % columns === c)))
  const [sums] = await runKernel(bench, columnSum(rows, columns), [x, unwritten(columns)])
  expectClose(sums!, expected, 1e-6, Math.sqrt(rows))
})

test('columnSums of several matrices: the same bits as one by one', async () => {
  const [rows, columns] = [37, [64, 1, 130, 10]]
  const matrices = columns.map((count, i) => randomNumbers(rows * count, 1, 0, i + 1))
  const alone = await Promise.all(
    matrices.map(async (x, i) => (await runKernel(bench, columnSum(rows, columns[i]!), [x, unwritten(columns[i]!)]))[0]!),
  )
  const buffers = matrices.flatMap((x, i) => [x, unwritten(columns[i]!)])
  expect(await runKernel(bench, columnSums(rows, columns), buffers)).toEqual(alone)
})

test.each([1, 64, 257])('add and accumulate %i', async (count) => {
  const [a, b] = [randomNumbers(count), randomNumbers(count, 1, 0, 2)]
  const expected = Float32Array.from(reference.add(a, b))
  expect(await runKernel(bench, add(count), [a, b, unwritten(count)])).toEqual([expected])
  expect(await runKernel(bench, accumulate(count), [a, b])).toEqual([expected])
})

test.each([64, 257])('add %i with what follows it', async (count) => {
  const [a, b, saved] = [randomNumbers(count), randomNumbers(count, 1, 0, 2), randomNumbers(count, 1, 0, 3)]
  const sums = reference.add(a, b)
  const { forward, derivative } = formulaOf('elu', 0.7)
  const after = { activation: 'elu', parameter: 0.7 }
  const [activated, kept] = await runKernel(bench, add(count, { ...after, keep: true }), [a, b, unwritten(count), unwritten(count)])
  expectClose(activated!, sums.map(forward), 1e-6, 1)
  expect(kept).toEqual(Float32Array.from(sums))
  const [alone] = await runKernel(bench, add(count, after), [a, b, unwritten(count)])
  expect(alone).toEqual(activated)
  const back = { derivative: 'elu', parameter: 0.7 }
  const [multiplied] = await runKernel(bench, add(count, back), [a, b, unwritten(count), saved])
  expectClose(
    multiplied!,
    sums.map((value, i) => value * derivative(saved[i]!)),
    1e-6,
    1,
  )
  const [again, keptToo] = await runKernel(bench, add(count, { ...back, keep: true }), [a, b, unwritten(count), unwritten(count), saved])
  expect(again).toEqual(multiplied)
  expect(keptToo).toEqual(kept)
})

describe.each([[[3, 1, 8]], [[4, 8, 12]]])('copyColumns of %j columns', (widths) => {
  const rows = 17
  const total = widths.reduce((sum, width) => sum + width, 0)
  const parts = widths.map((width, i) => randomNumbers(rows * width, 1, 0, i + 1))
  const joined = Float32Array.from(reference.concat(parts, rows, widths))
  const firsts = [0, widths[0]!, widths[0]! + widths[1]!]

  test('joins branches', async () => {
    const result = unwritten(rows * total)
    const calls = parts.map((part, i) => ({
      kernel: copyColumns({ rows, count: widths[i]!, fromColumns: widths[i]!, fromFirst: 0, toColumns: total, toFirst: firsts[i]! }),
      buffers: [part, result],
    }))
    expect(await runKernels(bench, calls)).toEqual([joined])
  })

  test('takes them apart again, and adds where asked', async () => {
    for (const [i, width] of widths.entries()) {
      const copy = { rows, count: width, fromColumns: total, fromFirst: firsts[i]!, toColumns: width, toFirst: 0 }
      expect(await runKernel(bench, copyColumns(copy), [joined, unwritten(rows * width)])).toEqual([parts[i]!])
      const added = await runKernel(bench, copyColumns({ ...copy, accumulate: true }), [joined, new Float32Array(rows * width).fill(1)])
      expect(added).toEqual([parts[i]!.map((value) => value + 1)])
    }
  })
})

describe('gradientNorm', () => {
  const run = async (gradient: Float32Array<ArrayBuffer>, clipNorm: number) => {
    const partials = unwritten(gradientNorm.partialBytes / 4)
    const [first, second] = gradientNorm.kernels(gradient.length)
    const calls = [
      { kernel: first, buffers: [gradient, partials] },
      { kernel: second, buffers: [partials, unwritten(4)] },
    ]
    return Array.from((await runKernels(bench, calls, { clipNorm }))[0]!)
  }

  test.each([4, 64, 1028, 65_600])('of %i numbers', async (count) => {
    const gradient = randomNumbers(count)
    const expected = norm(gradient)
    expectClose(await run(gradient, 0), [expected, 1, 1, 0], 1e-6)
    expectClose(await run(gradient, 0.5), [expected, 0.5 / (expected + 1e-6), 1, 0], 1e-6)
    expectClose(await run(gradient, 1e6), [expected, 1, 1, 0], 1e-6)
  })

  test('of numbers whose squares float32 cannot hold, and of some beside them', async () => {
    for (const size of [1.8e19, 1e25, 1e37, 3e38]) {
      const gradient = randomNumbers(1028)
      gradient[100] = size
      gradient[7] = -size / 2
      const expected = norm(gradient)
      expectClose(await run(gradient, 0), [expected, 1, 1, 0], 1e-6)
      const [value, ...factors] = await run(gradient, 0.5)
      expectClose([value!, (size / 1e37) * factors[0]! * factors[1]! * 1e37], [expected, (0.5 * size) / expected], 2e-6)
    }
    const [, ...factors] = await run(new Float32Array(1028).fill(3e38), 1000) // of which even the norm is too large
    expectClose([3e38 * factors[0]! * factors[1]!], [1000 / Math.sqrt(1028)], 1e-5)
  })

  test('a NaN among the gradients is seen in the norm', async () => {
    const gradient = randomNumbers(256)
    gradient[100] = NaN
    expect((await run(gradient, 1))[0]).toBeNaN()
  })
})

test.each([1, 255, 257, 70_001])('sum and mean of %i numbers', async (count) => {
  const x = randomNumbers(count, 1, 0.5)
  for (const [options, expected] of [
    [{}, referenceSum(x)],
    [{ mean: true }, mean(x)],
  ] as const) {
    const partials = unwritten(sum.partialBytes / 4)
    const [first, second] = sum.kernels(count, options)
    const calls = [
      { kernel: first, buffers: [x, partials] },
      { kernel: second, buffers: [partials, unwritten(1)] },
    ]
    expectClose((await runKernels(bench, calls))[0]!, [expected], 2e-6)
  }
})
