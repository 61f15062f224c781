import { afterAll, beforeAll, test } from 'vitest'
import { matmul } from '../../src/kernels/matmul.ts'
import { fits, variantName, type MatmulVariant } from '../../src/kernels/matmulVariants.ts'
import { lanesOf } from '../../src/kernels/adapter.ts'
import * as reference from '../../src/kernels/reference/matmul.ts'
import { expectClose, openBench, randomNumbers, runKernel, unwritten, type Bench } from './harness.ts'

/** A sum of k products is off by about √k roundings of numbers up to 1. */
export const floor = (k: number): number => Math.sqrt(k)
export const tolerance = 1e-6

export interface Transposes {
  transposeA: boolean
  transposeB: boolean
}
export const sides: Transposes[] = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })))

/** Whole tiles, tiles cut at every side, several products at once. */
const shapes = [
  { m: 64, n: 64, k: 64 },
  { m: 37, n: 50, k: 48 },
  { m: 68, n: 20, k: 36, batch: 2 },
]

/** A test for each of these sides, of all kinds of variants, at the shapes of these numbers. */
export function testVariants(transposes: Transposes[], which = [0, 1, 2]): void {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(() => bench.gpu.destroy())

  // One of each kind, small: large tiles take seconds to compile on a software adapter, and the tuner checks them where it tries them.
  const variantsOf = (): MatmulVariant[] => {
    const { subgroups, size } = lanesOf(bench.gpu)
    const tile = { kind: 'registers', rows: 8, columns: 4, depth: 4 } as const
    return [
      { ...tile, threads: [8, 4] },
      { ...tile, rows: 3, columns: 2, depth: 1, threads: [4, 2] },
      ...(subgroups
        ? [{ ...tile, threads: [4, 1], share: 'quad' } as const, { ...tile, rows: 16, depth: 2, threads: [8, 2], share: 'quad' } as const]
        : []),
      ...(subgroups && size && size <= 8 ? [{ ...tile, threads: [size, 1], share: size } as const] : []),
      { kind: 'workgroup', tile: [32, 32, 16], rows: 4, columns: 4, ahead: true },
      { kind: 'workgroup', tile: [64, 32, 8], rows: 8, columns: 4, ahead: false },
      { kind: 'workgroup', tile: [32, 32, 32], rows: 2, columns: 4, ahead: true },
    ]
  }
  test.each(transposes)('each is right, A transposed $transposeA, B transposed $transposeB', async (stored) => {
    for (const size of shapes.filter((_, i) => which.includes(i))) {
      const shape = { ...size, ...stored }
      const { m, n, k, batch = 1 } = shape
      const left = randomNumbers(batch * m * k)
      const right = randomNumbers(batch * k * n, 1, 0, 2)
      const expected = reference.matmul(left, right, shape)
      for (const variant of variantsOf().filter((v) => fits(v, shape))) {
        const [c] = await runKernel(bench, matmul(shape, {}, variant), [left, right, unwritten(batch * m * n)])
        expectClose(c!, expected, tolerance, floor(k), `${variantName(variant)} ${m}×${n}×${k}`)
      }
    }
  })
}
