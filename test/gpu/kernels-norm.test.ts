import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromMemory, images, toMemory } from '../../src/graph/layout.ts'
import * as batch from '../../src/kernels/batchNorm.ts'
import * as layer from '../../src/kernels/layerNorm.ts'
import { formulaOf } from '../../src/model/catalogue/activations.ts'
import * as reference from '../../src/kernels/reference/norm.ts'
import type { Kernel } from '../../src/gpu/kernel.ts'
import { expectClose, openBench, randomNumbers, runKernel, runKernels, unwritten, type Bench, type StepFields } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const eps = 1e-5
const inverseOf = (variance: Float64Array) => Float32Array.from(variance, (value) => 1 / Math.sqrt(value + eps))

type Floats = Float32Array<ArrayBuffer>

/** One kernel, or one for the spans of a channel and one that joins them. */
async function runSpans([first, last]: readonly [Kernel, Kernel?], read: Floats[], own: Floats[], step: StepFields): Promise<Floats[]> {
  if (!last) return (await runKernel(bench, first, [...read, ...own], step)) as Floats[]
  const spans = unwritten(1 << 16)
  const calls = [
    { kernel: first, buffers: [...read, spans] },
    { kernel: last, buffers: [...read, ...own, spans] },
  ]
  return (await runKernels(bench, calls, step)) as Floats[]
}

describe.each([
  [2, 1, 1, 2],
  [17, 7, 1, 13],
  [128, 129, 1, 128],
  [9, 3, 25, 8],
  [40, 5, 49, 33],
  [40, 8, 49, 33],
  [21, 64, 9, 20],
])('batchNorm of [%i, %i, %i], %i rows true', (rows, channels, inner, count) => {
  const sizes = { rows, channels, inner, count, eps }
  const size = rows * channels * inner
  // A mean far from 0, where the difference of squares would lose its digits
  const x = randomNumbers(size, 1, 20)
  const weight = randomNumbers(channels, 0.5, 1, 2)
  const bias = randomNumbers(channels, 1, 0, 3)
  const { mean, variance } = reference.batchStatistics(x, sizes)
  const [mean32, inverse] = [Float32Array.from(mean), inverseOf(variance)]
  const statistics = Float32Array.of(...mean32, ...inverse)
  const gradient = randomNumbers(size, 1, 0, 4)
  const step = { batchCount: count }
  // The reference counts channels first, memory last.
  const shape = [rows, channels, inner, 1]
  const memory = (values: Floats) => toMemory(values, images(shape))
  const shown = (values: Float32Array) => fromMemory(new Float32Array(values), images(shape))

  test('statistics, of the batch and running', async () => {
    const running = { mean: randomNumbers(channels, 1, 0, 5), variance: randomNumbers(channels, 0.5, 1, 6) }
    const kernel = batch.batchNormStatistics(sizes, { eps, momentum: 0.1 })
    const own = [unwritten(2 * channels), running.mean, running.variance]
    const [got, runningMean, runningVariance] = await runSpans(kernel, [memory(x)], own, step)
    const [gotMean, gotInverse] = [got!.slice(0, channels), got!.slice(channels)]
    const expected = reference.runningStatistics(running, { mean, variance }, 0.1, sizes)
    expectClose(gotMean, mean, 1e-6)
    expectClose(gotInverse, inverse, 2e-6)
    expectClose(runningMean!, expected.mean, 2e-6)
    expectClose(runningVariance!, expected.variance, 2e-6)
  })

  test('normalize and evaluate', async () => {
    const expected = reference.batchNormApply(x, weight, bias, mean32, variance, sizes)
    const [y] = await runKernel(bench, batch.batchNormNormalize(sizes), [memory(x), statistics, weight, bias, unwritten(size)], step)
    expectClose(shown(y!), expected, 2e-6, 1)
    const activated = batch.batchNormNormalize(sizes, { activation: 'elu', parameter: 0.5, keep: true })
    const [a, kept] = await runKernel(bench, activated, [memory(x), statistics, weight, bias, unwritten(size), unwritten(size)], step)
    expectClose(shown(kept!), expected, 2e-6, 1)
    expectClose(shown(a!), expected.map(formulaOf('elu', 0.5).forward), 2e-6, 1)
    const variance32 = Float32Array.from(variance)
    const [z] = await runKernel(
      bench,
      batch.batchNormEvaluate(sizes, { eps }),
      [memory(x), mean32, variance32, weight, bias, unwritten(size)],
      step,
    )
    expectClose(shown(z!), reference.batchNormApply(x, weight, bias, mean32, variance, sizes), 2e-6, 1)
  })

  test('gradients, padding rows counting nothing', async () => {
    const expected = reference.batchNormBackward(gradient, x, weight, mean32, variance, sizes)
    const kernel = batch.batchNormGradients(sizes)
    const read = [memory(x), memory(gradient), statistics]
    const [weightGradient, biasGradient] = await runSpans(kernel, read, [unwritten(channels), unwritten(channels)], step)
    const floor = Math.max(1, Math.sqrt(count * inner) / 8) // sums of so many numbers
    expectClose(weightGradient!, expected.weight, 2e-6, floor)
    expectClose(biasGradient!, expected.bias, 2e-6, floor)
    const sums = [Float32Array.from(expected.weight), Float32Array.from(expected.bias)]
    const inputs = [memory(x), memory(gradient), statistics, weight, ...sums, unwritten(size)]
    const [dx] = await runKernel(bench, batch.batchNormInput(sizes), inputs, step)
    expectClose(shown(dx!), expected.input, 2e-6, 1)
    expect(dx!.subarray(count * channels * inner).every((value) => value === 0)).toBe(true)
  })
})

test('batchNorm of a batch of one value a channel leaves finite statistics', async () => {
  const kernel = batch.batchNormStatistics({ rows: 4, channels: 1, inner: 1 }, { eps, momentum: 0.1 })
  const own = [unwritten(2), new Float32Array(1), new Float32Array([1])]
  const written = await runSpans(kernel, [randomNumbers(4)], own, { batchCount: 1 })
  expect(written.every((values) => values.every(Number.isFinite))).toBe(true)
})

describe.each([
  [1, 7],
  [17, 129],
  [129, 3],
  [5, 257],
  [3, 1500],
])('layerNorm of [%i, %i]', (rows, features) => {
  const sizes = { rows, features, eps }
  const x = randomNumbers(rows * features, 1, 20)
  // float32 cannot hold a mean of 20 closer than 1e-6; a row with a small deviation multiplies that
  const widest = Math.max(1, ...inverseOf(reference.layerStatistics(x, sizes).variance))
  const weight = randomNumbers(features, 0.5, 1, 2)
  const bias = randomNumbers(features, 1, 0, 3)
  const { mean, variance } = reference.layerStatistics(x, sizes)

  test('forward', async () => {
    const buffers = [x, weight, bias, unwritten(rows * features), unwritten(rows), unwritten(rows)]
    const [y, gotMean, gotInverse] = await runKernel(bench, layer.layerNormForward(sizes, { eps }), buffers)
    expectClose(y!, reference.layerNorm(x, weight, bias, sizes), 1e-6 * widest, 1)
    expectClose(gotMean!, mean, 1e-6)
    expectClose(gotInverse!, inverseOf(variance), 2e-6)
  })

  test('backward', async () => {
    const gradient = randomNumbers(rows * features, 1, 0, 4)
    const expected = reference.layerNormBackward(gradient, x, weight, sizes)
    const saved = [x, gradient, Float32Array.from(mean), inverseOf(variance)]
    const [dWeight, dBias] = await runKernel(bench, layer.layerNormGradients(sizes), [...saved, unwritten(features), unwritten(features)])
    expectClose(dWeight!, expected.weight, 1e-6 * widest, Math.sqrt(rows))
    expectClose(dBias!, expected.bias, 1e-6, 1)
    const [dx] = await runKernel(bench, layer.layerNormInput(sizes), [...saved, weight, unwritten(rows * features)])
    expectClose(dx!, expected.input, 1e-6 * widest ** 2, 1)
  })
})
