import { derivativeFrom, formulaOf, type ActivationName } from '../model/catalogue/activations.ts'
import { noiseOf } from './problem.ts'

/**
 * What happens to a product's sum before it is stored (shaders/matmulStore.wgsl): C = activate(normalize(sum + bias)), or C = sum · derivative(saved).
 */
export interface Epilogue {
  bias?: boolean
  /** By running statistics, as batchNorm does in evaluation; the number is its eps. */
  normalize?: number
  /** Shader of the activation: `tanh`, … */
  activation?: string
  /** Shader of the activation whose derivative, taken from what the activation kept, multiplies the sum. */
  derivative?: string
  /** The activation's slope or alpha. */
  parameter?: number
  /** Also stores what stood before the activation or derivative: of the first `keptRows` rows, of all unless given. */
  keep?: boolean
  keptRows?: number
  /** The sum is first multiplied by what undoes the scale of an operand (kernels/half.ts). */
  scaled?: boolean
}

/**
 * What a kernel with an epilogue binds after A, B and C: with `keep` what C was before; with `scaled` the range; bias `[n]` or saved `[m, n]`; with
 * `normalize` running mean, running variance, weight and bias `[n]`.
 */
export function epilogueAccess({ keep, scaled, bias, derivative, normalize }: Epilogue): ('read' | 'write')[] {
  const reads = Number(scaled ?? false) + Number(Boolean(bias) || derivative !== undefined) + (normalize === undefined ? 0 : 4)
  return [...(keep ? (['write'] as const) : []), ...Array.from({ length: reads }, () => 'read' as const)]
}

/** For a product of `rows` rows. */
export function epilogueDefines(epilogue: Epilogue, rows: number) {
  const { bias = false, normalize, activation, derivative, parameter = 0, keep = false, keptRows = rows, scaled = false } = epilogue
  return {
    KEEP: Number(keep),
    KEPT: keptRows,
    KEPT_SOME: Number(keptRows < rows),
    SCALED: Number(scaled),
    BIAS: Number(bias),
    NORMALIZE: Number(normalize !== undefined),
    EPS: `${Math.fround(normalize ?? 0)}f`,
    DERIVATIVE: Number(derivative !== undefined),
    ACTIVATION: derivative ?? activation ?? 'identity',
    SLOPE: `${Math.fround(parameter)}f`,
  }
}

/** Floating-point operations for each number that is stored: an elementary function is one. */
export const epilogueFlops = ({ bias, normalize, activation, derivative, scaled }: Epilogue = {}): number =>
  Number(bias ?? false) + (normalize === undefined ? 0 : 4) + (activation ? 1 : 0) + (derivative ? 2 : 0) + Number(scaled ?? false)

/** For the name of a problem, or a label. */
export function epilogueWords({ bias, normalize, activation, derivative, keep, keptRows, scaled }: Epilogue): string[] {
  const kept = keep && `keep${keptRows === undefined ? '' : ` ${keptRows}`}`
  const words = [
    scaled && 'scaled',
    bias && 'bias',
    normalize !== undefined && 'normalize',
    activation,
    derivative && `${derivative}′`,
    kept,
  ]
  return words.filter((word) => typeof word === 'string')
}

/** What undoes a half-precision operand's scale, in the sample. */
const undo = 2 ** -9
const formula = (name: string, parameter: number) => formulaOf(name as ActivationName, parameter)

/** Numbers for what an epilogue binds, beside a C of `numbers` numbers in rows of `columns`, and what it makes of a sum for one of them. */
export function epilogueSample(epilogue: Epilogue, numbers: number, columns: number) {
  const { bias, normalize, activation, derivative, parameter = 0, keep, scaled } = epilogue
  const last = noiseOf(derivative ? numbers : columns, 4) // the bias, or what the activation was applied to
  const saved =
    derivative && derivativeFrom(derivative as ActivationName, parameter) === 'output'
      ? last.map(formula(derivative, parameter).forward)
      : last
  const [mean, spread, weight, shift] = [5, 6, 7, 8].map((seed) => noiseOf(columns, seed)) as [Floats, Floats, Floats, Floats]
  const variance = spread.map((value) => 1 + value / 2)
  const buffers: Floats[] = []
  if (keep) buffers.push(new Float32Array(numbers))
  if (scaled) buffers.push(Float32Array.of(0, 0, 0, undo))
  if (bias || derivative) buffers.push(saved)
  if (normalize !== undefined) buffers.push(mean, variance, weight, shift)
  /** `at`: place in C; `column`: its column, counted over all groups. */
  const finish = (product: number, at: number, column: number) => {
    let sum = scaled ? product * undo : product
    if (bias) sum += last[column]!
    if (normalize !== undefined) sum = ((sum - mean[column]!) / Math.sqrt(variance[column]! + normalize)) * weight[column]! + shift[column]!
    if (derivative) return sum * formula(derivative, parameter).derivative(last[at]!)
    return activation ? formula(activation, parameter).forward(sum) : sum
  }
  return { buffers, finish }
}

type Floats = Float32Array<ArrayBuffer>
