import { activationForward } from '../../src/kernels/activation.ts'
import { columnSum } from '../../src/kernels/columnSum.ts'
import { lossKernel } from '../../src/kernels/loss.ts'
import { matmul } from '../../src/kernels/matmul.ts'
import * as reference from '../../src/kernels/reference/activation.ts'
import { loss } from '../../src/kernels/reference/loss.ts'
import type { ActivationName } from '../../src/model/types.ts'
import { randomNumbers } from '../random.ts'
import type { StepFields } from '../step-fields.ts'
import type { Call, Numbers, Workbench } from '../workbench.ts'
import { errorOf, unwritten } from '../kernels/kernel-case.ts'
import type { SuiteContext } from './context.ts'

/** Properties that shaders lose on some adapters without a word: each is looked at before anything is timed. */
export async function runNumerics(context: SuiteContext): Promise<void> {
  const bench = await context.workbench()
  context.stage('kernels: numerics')
  for (const [name, look] of checks) {
    try {
      const error = await look(bench)
      context.numerics(
        typeof error === 'number' ? { name, ok: error <= tolerance, error: finite(error) } : { name, ok: error, error: null },
      )
    } catch (error) {
      context.note(`The check “${name}” failed: ${error instanceof Error ? error.message : String(error)}`)
      context.numerics({ name, ok: false, error: null })
    }
  }
}

const tolerance = 1e-5
const finite = (value: number) => (Number.isFinite(value) ? value : null)

/** An error, held to the tolerance, or whether the property holds. */
type Check = [name: string, look: (bench: Workbench) => Promise<number | boolean>]

const checks: Check[] = [
  ['tanh stays finite and right up to ±10,000', (bench) => activationAt(bench, 'tanh', [-1e4, -100, -15, -1e-4, 0, 1e-4, 15, 100, 1e4])],
  ['sigmoid stays finite and right up to ±1,000', (bench) => activationAt(bench, 'sigmoid', [-1000, -100, -20, 0, 20, 100, 1000])],
  ['softplus stays finite and right up to ±1,000', (bench) => activationAt(bench, 'softplus', [-1000, -100, 0, 100, 1000])],
  ['gelu agrees with its definition, not with its approximation', (bench) => activationAt(bench, 'gelu', [-6, -3, -1, -0.1, 0.1, 1, 3, 6])],
  ['cross-entropy stays finite for logits of ±10,000', extremeLogits],
  ['a NaN passes through an activation', nanThroughActivation],
  ['a NaN passes through a matrix product', nanThroughMatmul],
  ['an infinity passes through a matrix product', infinityThroughMatmul],
  ['a NaN passes through a sum', nanThroughSum],
  ['products of odd sizes write nothing beyond their result', nothingBeyond],
  ['numbers of very different size are not lost in a product', mixedSizes],
  ['the same product twice gives the same bits', sameBits],
]

async function run(bench: Workbench, call: Call, output: Numbers, step: StepFields = {}): Promise<Float32Array> {
  const prepared = await bench.prepare('numerics', [call], step)
  try {
    await prepared.once()
    return new Float32Array(await prepared.read(output))
  } finally {
    prepared.destroy()
  }
}

async function activationAt(bench: Workbench, name: ActivationName, points: number[]): Promise<number> {
  const [x, y] = [Float32Array.from(points), unwritten(points.length)]
  const found = await run(bench, { kernel: activationForward(name, undefined, points.length), buffers: [x, y] }, y)
  // Each beside its own size, from 0.01 on: the largest must not hide the small.
  const expected = reference.activate(name, x)
  return Math.max(...found.map((value, i) => Math.abs(value - expected[i]!) / Math.max(0.01, Math.abs(expected[i]!))).map(orInfinity))
}
const orInfinity = (value: number) => (Number.isFinite(value) ? value : Infinity)

async function extremeLogits(bench: Workbench): Promise<number> {
  const x = new Float32Array([1e4, -1e4, 0, 5, -1e4, 1e4, 1e4, 0])
  const [labels, gradient] = [new Int32Array([0, 2]), unwritten(8)]
  const call = { kernel: lossKernel('crossEntropy', 2, 4), buffers: [x, labels, gradient, unwritten(4)] }
  return errorOf(await run(bench, call, gradient, { batchCount: 2, meanOver: 2 }), loss('crossEntropy', x, labels, 2, 4).gradient)
}

async function nanThroughActivation(bench: Workbench): Promise<boolean> {
  const [x, y] = [new Float32Array([1, NaN, -1, NaN]), unwritten(4).fill(7)]
  for (const name of ['relu', 'tanh', 'sigmoid'] as const) {
    const found = await run(bench, { kernel: activationForward(name, undefined, 4), buffers: [x, y] }, y)
    if (![1, 3].every((i) => Number.isNaN(found[i]!)) || Number.isNaN(found[0]!)) return false
  }
  return true
}

const odd = { m: 5, n: 7, k: 3 }
async function product(bench: Workbench, a: Numbers, b: Numbers, shape = odd): Promise<Float32Array> {
  const c = unwritten(shape.m * shape.n + 8).fill(7)
  return run(bench, { kernel: matmul(shape), buffers: [a, b, c] }, c)
}

async function nanThroughMatmul(bench: Workbench): Promise<boolean> {
  const [a, b] = [randomNumbers(15, 1), randomNumbers(21, 2)]
  a[3] = NaN // row 1
  const found = await product(bench, a, b)
  return [...found.subarray(0, 35)].every((value, i) => Number.isNaN(value) === (Math.floor(i / 7) === 1))
}

async function infinityThroughMatmul(bench: Workbench): Promise<boolean> {
  const [a, b] = [randomNumbers(15, 1).fill(1), randomNumbers(21, 2).fill(1)]
  a[0] = Infinity
  const found = await product(bench, a, b)
  return [...found.subarray(0, 35)].every((value, i) => (i < 7 ? value === Infinity : value === 3))
}

async function nanThroughSum(bench: Workbench): Promise<boolean> {
  const [x, sums] = [randomNumbers(1024 * 3, 1), unwritten(3).fill(7)]
  x[3 * 700 + 1] = NaN
  const found = await run(bench, { kernel: columnSum(1024, 3), buffers: [x, sums] }, sums)
  return Number.isNaN(found[1]!) && !Number.isNaN(found[0]!) && !Number.isNaN(found[2]!)
}

async function nothingBeyond(bench: Workbench): Promise<boolean> {
  const found = await product(bench, randomNumbers(15, 1), randomNumbers(21, 2))
  return [...found.subarray(35)].every((value) => value === 7) && found.subarray(0, 35).every((value) => value !== 7)
}

/** 2^12 + tiny summands that float32 holds only when they are added in pieces. */
async function mixedSizes(bench: Workbench): Promise<number> {
  const k = 1024
  const a = new Float32Array(k).fill(2 ** -10)
  a[0] = 2 ** 12
  const found = await product(bench, a, new Float32Array(k).fill(1), { m: 1, n: 1, k })
  return Math.abs(found[0]! - (2 ** 12 + (k - 1) * 2 ** -10)) / 2 ** 12
}

async function sameBits(bench: Workbench): Promise<boolean> {
  const shape = { m: 65, n: 33, k: 257 }
  const [a, b] = [randomNumbers(shape.m * shape.k, 1), randomNumbers(shape.k * shape.n, 2)]
  const [first, second] = [await product(bench, a, b, shape), await product(bench, a, b, shape)]
  return first.every((value, i) => Object.is(value, second[i]))
}
