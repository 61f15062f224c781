import { describe, expect, test } from 'vitest'
import {
  batchNormApply,
  batchNormBackward,
  batchStatistics,
  layerNorm,
  layerNormBackward,
  runningStatistics,
} from '../../src/kernels/reference/norm.ts'
import { mean } from '../../src/kernels/reference/statistics.ts'
import { dot, largestDifference, numericalGradient, testNumbers } from '../reference/differences.ts'

describe('batchNorm', () => {
  const sizes = { rows: 5, channels: 3, inner: 2, eps: 1e-5 }
  const x = testNumbers(30, 7, -1, 2)
  const [weight, bias, upstream] = [testNumbers(3, 8), testNumbers(3, 9), testNumbers(30, 10)]

  test('normalises every channel', () => {
    const { mean: means, variance } = batchStatistics(x, sizes)
    const out = batchNormApply(x, [1, 1, 1], [0, 0, 0], means, variance, sizes)
    const again = batchStatistics(out, sizes)
    for (let c = 0; c < 3; c++) {
      expect(again.mean[c]).toBeCloseTo(0, 12)
      expect(again.variance[c]).toBeCloseTo(1, 3)
    }
  })

  test.each([5, 3])('derivatives by finite differences, %i rows true', (count) => {
    const counted = { ...sizes, count }
    const masked = upstream.map((value, i) => (i < count * 6 ? value : 0))
    const forward = (input: Float64Array, w: Float64Array, b: Float64Array): number => {
      const { mean: means, variance } = batchStatistics(input, counted)
      return dot(batchNormApply(input, w, b, means, variance, counted), masked)
    }
    const { mean: means, variance } = batchStatistics(x, counted)
    const gradients = batchNormBackward(masked, x, weight, means, variance, counted)
    const numericalInput = numericalGradient((v) => forward(v, weight, bias), x)
    expect(largestDifference(gradients.input, numericalInput)).toBeLessThan(1e-8)
    expect(
      largestDifference(
        gradients.weight,
        numericalGradient((v) => forward(x, v, bias), weight),
      ),
    ).toBeLessThan(1e-8)
    expect(
      largestDifference(
        gradients.bias,
        numericalGradient((v) => forward(x, weight, v), bias),
      ),
    ).toBeLessThan(1e-8)
  })

  test('running variance takes the unbiased one', () => {
    const running = { mean: [1], variance: [2] }
    const one = { rows: 2, channels: 1, inner: 1, eps: 0 }
    const updated = runningStatistics(running, batchStatistics([1, 5], one), 0.25, one)
    expect([...updated.mean]).toEqual([1.5])
    expect([...updated.variance]).toEqual([0.75 * 2 + 0.25 * 8])
  })
})

describe('layerNorm', () => {
  const sizes = { rows: 4, features: 5, eps: 1e-5 }
  const x = testNumbers(20, 11, -1, 3)
  const [weight, bias, upstream] = [testNumbers(5, 12), testNumbers(5, 13), testNumbers(20, 14)]

  test('normalises every row', () => {
    const out = layerNorm(x, new Float64Array(5).fill(1), new Float64Array(5), sizes)
    for (let row = 0; row < 4; row++) expect(mean(out.subarray(row * 5, row * 5 + 5))).toBeCloseTo(0, 12)
  })

  test('derivatives by finite differences', () => {
    const gradients = layerNormBackward(upstream, x, weight, sizes)
    const value = (input: Float64Array, w: Float64Array, b: Float64Array): number => dot(layerNorm(input, w, b, sizes), upstream)
    expect(
      largestDifference(
        gradients.input,
        numericalGradient((v) => value(v, weight, bias), x),
      ),
    ).toBeLessThan(1e-8)
    expect(
      largestDifference(
        gradients.weight,
        numericalGradient((v) => value(x, v, bias), weight),
      ),
    ).toBeLessThan(1e-8)
    expect(
      largestDifference(
        gradients.bias,
        numericalGradient((v) => value(x, weight, v), bias),
      ),
    ).toBeLessThan(1e-8)
  })
})
