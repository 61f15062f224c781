import { describe, expect, test } from 'vitest'
import { clipNorm, optimizerState, updateParameter, type OptimizerSettings } from '../../src/kernels/reference/optimizer.ts'

/** Where p = 1 goes in three steps with gradients 0.5, −0.25, 1 and learning rate 0.1. */
function threeSteps(settings: OptimizerSettings): number {
  const parameter = Float64Array.of(1)
  const state = optimizerState(1)
  ;[0.5, -0.25, 1].forEach((gradient, i) => updateParameter(settings, 0.1, i + 1, parameter, [gradient], state))
  return parameter[0]!
}

// Computed with torch.optim in float64.
describe('torch.optim', () => {
  test.each<[string, OptimizerSettings, number]>([
    ['plain', { type: 'sgd', weightDecay: 0.1, momentum: 0, nesterov: false }, 0.8460439999999999],
    ['momentum', { type: 'sgd', weightDecay: 0, momentum: 0.9, nesterov: false }, 0.8119999999999999],
    ['nesterov', { type: 'sgd', weightDecay: 0.1, momentum: 0.9, nesterov: true }, 0.630906146],
    ['adam', { type: 'adam', weightDecay: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, 0.7815043998631658],
    ['adam2', { type: 'adam', weightDecay: 0, beta1: 0.8, beta2: 0.95, eps: 0.001 }, 0.8107199531892512],
    ['adamw', { type: 'adamw', weightDecay: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, 0.7801104766702113],
    ['rmsprop', { type: 'rmsprop', weightDecay: 0.1, decay: 0.99, eps: 1e-8 }, -0.46362621586021197],
    ['adagrad', { type: 'adagrad', weightDecay: 0.1, eps: 1e-10 }, 0.8388269266221652],
  ])('%s', (_, settings, expected) => {
    expect(threeSteps(settings)).toBeCloseTo(expected, 13)
  })
})

test('gradients are clipped by their joint norm', () => {
  const gradients = [Float64Array.of(3, 0), Float64Array.of(4)]
  expect(clipNorm(gradients, 2.5)).toBe(5)
  expect(gradients[0]![0]).toBeCloseTo((3 * 2.5) / (5 + 1e-6), 14)
  expect(gradients[1]![0]).toBeCloseTo((4 * 2.5) / (5 + 1e-6), 14)
  const small = [Float64Array.of(0.3)]
  clipNorm(small, 2.5)
  expect([...small[0]!]).toEqual([0.3])
})
