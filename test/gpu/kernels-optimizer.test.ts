import { afterAll, beforeAll, expect, test } from 'vitest'
import { moments, optimizerKernel } from '../../src/kernels/optimizer.ts'
import { perturbKernel } from '../../src/kernels/perturb.ts'
import { optimizerState, updateParameter, type OptimizerSettings } from '../../src/kernels/reference/optimizer.ts'
import { randomUniform, streams } from '../../src/kernels/philox.ts'
import type { Optimizer } from '../../src/model/types.ts'
import { expectClose, openBench, randomNumbers, runKernel, type Bench, type StepFields } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const learningRate = 0.05
const betas = { beta1: 0.9, beta2: 0.999, eps: 1e-8 }
const optimizers: [name: string, OptimizerSettings][] = [
  ['sgd', { type: 'sgd', weightDecay: 0, momentum: 0, nesterov: false }],
  ['sgd with decay', { type: 'sgd', weightDecay: 0.1, momentum: 0, nesterov: false }],
  ['sgd with momentum', { type: 'sgd', weightDecay: 0.01, momentum: 0.9, nesterov: false }],
  ['sgd with Nesterov momentum', { type: 'sgd', weightDecay: 0.01, momentum: 0.9, nesterov: true }],
  ['adam', { type: 'adam', weightDecay: 0.1, ...betas }],
  ['adamw', { type: 'adamw', weightDecay: 0.1, ...betas }],
  ['rmsprop', { type: 'rmsprop', weightDecay: 0.01, decay: 0.99, eps: 1e-8 }],
  ['adagrad', { type: 'adagrad', weightDecay: 0.01, eps: 1e-10 }],
]

function stepFields(settings: OptimizerSettings, step: number): StepFields {
  const { momentum = 0, beta1 = 0, beta2 = 0, eps = 0, decay = beta1 } = settings as Record<string, unknown> as Record<string, number>
  return {
    step,
    learningRate,
    weightDecay: settings.weightDecay,
    momentum,
    beta1: decay,
    beta2,
    oneMinusBeta1: 1 - decay,
    oneMinusBeta2: 1 - beta2,
    epsilon: eps,
    correction1: 1 - beta1 ** step,
    correction2: Math.sqrt(1 - beta2 ** step),
  }
}

test.each(optimizers)('%s repeats torch.optim over five steps', async (_, settings) => {
  for (const count of [1, 129, 256]) {
    const optimizer = { learningRate, ...settings } as Optimizer
    const kernel = optimizerKernel(optimizer, count, { clip: true })
    const kept = moments(optimizer)
    const clip = new Float32Array([4, 0.25, 2, 0])
    const expected = Float64Array.from(randomNumbers(count))
    const state = optimizerState(count)
    let buffers = [Float32Array.from(expected), ...kept.map(() => new Float32Array(count))]
    for (let step = 1; step <= 5; step++) {
      const gradient = randomNumbers(count, 1, 0, step + 1)
      const clipped = gradient.map((g) => g * 0.5)
      updateParameter(settings, learningRate, step, expected, clipped, state)
      const [parameters, ...rest] = buffers
      buffers = (await runKernel(bench, kernel, [parameters!, gradient, ...rest, clip], stepFields(settings, step))) as typeof buffers
    }
    expectClose(buffers[0]!, expected, 2e-6, 1, 'parameter')
    kept.forEach((moment, i) => expectClose(buffers[i + 1]!, state[moment], 2e-6, 0.1, moment))
  }
})

test.each(optimizers.filter(([, { type }]) => type !== 'sgd'))(
  '%s follows gradients whose squares float32 cannot hold',
  async (_, settings) => {
    const optimizer = { learningRate, ...settings } as Optimizer
    const kept = moments(optimizer)
    const sizes = [1e-3, 4e18, 5e18, 1.8e19, 2e19, 1e25, 1e38, 3e38]
    for (const count of [sizes.length, sizes.length - 1]) {
      const kernel = optimizerKernel(optimizer, count)
      const expected = Float64Array.from(randomNumbers(count))
      const state = optimizerState(count)
      let buffers = [Float32Array.from(expected), ...kept.map(() => new Float32Array(count))]
      const isLarge = (step: number) => [1, 2, 3, 6].includes(step)
      for (let step = 1; step <= 12; step++) {
        const gradient = randomNumbers(count, 0.2, 0.8, step + 1).map((g, i) => g * (isLarge(step) ? sizes[i]! : Math.sqrt(sizes[i]!)))
        updateParameter(settings, learningRate, step, expected, gradient, state)
        const [parameters, ...rest] = buffers
        buffers = (await runKernel(bench, kernel, [parameters!, gradient, ...rest], stepFields(settings, step))) as typeof buffers
        expectClose(buffers[0]!, expected, 1e-5, 0.1, `parameter at step ${step}`)
      }
      // as PyTorch's where it fits, else −2⁻¹⁶⁰ of it
      const second = buffers.at(-1)!
      expectClose(
        second,
        state.second.map((v, i) => (second[i]! < 0 ? -v * 2 ** -160 : v)),
        1e-5,
      )
      expect(state.second.every((v, i) => (v > 2 ** 127 ? second[i]! < 0 : v > 2 ** 126 || second[i]! > 0))).toBe(true)
      expect(second.some((v) => v < 0)).toBe(true)
    }
  },
)

test('a gradient that is not finite makes the parameter so', async () => {
  for (const [, settings] of optimizers) {
    const optimizer = { learningRate, ...settings } as Optimizer
    let buffers = [randomNumbers(4), ...moments(optimizer).map(() => new Float32Array(4))]
    const gradients = [Float32Array.of(NaN, Infinity, -Infinity, 1), Float32Array.of(1, 1, 1, 1)]
    for (const [i, gradient] of gradients.entries()) {
      const [parameters, ...rest] = buffers
      const fields = stepFields(settings, i + 1)
      buffers = (await runKernel(bench, optimizerKernel(optimizer, 4), [parameters!, gradient, ...rest], fields)) as typeof buffers
      expect(Array.from(buffers[0]!, Number.isFinite)).toEqual([false, false, false, true])
    }
  }
})

test('a gradient of 0 from the start leaves a parameter where it is', async () => {
  for (const [, settings] of optimizers) {
    const optimizer = { learningRate, ...settings, weightDecay: 0 } as Optimizer
    const state = moments(optimizer).map(() => new Float32Array(4))
    const parameters = randomNumbers(4)
    const fields = { ...stepFields(settings, 1), weightDecay: 0 }
    const [updated] = await runKernel(bench, optimizerKernel(optimizer, 4), [parameters, new Float32Array(4), ...state], fields)
    expect(updated).toEqual(parameters)
  }
})

test.each([3, 8])('the perturbation of %i parameters comes from its own stream', async (count) => {
  const seed = 2 ** 40 + 17
  const perturbation = 0.125
  const fields = { step: 9, perturbation, seedLow: seed >>> 0, seedHigh: Math.floor(seed / 2 ** 32) }
  const [moved] = await runKernel(bench, perturbKernel(count), [new Float32Array(count)], fields)
  const expected = Array.from({ length: count }, (_, i) => perturbation * (2 * randomUniform(seed, streams.perturbation, 9, i) - 1))
  expectClose(moved!, expected, 1e-6)
})
