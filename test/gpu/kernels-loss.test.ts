import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lossNames } from '../../src/model/catalogue/losses.ts'
import { accumulateKernel, lossKernel, resultKernel } from '../../src/kernels/loss.ts'
import { countCorrect, loss, probabilityGradient } from '../../src/kernels/reference/loss.ts'
import type { LossName } from '../../src/model/types.ts'
import { expectClose, openBench, randomNumbers, runKernel, runKernels, unwritten, type Bench, type Numbers } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

function example(name: LossName, rows: number, columns: number) {
  if (name === 'crossEntropy') {
    const classes = Int32Array.from({ length: rows }, (_, row) => (row * 7) % columns)
    return { prediction: randomNumbers(rows * columns, 6), target: classes }
  }
  if (name === 'binaryCrossEntropy') {
    const target = Float32Array.from({ length: rows * columns }, (_, i) => (i % 3 === 0 ? 1 : 0))
    // Mostly on the right side of 0, so that some rows are right
    return { prediction: randomNumbers(rows * columns, 3).map((r, i) => (target[i] ? 2.9 : -2.9) + r), target }
  }
  return { prediction: randomNumbers(rows * columns, 2), target: randomNumbers(rows * columns, 2, 0, 5) }
}

/** What the kernel writes besides. */
const more = (name: LossName, count: number) => (name === 'binaryCrossEntropy' ? [unwritten(count)] : [])

const shapes: [rows: number, columns: number, count: number][] = [
  [1, 1, 1],
  [7, 1, 5],
  [17, 10, 17],
  [129, 3, 100],
  [33, 257, 32],
]

describe.each(lossNames)('%s', (name) => {
  test.each(shapes)('%i × %i, %i of the rows true', async (rows, columns, count) => {
    const { prediction, target } = example(name, rows, columns)
    const expected = loss(name, prediction, target, rows, columns, count)
    const step = { batchCount: count, meanOver: count }
    const buffers = [prediction, target, unwritten(rows * columns), unwritten(2 * rows), ...more(name, rows * columns)] as Numbers[]
    const [gradient, rowResult, ofOutput] = await runKernel(bench, lossKernel(name, rows, columns), buffers, step)
    expectClose(gradient!, expected.gradient, 2e-6, 0.02 / count / columns, 'gradient')
    if (ofOutput) {
      const real = (values: ArrayLike<number>) => Array.from(values).slice(0, count * columns)
      expectClose(real(ofOutput), probabilityGradient(real(prediction), real(target), count, columns), 2e-6, 0, 'of the output')
      expect(ofOutput.subarray(count * columns).every((value) => value === 0)).toBe(true)
    }
    const shares = rowResult!.filter((_, i) => i % 2 === 0)
    expectClose(
      shares,
      Array.from(expected.rowLoss, (value) => value / count),
      5e-6,
      1e-7 / count,
      'row',
    )
    const right = rowResult!.reduce((sum, value, i) => sum + (i % 2 ? value : 0), 0)
    expect(right).toBe(countCorrect(name, prediction, target, rows, columns, count) ?? 0)
    const [evaluated] = await runKernel(
      bench,
      lossKernel(name, rows, columns, { gradient: false }),
      [prediction, target, unwritten(2 * rows)] as Numbers[],
      step,
    )
    expect(evaluated).toEqual(rowResult)
  })
})

describe('at the edges', () => {
  const run = async (name: LossName, columns: number, prediction: number[], target: Numbers) => {
    const rows = prediction.length / columns
    const buffers = [
      Float32Array.from(prediction),
      target,
      unwritten(prediction.length),
      unwritten(2 * rows),
      ...more(name, prediction.length),
    ] as Numbers[]
    const [gradient, result, ofOutput] = await runKernel(bench, lossKernel(name, rows, columns), buffers, {
      batchCount: rows,
      meanOver: rows,
    })
    return {
      gradient: Array.from(gradient!),
      ofOutput: Array.from(ofOutput ?? []),
      loss: Array.from(
        result!.filter((_, i) => i % 2 === 0),
        (x) => x * rows,
      ),
    }
  }

  test('crossEntropy of huge logits is finite, and of a sure right answer keeps its digits', async () => {
    const logits = [1e4, -1e4, 0, -1e4, 1e4, 0, 16, 0, 0]
    const { gradient, loss: rows } = await run('crossEntropy', 3, logits, Int32Array.from([0, 0, 0]))
    const expected = loss('crossEntropy', logits, [0, 0, 0], 3, 3)
    expectClose(gradient, expected.gradient, 2e-6)
    expectClose(rows, [0, 2e4, Math.log1p(2 * Math.exp(-16))], 2e-6)
  })

  test('crossEntropy passes NaN on', async () => {
    const { gradient, loss: rows } = await run('crossEntropy', 2, [NaN, 1, 1, NaN, 0, 1, Infinity, 1], Int32Array.from([0, 0, 0, 1]))
    expect(rows.map(Number.isNaN)).toEqual([true, true, false, true])
    expect(gradient.map(Number.isNaN)).toEqual([true, true, true, true, false, false, true, true])
  })

  test('crossEntropy calls the first of equal largest the answer', async () => {
    const buffers = [new Float32Array([1, 1, 1, 1]), new Int32Array([0, 1]), unwritten(4), unwritten(4)] as Numbers[]
    const [, result] = await runKernel(bench, lossKernel('crossEntropy', 2, 2), buffers, { batchCount: 2, meanOver: 2 })
    expect([result![1], result![3]]).toEqual([1, 0])
  })

  test.each(['crossEntropy', 'binaryCrossEntropy'] as const)('%s counts no row right that has NaN', async (name) => {
    const columns = 3
    const values = [NaN, Infinity, -Infinity, 0.2, 0.9]
    // Every row of three of these.
    const prediction = Array.from(
      { length: 125 * columns },
      (_, i) => values[Math.floor(Math.floor(i / columns) / 5 ** (i % columns)) % 5]!,
    )
    const targets =
      name === 'crossEntropy'
        ? [0, 1, 2].map((k) => new Int32Array(125).fill(k))
        : [0, 1].map((own) => new Float32Array(125 * columns).fill(own))
    for (const target of targets) {
      const buffers = [
        Float32Array.from(prediction),
        target,
        unwritten(prediction.length),
        unwritten(250),
        ...more(name, prediction.length),
      ] as Numbers[]
      const [, result] = await runKernel(bench, lossKernel(name, 125, columns), buffers, { batchCount: 125, meanOver: 125 })
      const right = Array.from({ length: 125 }, (_, row) => result![2 * row + 1]!)
      const expected = right.map((_, row) => {
        const first = row * columns
        const part = name === 'crossEntropy' ? target.subarray(row, row + 1) : target.subarray(first, first + columns)
        return countCorrect(name, prediction.slice(first, first + columns), part, 1, columns)
      })
      expect(right).toEqual(expected)
      right.forEach((one, row) => {
        if (prediction.slice(row * columns, (row + 1) * columns).some(Number.isNaN)) expect(one).toBe(0)
      })
    }
  })

  test('binaryCrossEntropy equals float64 however large the logits, both ways and between', async () => {
    const sizes = [1e-30, 1e-3, 15, 16.6, 17, 25, 40, 80, 87, 88, 99, 101, 200, 1e5, 3e38, Infinity]
    const logits = sizes.flatMap((size) => [size, -size]).flatMap((z) => [z, z, z])
    const targets = Float32Array.from(logits, (_, i) => [0, 1, 0.25][i % 3]!)
    const { gradient, ofOutput, loss: rows } = await run('binaryCrossEntropy', 1, logits, targets)
    const exact = Float32Array.from(logits)
    const expected = loss('binaryCrossEntropy', exact, targets, logits.length, 1)
    // below float32's normal numbers
    expectClose(gradient, expected.gradient, 2e-6, 1e-32)
    expectClose(rows, expected.rowLoss, 2e-6, 1e-32)
    // Of ∂L/∂logit below float32's normal numbers nothing may be left, and it is divided by 1e-12.
    expectClose(ofOutput, probabilityGradient(exact, targets, logits.length, 1), 4e-6, 1e-21)
    expect(ofOutput.every(Number.isFinite)).toBe(true)
  })

  test.each(['mse', 'mae', 'huber', 'binaryCrossEntropy'] as const)('%s passes NaN on', async (name) => {
    const ofNoGradient = name === 'binaryCrossEntropy' ? 0 : 0.5
    const { gradient, ofOutput, loss: rows } = await run(name, 1, [NaN, ofNoGradient], new Float32Array([0.5, 0.5]))
    expect([gradient[0], rows[0]]).toEqual([NaN, NaN])
    expect(gradient[1]).toBe(0)
    if (ofOutput.length) expect(ofOutput).toEqual([NaN, 0])
  })
})

describe('the batch', () => {
  test.each([1, 31, 32, 100, 5000])('%i rows are summed into the slot of the ring', async (rows) => {
    const rowResult = new Float32Array(2 * rows)
    randomNumbers(rows, 1, 1).forEach((value, i) => rowResult.set([value / rows, i % 3 ? 0 : 1], 2 * i))
    const ring = new Float32Array(12).fill(-1)
    const [results] = await runKernel(bench, resultKernel(rows), [rowResult, ring], { slot: 1, batchCount: rows })
    const expected = rowResult.reduce((sum, value, i) => sum + (i % 2 ? 0 : value), 0)
    expectClose([results![4]!], [expected], 1e-7)
    expect(Array.from(results!.subarray(5, 8))).toEqual([Math.ceil(rows / 3), 0, rows])
    expect([...results!.subarray(0, 4), ...results!.subarray(8)].every((value) => value === -1)).toBe(true)
  })

  test('many batches add up to the mean over samples', async () => {
    const accumulator = new Float32Array(4)
    const batch = new Float32Array(20).map((_, i) => (i % 2 ? 1 : 0.1 / 10))
    const calls = Array.from({ length: 1000 }, () => ({ kernel: accumulateKernel(10), buffers: [batch, accumulator] }))
    const [sum] = (await runKernels(bench, calls, { batchCount: 10 })) as Float32Array[]
    const [correct, count] = new Uint32Array(sum!.buffer as ArrayBuffer, 8, 2)
    expect([correct, count]).toEqual([10_000, 10_000])
    expectClose([(sum![0]! + sum![1]!) / count!], [10 * Math.fround(0.01)], 1e-7)
  })
})
