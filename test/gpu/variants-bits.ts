import { afterAll, beforeAll, expect, test } from 'vitest'
import { matmul } from '../../src/kernels/matmul.ts'
import { candidates, plainVariant, variantName, type MatmulVariant } from '../../src/kernels/matmulVariants.ts'
import { lanesOf } from '../../src/kernels/adapter.ts'
import { openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

export interface Shape {
  m: number
  n: number
  k: number
  transposeA: boolean
  transposeB: boolean
}

/** A test for each of these shapes, of every so many of the candidates: what the tuner chooses must not change a run, so each variant adds along k in order, one product after the other. */
export function testBits(shapes: Shape[], every = 1): void {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench.gpu.destroy())

  test.each(shapes)('candidates give the same bits, $m × $n × $k, A transposed $transposeA, B transposed $transposeB', async (shape) => {
    const epilogue = { bias: true, activation: 'tanh' }
    const inputs = [randomNumbers(shape.m * shape.k), randomNumbers(shape.n * shape.k, 1, 0, 2)]
    const bias = randomNumbers(shape.n, 1, 0, 3)
    const compute = async (variant: MatmulVariant = plainVariant(shape)) =>
      (await runKernel(bench, matmul(shape, epilogue, variant), [...inputs, unwritten(shape.m * shape.n), bias]))[0]!
    const expected = await compute()
    const others = candidates(shape, { software: bench.gpu.adapter.software, lanes: lanesOf(bench.gpu) }).filter(
      (variant) => variantName(variant) !== variantName(plainVariant(shape)),
    )
    expect(others.length).toBeGreaterThan(0)
    for (const variant of others.filter((_, i) => i % every === 0)) expect(await compute(variant), variantName(variant)).toEqual(expected)
  })
}
