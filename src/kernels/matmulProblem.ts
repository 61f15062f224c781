import { epilogueSample, epilogueWords, type Epilogue } from './epilogue.ts'
import { matmul } from './matmul.ts'
import { candidates, plainVariant, variantName, type MatmulVariant } from './matmulVariants.ts'
import { noiseOf, type Candidate, type Problem, type Sample } from './problem.ts'
import type { MatmulShape } from './shapes.ts'

/** Entries of C held against float64, spread over all of it. */
const samples = 240
/** Of the sum of the products' magnitudes: what float32 loses on the way, many times over. */
const tolerance = 2e-6

/** C = epilogue(op(A) · op(B)) as a problem for the tuner. */
export function matmulProblem(shape: MatmulShape, epilogue: Epilogue = {}): Problem {
  const { m, n, k, batch = 1 } = shape
  const flops = 2 * m * n * k * batch
  const product = productName(shape)
  const candidate = (variant: MatmulVariant): Candidate => ({ name: variantName(variant), kernel: matmul(shape, epilogue, variant) })
  return {
    name: [product, ...epilogueWords(epilogue)].join(' '),
    product,
    flops,
    plain: candidate(plainVariant(shape)),
    candidates: (adapter) => candidates(shape, adapter).map(candidate),
    sample: () => sampleOf({ batch: 1, transposeA: false, transposeB: false, half: false, ...shape }, epilogue),
  }
}

/** Without what happens to its sums. */
function productName({ m, n, k, transposeA, transposeB, half, batch = 1 }: MatmulShape): string {
  return `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'} ${m}×${n}×${k}${batch > 1 ? `×${batch}` : ''}${half ? ' f16' : ''}`
}

function sampleOf(shape: Required<MatmulShape>, epilogue: Epilogue): Sample {
  const { m, n, k, batch, half } = shape
  const a = noiseOf(batch * m * k, 1)
  const b = noiseOf(batch * k * n, 2)
  const stored = (values: Float32Array<ArrayBuffer>) => (half ? Uint16Array.from(values, halfBits) : values)
  const { buffers, finish } = epilogueSample(epilogue, batch * m * n, n)
  return {
    buffers: [stored(a), stored(b), new Float32Array(batch * m * n), ...buffers],
    output: 2,
    check: (result) => wrongEntry(result, shape, finish, { a, b }),
  }
}

function wrongEntry(
  c: Float32Array,
  { m, n, k, batch, transposeA, transposeB }: Required<MatmulShape>,
  finish: (sum: number, at: number, column: number) => number,
  { a, b }: { a: Float32Array; b: Float32Array },
): string | undefined {
  const count = batch * m * n
  for (let s = 0; s < Math.min(samples, count); s++) {
    const at = Math.floor((s * (count - 1)) / Math.max(1, Math.min(samples, count) - 1))
    const [z, row, column] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n]
    let [sum, size] = [0, 0]
    for (let i = 0; i < k; i++) {
      const term = a[z * m * k + (transposeA ? i * m + row : row * k + i)]! * b[z * k * n + (transposeB ? column * k + i : i * n + column)]!
      sum += term
      size += Math.abs(term)
    }
    const expected = finish(sum, at, column)
    if (!(Math.abs(c[at]! - expected) <= tolerance * (size + 1))) return `C[${row}, ${column}] is ${c[at]}, expected ${expected}`
  }
  return undefined
}

/** The bits in half precision of a multiple of 1/1024 in [−1, 1), which has room there. */
function halfBits(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024)
}
