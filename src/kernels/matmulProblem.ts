import type { ActivationName } from '../model/types.ts'
import { derivativeFrom } from './activation.ts'
import { matmul, type MatmulEpilogue } from './matmul.ts'
import { candidates, plainVariant, variantName, type MatmulVariant } from './matmulVariants.ts'
import { noiseOf, type Candidate, type Problem, type Sample } from './problem.ts'
import { activations } from './reference/activation.ts'
import type { MatmulShape } from './reference/matmul.ts'

/** Entries of C held against float64, spread over all of it. */
const samples = 240
/** Of the sum of the products' magnitudes: what float32 loses on the way, many times over. */
const tolerance = 2e-6
/** What undoes a half-precision operand's scale, in the sample. */
const undo = 2 ** -9

/** C = epilogue(op(A) · op(B)) as a problem for the tuner. */
export function matmulProblem(shape: MatmulShape, epilogue: MatmulEpilogue = {}): Problem {
  const { m, n, k, batch = 1 } = shape
  const flops = 2 * m * n * k * batch
  const candidate = (variant: MatmulVariant): Candidate => ({ name: variantName(variant), kernel: matmul(shape, epilogue, variant) })
  return {
    name: nameOf(shape, epilogue),
    flops,
    plain: candidate(plainVariant(shape)),
    candidates: (adapter) => candidates(shape, adapter).map(candidate),
    sample: () => sampleOf({ batch: 1, transposeA: false, transposeB: false, half: false, ...shape }, epilogue),
  }
}

function nameOf({ m, n, k, transposeA, transposeB, half, batch = 1 }: MatmulShape, epilogue: MatmulEpilogue): string {
  const { bias, activation, derivative, keep, keptRows, scaled } = epilogue
  const kept = keep && `keep${keptRows === undefined ? '' : ` ${keptRows}`}`
  const words = [half && 'f16', scaled && 'scaled', bias && 'bias', activation, derivative && `${derivative}′`, kept].filter(Boolean)
  return `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'} ${m}×${n}×${k}${batch > 1 ? `×${batch}` : ''}${words.length ? ` ${words.join(' ')}` : ''}`
}

function sampleOf(shape: Required<MatmulShape>, epilogue: MatmulEpilogue): Sample {
  const { m, n, k, batch, half } = shape
  const { bias, derivative, parameter = 0, keep, scaled } = epilogue
  const a = noiseOf(batch * m * k, 1)
  const b = noiseOf(batch * k * n, 2)
  const last = noiseOf(derivative ? batch * m * n : n, 3) // the bias, or what the activation was applied to
  const saved =
    derivative && derivativeFrom(derivative as ActivationName, parameter) === 'output'
      ? last.map(formula(derivative, parameter).forward)
      : last
  const stored = (values: Float32Array<ArrayBuffer>) => (half ? Uint16Array.from(values, halfBits) : values)
  const c = new Float32Array(batch * m * n)
  const buffers: Sample['buffers'] = [stored(a), stored(b), c]
  if (keep) buffers.push(c)
  if (scaled) buffers.push(Float32Array.of(0, 0, 0, undo))
  if (bias || derivative) buffers.push(saved)
  return { buffers, output: 2, check: (result) => wrongEntry(result, shape, epilogue, { a, b, last }) }
}

function wrongEntry(
  c: Float32Array,
  { m, n, k, batch, transposeA, transposeB }: Required<MatmulShape>,
  { bias, activation, derivative, parameter = 0, scaled }: MatmulEpilogue,
  { a, b, last }: { a: Float32Array; b: Float32Array; last: Float32Array },
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
    if (scaled) sum *= undo
    if (bias) sum += last[column]!
    const expected = derivative
      ? sum * formula(derivative, parameter).derivative(last[at]!)
      : activation
        ? formula(activation, parameter).forward(sum)
        : sum
    if (!(Math.abs(c[at]! - expected) <= tolerance * (size + 1))) return `C[${row}, ${column}] is ${c[at]}, expected ${expected}`
  }
  return undefined
}

const formula = (name: string, parameter: number) => activations[name as ActivationName](parameter)

/** The bits in half precision of a multiple of 1/1024 in [−1, 1), which has room there. */
function halfBits(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024)
}
