import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activationBackward, activationForward } from '../../src/kernels/activation.ts'
import { activationNames, derivativeFrom, formulaOf } from '../../src/model/catalogue/activations.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, worstError, type Bench } from './harness.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.gpu.destroy())

// Magnitudes from 1e-6 to 80, both signs, and the places where implementations overflow or lose digits
const magnitudes = Array.from({ length: 2000 }, (_, i) => 1e-6 * 8e7 ** (i / 1999))
const points = Float32Array.from([...magnitudes, ...magnitudes.map((x) => -x), 0, -0, 1000, -1000])

describe.each(activationNames)('%s', (name) => {
  const { forward, derivative } = formulaOf(name)

  test('forward keeps float32 accuracy over its whole range', async () => {
    const [y] = await runKernel(bench, activationForward(name, undefined, points.length), [points, unwritten(points.length)])
    // Far out, e^(−x²/2) of a rounded square is all that gelu's tail can be
    expectClose(y!, Float64Array.from(points, forward), 2e-6, 1e-14)
  })

  test('backward multiplies by the derivative, from what it says it needs', async () => {
    const saved = derivativeFrom(name) === 'input' ? points : Float32Array.from(points, forward)
    const gradient = randomNumbers(points.length, 1, 2)
    const [dx] = await runKernel(bench, activationBackward(name, undefined, points.length), [saved, gradient, unwritten(points.length)])
    const expected = Float64Array.from(points, (x, i) => gradient[i]! * derivative(x))
    // Absolute near 0: gelu's and silu's derivatives cross it, and 1 − y² and y·(1 − y) inherit the rounding of y
    expectClose(dx!, expected, 2e-6, 0.2)
  })

  test.each([1, 7, 129])('%i elements', async (count) => {
    const x = randomNumbers(count, 3)
    const [y] = await runKernel(bench, activationForward(name, undefined, count), [x, unwritten(count)])
    expectClose(y!, Float64Array.from(x, forward), 2e-6)
  })

  test('NaN stays NaN and infinities do not become it', async () => {
    const x = new Float32Array([NaN, Infinity, -Infinity, 1])
    const [y] = await runKernel(bench, activationForward(name, undefined, 4), [x, unwritten(4)])
    expect(y![0]).toBeNaN()
    const limit = forward(1e38)
    if (limit > 1e30) expect(y![1]).toBeGreaterThan(1e30)
    else expect(y![1]).toBeCloseTo(limit, 6)
    expect(y![3]).toBeCloseTo(forward(1), 6)
  })
})

test.each([
  ['leakyRelu', 0.2],
  ['leakyRelu', -0.5],
  ['elu', 2.5],
] as const)('%s takes its parameter %d', async (name, parameter) => {
  const { forward, derivative } = formulaOf(name, parameter)
  const x = randomNumbers(130, 4)
  const [y] = await runKernel(bench, activationForward(name, parameter, 130), [x, unwritten(130)])
  expectClose(y!, Float64Array.from(x, forward), 2e-6)
  const saved = derivativeFrom(name, parameter) === 'input' ? x : y!
  const ones = new Float32Array(130).fill(1)
  const [dx] = await runKernel(bench, activationBackward(name, parameter, 130), [saved as Float32Array<ArrayBuffer>, ones, unwritten(130)])
  expectClose(dx!, Float64Array.from(x, derivative), 2e-6)
})

test('a wrong value is seen', () => {
  expect(worstError([1, 2], [1, 2.1]).error).toBeGreaterThan(0.04)
  expect(worstError([NaN], [1]).error).toBe(Infinity)
})
