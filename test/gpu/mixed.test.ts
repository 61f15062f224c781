import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { toHalf } from '../../src/kernels/half.ts'
import { matmul } from '../../src/kernels/matmul.ts'
import { matmulProblem } from '../../src/kernels/matmulProblem.ts'
import { candidates, variantName } from '../../src/kernels/matmulVariants.ts'
import { lanesOf } from '../../src/kernels/adapter.ts'
import { Trial } from '../../src/kernels/trial.ts'
import { adam, createEngine, dense, sequential, tanh, type Dataset, type TrainerOptions } from '../../src/index.ts'
import { openBench, randomNumbers, runKernel } from './harness.ts'

const bench = await openBench()
afterAll(() => bench.gpu.destroy())

/** The number that the bits of a half stand for. */
function fromHalf(bits: number): number {
  const [sign, exponent, mantissa] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return mantissa ? NaN : sign * Infinity
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + mantissa / 1024) : 2 ** -14 * (mantissa / 1024))
}

const words = (count: number) => new Uint32Array(Math.ceil(count / 2))
const halves = (written: ArrayLike<number>, count: number) =>
  Array.from({ length: count }, (_, i) => fromHalf((written[i >> 1]! >>> (16 * (i & 1))) & 0xffff))
const network = sequential([12], [dense(16), tanh(), dense(16), tanh(), dense(4)])
const options: TrainerOptions = { loss: 'crossEntropy', optimizer: adam({ learningRate: 0.01 }), batchSize: 32, seed: 3, plan: 'ordinary' }

/** Which of four directions a point of 12 dimensions lies in most. */
function directions(count = 256): Dataset {
  const x = randomNumbers(12 * count)
  const y = Int32Array.from({ length: count }, (_, i) => {
    const sums = [0, 1, 2, 3].map((c) => x[12 * i + c]! + x[12 * i + 4 + c]! - x[12 * i + 8 + c]!)
    return sums.indexOf(Math.max(...sums))
  })
  return { name: 'directions', inputShape: [12], outputs: 4, train: { count, x, y } }
}

test('an adapter without f16 refuses mixed precision, by name, and any adapter refuses it for the small plan', async () => {
  const engine = await createEngine()
  const attempt = (change: Partial<TrainerOptions>) =>
    engine.trainer(network, directions(), { ...options, precision: 'mixed', ...change } as TrainerOptions)
  if (engine.features.f16) await expect(attempt({ plan: 'small' })).rejects.toThrow(/mixed is for the ordinary plan/)
  else
    await expect(attempt({})).rejects.toThrow(
      `precision: mixed precision needs an adapter with f16 in shaders, which ${engine.adapter.description} has not got`,
    )
  engine.destroy()
})

// SwiftShader has no f16: `GRADSCOPE_GPU=hardware npm run test:dawn` runs these where the machine's driver has it.
if (bench.gpu.features.f16) halfPrecision()

function halfPrecision() {
  beforeAll(() => void vi.setConfig({ testTimeout: 60_000 }))
  test('a copy is the nearest half, bounded where it is too large, and not finite where it was not', async () => {
    for (const count of [64, 7]) {
      const source = randomNumbers(count)
      source.set([1e6, -1e6, NaN, Infinity, -Infinity, 1, 65504])
      const [written] = await runKernel(bench, toHalf(count), [source, words(count)])
      const found = halves(written!, count)
      expect(found.slice(0, 7)).toEqual([65504, -65504, NaN, Infinity, -Infinity, 1, 65504])
      for (let i = 7; i < count; i++) expect(Math.abs(found[i]! - source[i]!)).toBeLessThanOrEqual(Math.abs(source[i]!) / 2048 + 2 ** -25)
    }
  })

  test('gradients far below the smallest half keep eleven bits, by the largest of the step before', async () => {
    const source = randomNumbers(64).map((value) => value * 1e-9)
    const largest = Math.max(...source.map(Math.abs))
    const bits = new Uint32Array(Float32Array.of(largest).buffer)[0]!
    // step 5: slot 4 mod 3 holds what step 4 found, 5 mod 3 is filled, 6 mod 3 emptied for step 6
    const range = Uint32Array.of(77, bits, 0, 0)
    const [copy, after] = await runKernel(bench, toHalf(64, { scaled: true }), [source, words(64), range], { step: 5 })
    const undo = new Float32Array(Uint32Array.from(after!).buffer)[3]!
    expect(Number.isInteger(Math.log2(undo))).toBe(true)
    expect([...after!].slice(0, 3)).toEqual([0, bits, bits])
    const found = halves(copy!, 64).map((value) => value * undo)
    expect(Math.max(...found.map(Math.abs)) / undo).toBeGreaterThanOrEqual(128)
    expect(Math.max(...found.map(Math.abs)) / undo).toBeLessThan(256)
    found.forEach((value, i) => expect(Math.abs(value - source[i]!)).toBeLessThanOrEqual(Math.abs(source[i]!) / 2048 + largest * 2 ** -30))
  })

  // The first candidates of either kind: a large tile takes software adapters seconds to compile.
  test('products of halves are summed in single precision, in every layout', async () => {
    const adapter = { software: bench.gpu.adapter.software, lanes: lanesOf(bench.gpu) }
    for (const software of [adapter.software, !adapter.software])
      for (const transposeA of [false, true])
        for (const transposeB of [false, true]) {
          const shape = { m: 128, n: 64, k: 128, transposeA, transposeB, half: true }
          const epilogue = { derivative: 'tanh', keep: true, scaled: true }
          const trial = new Trial(bench.gpu, bench.pipelines, matmulProblem(shape, epilogue))
          for (const variant of candidates(shape, { ...adapter, software }).slice(0, software ? 2 : 1))
            expect(
              await trial.run({ name: variantName(variant), kernel: matmul(shape, epilogue, variant) }, false),
              variantName(variant),
            ).toEqual({ milliseconds: null })
          trial.release()
        }
  })

  test('a run in mixed precision follows the one in single, with gradients of the same size', async () => {
    const engine = await createEngine()
    const train = async (precision: 'f32' | 'mixed') => {
      const trainer = await engine.trainer(network, directions(), { ...options, precision })
      for await (const _ of trainer.run({ steps: 120 }));
      const gradient = await trainer.gradient('layers.0.weight').read()
      const { loss, variants } = trainer.history
      trainer.destroy()
      return { loss: loss.map((value) => value ?? NaN), gradient, products: Object.keys(variants) }
    }
    const [single, mixed] = [await train('f32'), await train('mixed')]
    expect(mixed.products.filter((name) => name.startsWith('matmul')).every((name) => name.includes('f16'))).toBe(true)
    expect(single.products.some((name) => name.includes('f16'))).toBe(false)
    for (let i = 0; i < 20; i++) expect(Math.abs(mixed.loss[i]! - single.loss[i]!)).toBeLessThan(0.004 * single.loss[i]!)
    expect(mixed.loss.at(-1)!).toBeLessThan(0.5 * mixed.loss[0]!)
    expect(Math.abs(mixed.loss.at(-1)! - single.loss.at(-1)!)).toBeLessThan(0.05 * single.loss[0]!)
    const norm = (values: Float32Array) => Math.hypot(...values)
    expect(norm(mixed.gradient) / norm(single.gradient)).toBeGreaterThan(0.7)
    expect(norm(mixed.gradient) / norm(single.gradient)).toBeLessThan(1.4)
    engine.destroy()
  })
}
