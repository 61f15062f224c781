import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activationNames, defaultParameter, formulaOf } from '../../src/model/catalogue/activations.ts'
import { matmul } from '../../src/kernels/matmul.ts'
import * as reference from '../../src/kernels/reference/matmul.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'
import { floor, sides, testVariants, tolerance } from './matmul-variants.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

const sizes = [
  { m: 1, n: 1, k: 1 },
  { m: 17, n: 5, k: 3 },
  { m: 33, n: 300, k: 129 },
  { m: 4, n: 4, k: 8 },
  { m: 1, n: 10, k: 257 },
  { m: 64, n: 31, k: 64 },
  { m: 7, n: 13, k: 9, batch: 3 },
  { m: 10, n: 5, k: 1500 },
  { m: 17, n: 64, k: 1025, batch: 2 },
]

describe.each(sides)('A transposed $transposeA, B transposed $transposeB', (transposes) => {
  test.each(sizes)('$m × $n × $k', async (size) => {
    const shape = { ...size, ...transposes }
    const { m, n, k, batch = 1 } = shape
    const a = randomNumbers(batch * m * k)
    const b = randomNumbers(batch * k * n, 1, 0, 2)
    const [c] = await runKernel(bench, matmul(shape), [a, b, unwritten(batch * m * n)])
    expectClose(c!, reference.matmul(a, b, shape), tolerance, floor(k))
  })
})

const shape = { m: 19, n: 11, k: 21, transposeB: true }
const a = randomNumbers(shape.m * shape.k)
const b = randomNumbers(shape.n * shape.k, 1, 0, 2)
const product = reference.matmul(a, b, shape)

test('bias and every activation as epilogue', async () => {
  const bias = randomNumbers(shape.n, 1, 0, 3)
  for (const name of activationNames) {
    const { forward } = formulaOf(name)
    const kernel = matmul(shape, { bias: true, activation: name, parameter: defaultParameter(name) })
    const [c] = await runKernel(bench, kernel, [a, b, unwritten(shape.m * shape.n), bias])
    expectClose(c!, reference.addBias(product, bias).map(forward), tolerance, floor(shape.k), name)
  }
})

test('the derivative of an activation, taken from its output, as epilogue', async () => {
  const x = randomNumbers(shape.m * shape.n, 2, 0, 4)
  for (const name of ['relu', 'leakyRelu', 'tanh', 'sigmoid', 'softplus'] as const) {
    const { forward, derivative } = formulaOf(name)
    const kernel = matmul(shape, { derivative: name, parameter: defaultParameter(name) })
    const [c] = await runKernel(bench, kernel, [a, b, unwritten(shape.m * shape.n), Float32Array.from(x, forward)])
    const expected = product.map((value, i) => value * derivative(x[i]!))
    expectClose(c!, expected, tolerance, floor(shape.k), name)
  }
})

test('a NaN in one row of A stays in that row of C', async () => {
  const bad = Float32Array.from(a)
  bad[3 * shape.k + 2] = NaN
  const [c] = await runKernel(bench, matmul(shape), [bad, b, unwritten(shape.m * shape.n)])
  c!.forEach((value, i) => expect(Number.isNaN(value), `element ${i}`).toBe(Math.floor(i / shape.n) === 3))
})

describe('variants', () => {
  // The others: kernels-matmul.full.test.ts.
  testVariants([{ transposeA: false, transposeB: true }], [0, 2])
})
