import type { MatmulShape } from '../../src/kernels/shapes.ts'
import { matmulProblem } from '../../src/kernels/matmulProblem.ts'
import { randomNumbers } from '../random.ts'
import type { Workbench } from '../workbench.ts'
import { unwritten, type KernelCase, type NamedCase } from './kernel-case.ts'

export type Sides = 'nn' | 'nt' | 'tn' | 'tt'
/** m, n, k: the result is m × n. */
type Size = [m: number, n: number, k: number]

/** Every class of shape that a network asks for. */
const shapes: [Sides, Size][] = [
  ['nn', [256, 256, 256]],
  ...(['nn', 'nt', 'tn', 'tt'] as const).map((sides): [Sides, Size] => [sides, [512, 512, 512]]),
  ['nn', [1024, 1024, 1024]],
  // tall, and thin with a long inner dimension
  ['nt', [4096, 32, 256]],
  ['tn', [64, 64, 8192]],
  // a tiny batch, and a tiny output
  ['nt', [8, 1024, 1024]],
  ['nt', [256, 10, 1024]],
  ['tn', [10, 10, 8192]],
  // forward, ∂L/∂x and ∂L/∂weight of the digits' first layers, and of the wide network's
  ['nt', [128, 256, 784]],
  ['nn', [128, 256, 128]],
  ['tn', [256, 784, 128]],
  ['nt', [256, 1024, 1024]],
  ['nn', [256, 1024, 1024]],
  ['tn', [1024, 1024, 256]],
]
/** A software adapter would take seconds for these. */
const hardwareShapes: [Sides, Size][] = [
  ['nn', [2048, 2048, 2048]],
  ['nn', [4096, 4096, 4096]],
]
/** Entries of the result that are compared, the last among them. */
const samples = 256

export const matmulName = (sides: Sides, [m, n, k]: Size) => `matmul-${sides}-${m}x${n}x${k}`

export function matmulCases(software: boolean): NamedCase[] {
  return [...shapes, ...(software ? [] : hardwareShapes)].map(([sides, size]) => ({
    name: matmulName(sides, size),
    build: (bench) => matmulCase(bench, sides, size),
  }))
}

/** The factors of a product, the same for every engine. */
export const factors = ([m, n, k]: Size) => ({ a: randomNumbers(m * k, 1), b: randomNumbers(k * n, 2) })

/** With the variant that the tuner chooses on this adapter, as for a plan. */
async function matmulCase(bench: Workbench, sides: Sides, size: Size): Promise<KernelCase> {
  const [m, n, k] = size
  const shape = { m, n, k, transposeA: sides[0] === 't', transposeB: sides[1] === 't' }
  const { a, b } = factors(size)
  const output = unwritten(m * n)
  const { name: variant, kernel } = await bench.candidateFor(matmulProblem(shape))
  const sampled = sampledEntries(m * n)
  return {
    name: matmulName(sides, size),
    unit: 'GFLOP/s',
    operations: 2 * m * n * k,
    bytes: 4 * (m * k + k * n + m * n),
    calls: [{ kernel, buffers: [a, b, output] }],
    output,
    expected: () => sampled.map((at) => entry(a, b, shape, at)),
    sampled,
    tolerance: 1e-5 * Math.max(1, Math.sqrt(k) / 16),
    variant,
    ...(sides === 'nn' && { peer: (other) => other.matmul?.(m, n, k) }),
  }
}

export function sampledEntries(count: number): number[] {
  return Array.from({ length: samples }, (_, i) => (i === samples - 1 ? count - 1 : (i * 7919 + i * i * 131) % count))
}

/** One entry of the product, in float64. */
export function entry(a: ArrayLike<number>, b: ArrayLike<number>, { m, n, k, transposeA, transposeB }: MatmulShape, at: number): number {
  const [row, column] = [Math.floor(at / n), at % n]
  let sum = 0
  for (let i = 0; i < k; i++) sum += a[transposeA ? i * m + row : row * k + i]! * b[transposeB ? column * k + i : i * n + column]!
  return sum
}
