import { describe, expect, test } from 'vitest'
import { dropout, dropoutMask } from '../../src/kernels/reference/dropout.ts'
import { gather } from '../../src/kernels/reference/gather.ts'
import { add, concat, split } from '../../src/kernels/reference/join.ts'
import { activate } from '../../src/kernels/reference/activation.ts'
import { countCorrect, loss, probabilityGradient } from '../../src/kernels/reference/loss.ts'
import { lossNames, type LossName } from '../../src/model/catalogue/losses.ts'
import { addBias, matmul, sumRows } from '../../src/kernels/reference/matmul.ts'
import { histogram, magnitudeHistogram, magnitudePercentiles, mean, norm, sum, topK } from '../../src/kernels/reference/statistics.ts'
import { dot, largestDifference, numericalGradient, testNumbers } from '../reference/differences.ts'

const transpose = (x: Float64Array, rows: number, columns: number): Float64Array =>
  Float64Array.from(x, (_, i) => {
    const [matrix, within] = [Math.floor(i / (rows * columns)), i % (rows * columns)]
    return x[matrix * rows * columns + (within % rows) * columns + Math.floor(within / rows)]!
  })

describe('matmul', () => {
  const [m, n, k, batch] = [3, 4, 5, 2]
  const a = testNumbers(batch * m * k, 1)
  const b = testNumbers(batch * k * n, 2)
  const product = matmul(a, b, { m, n, k, batch })

  test('is the sum of products', () => {
    const [matrix, i, j] = [1, 2, 3]
    let expected = 0
    for (let l = 0; l < k; l++) expected += a[matrix * m * k + i * k + l]! * b[matrix * k * n + l * n + j]!
    expect(product[matrix * m * n + i * n + j]).toBe(expected)
    expect([...matmul([1, 2, 3, 4], [5, 6, 7, 8], { m: 2, n: 2, k: 2 })]).toEqual([19, 22, 43, 50])
  })

  test.each([
    [true, false],
    [false, true],
    [true, true],
  ])('with transposes %s and %s', (transposeA, transposeB) => {
    const left = transposeA ? transpose(a, m, k) : a
    const right = transposeB ? transpose(b, k, n) : b
    expect(matmul(left, right, { m, n, k, batch, transposeA, transposeB })).toEqual(product)
  })

  test('its derivatives are products by the transposes', () => {
    const weight = testNumbers(m * n, 3)
    const [left, right] = [a.slice(0, m * k), b.slice(0, k * n)]
    const sizes = { m, n, k }
    const dLeft = matmul(weight, right, { m, n: k, k: n, transposeB: true })
    const dRight = matmul(left, weight, { m: k, n, k: m, transposeA: true })
    expect(
      largestDifference(
        dLeft,
        numericalGradient((x) => dot(matmul(x, right, sizes), weight), left),
      ),
    ).toBeLessThan(1e-9)
    expect(
      largestDifference(
        dRight,
        numericalGradient((x) => dot(matmul(left, x, sizes), weight), right),
      ),
    ).toBeLessThan(1e-9)
  })

  test('bias and its gradient', () => {
    expect([...addBias([1, 2, 3, 4], [10, 20])]).toEqual([11, 22, 13, 24])
    expect([...sumRows([1, 2, 3, 4], 2)]).toEqual([4, 6])
  })
})

describe('loss', () => {
  const [rows, columns] = [4, 3]
  const targetOf = (name: LossName): Float64Array =>
    name === 'crossEntropy'
      ? Float64Array.of(2, 0, 1, 1)
      : name === 'binaryCrossEntropy'
        ? testNumbers(rows * columns, 5).map((x) => (x > 0 ? 1 : 0))
        : testNumbers(rows * columns, 5, -2, 2)
  const prediction = testNumbers(rows * columns, 6, -2, 2)

  test.each(lossNames)('the gradient of %s by finite differences, with and without padding rows', (name) => {
    const target = targetOf(name)
    for (const count of [rows, 3, 1]) {
      const { gradient } = loss(name, prediction, target, rows, columns, count)
      const numerical = numericalGradient((x) => loss(name, x, target, rows, columns, count).loss, prediction)
      expect(largestDifference(gradient, numerical)).toBeLessThan(1e-8)
      expect([...gradient.subarray(count * columns)].every((value) => value === 0)).toBe(true)
    }
  })

  test.each(lossNames)('%s of a padded batch is that of the short batch', (name) => {
    const target = targetOf(name)
    const padded = loss(name, prediction, target, rows, columns, 2)
    const short = loss(name, prediction.slice(0, 2 * columns), target, 2, columns)
    expect(padded.loss).toBe(short.loss)
    expect([...padded.rowLoss]).toEqual([...short.rowLoss, 0, 0])
    expect(countCorrect(name, prediction, target, rows, columns, 2)).toBe(
      countCorrect(name, prediction.slice(0, 2 * columns), target, 2, columns),
    )
  })

  test('huber is half the square near and a line far away', () => {
    expect(loss('huber', [0.5, 3], [0, 0], 1, 2).loss).toBe((0.125 + 2.5) / 2)
    expect([...loss('huber', [0.5, 3], [0, 0], 1, 2).gradient]).toEqual([0.25, 0.5])
  })

  test('binaryCrossEntropy of large logits keeps its digits, and clamps the logarithm at -100', () => {
    expect(loss('binaryCrossEntropy', [-99], [1], 1, 1)).toMatchObject({ loss: 99, gradient: Float64Array.of(-1) })
    expect(loss('binaryCrossEntropy', [40], [0], 1, 1)).toMatchObject({ loss: 40, gradient: Float64Array.of(1) })
    expect(loss('binaryCrossEntropy', [40], [1], 1, 1)).toMatchObject({ loss: Math.exp(-40), gradient: Float64Array.of(-Math.exp(-40)) })
    for (const z of [-200, -1e9, -Infinity]) {
      expect(loss('binaryCrossEntropy', [z], [1], 1, 1)).toMatchObject({ loss: 100, gradient: Float64Array.of(-1) })
      expect(loss('binaryCrossEntropy', [z, -z], [1, 1], 2, 1).loss).toBe(50)
    }
    // what PyTorch's float64 gives by way of the probability: BCELoss()(sigmoid(z), y), and its gradient by z
    const recorded = [
      [-25, 1, 25.000000000013888, -0.9999999999861119],
      [-17, 0, 4.1399376e-8, 4.1399375e-8],
      [17, 0, 17.0000000413994, 0.9999999586006],
    ] as const
    for (const [z, t, value, derivative] of recorded) {
      const of = loss('binaryCrossEntropy', [z], [t], 1, 1)
      expect(of.loss / value).toBeCloseTo(1, 7)
      expect(of.gradient[0]! / derivative).toBeCloseTo(1, 7)
    }
  })

  test('the gradient of a probability under binaryCrossEntropy by finite differences, finite where it is as good as 0 or 1', () => {
    const target = targetOf('binaryCrossEntropy')
    const logit = (p: number) => Math.log(p / (1 - p))
    const p = activate('sigmoid', prediction)
    const numerical = numericalGradient((x) => loss('binaryCrossEntropy', x.map(logit), target, rows, columns).loss, p)
    expect(largestDifference(probabilityGradient(prediction, target, rows, columns), numerical)).toBeLessThan(1e-7)
    expect([...probabilityGradient([-200, 200, 200], [1, 0, 1], 1, 1)]).toEqual([-1e12, 1e12, expect.closeTo(0)])
  })

  test('crossEntropy of large outputs stays finite', () => {
    const { loss: value, gradient } = loss('crossEntropy', [1000, 0, -1000], [1], 1, 3)
    expect(value).toBe(1000)
    expect([...gradient]).toEqual([1, -1, 0])
  })

  test('samples predicted right', () => {
    expect(countCorrect('crossEntropy', [1, 3, 3, 5, 2, 2], [1, 1], 2, 3)).toBe(1)
    expect(countCorrect('binaryCrossEntropy', [-0.4, 0, 9, -5], [0, 1, 1, 1], 2, 2)).toBe(1)
    expect(countCorrect('mse', [1], [1], 1, 1)).toBeNull()
  })
})

describe('dropout', () => {
  test('drops the given share, keeps the mean, and is its own derivative', () => {
    const mask = dropoutMask(20_000, 0.3, 5, 7, 0)
    const dropped = mask.filter((scale) => scale === 0).length / mask.length
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.01)
    expect(Math.abs(mean(mask) - 1)).toBeLessThan(0.015)
    const x = testNumbers(50, 15)
    const gradient = numericalGradient((v) => sum(dropout(v, 0.3, 5, 7, 0)), x)
    expect(largestDifference(gradient, mask.slice(0, 50))).toBeLessThan(1e-9)
  })

  test('differs by step and layer, repeats otherwise, and keeps all at rate 0', () => {
    const mask = dropoutMask(64, 0.5, 5, 7, 0)
    expect(dropoutMask(64, 0.5, 5, 7, 0)).toEqual(mask)
    expect(dropoutMask(64, 0.5, 5, 8, 0)).not.toEqual(mask)
    expect(dropoutMask(64, 0.5, 5, 7, 1)).not.toEqual(mask)
    expect(dropoutMask(64, 0, 5, 7, 0).every((scale) => scale === 1)).toBe(true)
  })
})

describe('join', () => {
  test('concat and split undo each other; add sums', () => {
    const [a, b] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6)]
    const joined = concat([a, b], 2, [2, 1])
    expect([...joined]).toEqual([1, 2, 5, 3, 4, 6])
    expect(split(joined, 2, [2, 1])).toEqual([a, b])
    expect([...add([1, 2], [3, 4], [5, 6])]).toEqual([9, 12])
  })

  test('split is the derivative of concat', () => {
    const [a, b, upstream] = [testNumbers(4, 16), testNumbers(2, 17), testNumbers(6, 18)]
    const [da] = split(upstream, 2, [2, 1])
    expect(
      largestDifference(
        da!,
        numericalGradient((x) => dot(concat([x, b], 2, [2, 1]), upstream), a),
      ),
    ).toBeLessThan(1e-9)
  })
})

describe('gather', () => {
  test('decodes bytes and floats, in order and wrapping', () => {
    const bytes = Uint8Array.of(0, 255, 51, 102)
    expect(
      [...gather(bytes, { samples: 2, width: 2, first: 1, rows: 2, mean: [0.2], deviation: [0.5] })].map((v) => +v.toFixed(12)),
    ).toEqual([0, 0.4, -0.4, 1.6])
    expect([...gather(Float32Array.of(1, 2, 3), { samples: 3, width: 1, first: 2, rows: 2 })]).toEqual([3, 1])
  })

  test('shuffled, every sample comes once an epoch', () => {
    const x = Float32Array.from({ length: 13 }, (_, i) => i)
    const epoch = (number: number): number[] => [
      ...gather(x, { samples: 13, width: 1, first: 0, rows: 13, shuffle: { seed: 3, epoch: number } }),
    ]
    expect(epoch(0).toSorted((a, b) => a - b)).toEqual([...x])
    expect(epoch(0)).not.toEqual(epoch(1))
  })
})

describe('statistics', () => {
  test('sum, mean and norm', () => {
    expect([sum([1, 2, 6]), mean([1, 2, 6]), norm([3, 4])]).toEqual([9, 3, 5])
  })

  test('histogram: equal bins, outliers in the end bins, non-finite apart', () => {
    const { counts, nonFinite } = histogram([-9, 0, 0.49, 0.5, 1, 7, NaN, Infinity], 0, 1, 2)
    expect([...counts]).toEqual([3, 3])
    expect(nonFinite).toBe(2)
  })

  test('histogram of magnitudes: by log2, zeros apart', () => {
    const { counts, zeros, nonFinite } = magnitudeHistogram([0, 1, -2, 4, 0.125, NaN, -Infinity], -2, 2, 4)
    expect([...counts]).toEqual([1, 0, 1, 2])
    expect([zeros, nonFinite]).toEqual([1, 2])
  })

  test('percentiles of magnitudes', () => {
    expect(magnitudePercentiles([-4, 0, 1, NaN, 3, 2, Infinity], [0, 0.5, 1])).toEqual([1, 2.5, 4])
    expect(magnitudePercentiles([0, 0], [0.5])).toEqual([NaN])
  })

  test('top-K by magnitude, the first of equals, NaN in front', () => {
    expect(topK([1, -5, 3, 5, NaN, 0], 4)).toEqual([4, 1, 3, 2])
  })
})
