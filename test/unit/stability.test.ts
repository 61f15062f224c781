import { expect, test } from 'vitest'
import { stabilityBound } from '../../src/answers/stability.ts'
import { largestPair } from '../../src/answers/tridiagonal.ts'
import { completeOptimizer, optimizerKind, type Optimizer } from '../../src/model/catalogue/optimizers.ts'
import { eigenvaluesOf } from '../reference/hessian.ts'
import { testNumbers } from '../reference/differences.ts'

const rate = 0.02
const optimizers: Optimizer[] = [
  { type: 'sgd', learningRate: rate },
  { type: 'sgd', learningRate: rate, momentum: 0.9 },
  { type: 'sgd', learningRate: rate, momentum: 0.9, nesterov: true },
  { type: 'adam', learningRate: rate },
  { type: 'adamw', learningRate: rate },
  { type: 'adamw', learningRate: rate, weightDecay: 2 },
  { type: 'rmsprop', learningRate: rate },
  { type: 'adagrad', learningRate: rate },
]

/** How far a parameter on a parabola of curvature λ is from its valley after many steps of the optimizer itself, in the distance it began at. */
function afterMany(optimizer: Optimizer, curvature: number): number {
  const settings = completeOptimizer(optimizer)
  const kind = optimizerKind(optimizer)
  // Of an adaptive one the second moment is held at 1.
  const second = 1
  const still = { ...settings, beta2: 1, decay: 1, eps: 0 }
  let [parameter, first] = [1e-3, 0]
  for (let step = 0; step < 2000 && Math.abs(parameter) < 1; step++) {
    const gradient = curvature * parameter
    const moving = { parameter, gradient, first, second }
    if (kind.decaysApart) moving.parameter *= 1 - rate * settings.weightDecay
    // A decay rate of 1 keeps the moment, and would correct it by 1 − 1: far on, nothing is corrected. A sum takes the new square in: it is left out before.
    if (optimizer.type === 'adagrad') moving.second -= gradient ** 2
    if ('beta1' in settings) {
      first = settings.beta1 * first + (1 - settings.beta1) * gradient
      parameter = moving.parameter - rate * first
    } else {
      parameter = kind.update(moving, still as never, rate, step + 1)
      first = moving.first
    }
  }
  return Math.abs(parameter) / 1e-3
}

test.each(optimizers)('on a parabola $type $momentum $nesterov $weightDecay grows above its bound, and not below', (optimizer) => {
  const { value } = stabilityBound(optimizer, rate)!
  expect(afterMany(optimizer, 0.98 * value)).toBeLessThan(1)
  expect(afterMany(optimizer, 1.02 * value)).toBeGreaterThan(10)
})

test('of a rate of 0 there is no bound', () => expect(stabilityBound({ type: 'sgd', learningRate: 0 }, 0)).toBe(undefined))

test.each([1, 2, 3, 8, 25])('the largest eigenvalue of %i numbers on a diagonal and those beside it, with its vector', (n) => {
  for (let seed = 1; seed < 20; seed++) {
    const diagonal = [...testNumbers(n, seed, -3, 2)]
    const beside = [...testNumbers(Math.max(0, n - 1), seed + 50, 0, 2)].map((value, i) => (i % 5 === 4 ? 1e-9 : value))
    const matrix = diagonal.map((value, i) =>
      Float64Array.from({ length: n }, (_, j) => (i === j ? value : Math.abs(i - j) === 1 ? beside[Math.min(i, j)]! : 0)),
    )
    const { value, vector } = largestPair(diagonal, beside)
    expect(value).toBeCloseTo(eigenvaluesOf(matrix).at(-1)!, 9)
    const residual = matrix.map((row, i) => row.reduce((sum, own, j) => sum + own * vector[j]!, 0) - value * vector[i]!)
    expect(Math.hypot(...residual)).toBeLessThan(1e-8)
    expect(Math.hypot(...vector)).toBeCloseTo(1, 12)
  }
})
