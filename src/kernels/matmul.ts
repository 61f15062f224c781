import type { Kernel } from '../gpu/kernel.ts'
import { depthOf, plainVariant, strips, threadsOf, tileOf, variantName, type MatmulVariant } from './matmulVariants.ts'
import type { MatmulShape } from './reference/matmul.ts'

export type { MatmulShape } from './reference/matmul.ts'

/** What happens to a sum before it is stored: C = activate(sum + bias), or C = sum · derivative(saved). */
export interface MatmulEpilogue {
  bias?: boolean
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

/** Sums that a thread finishes where they stand; more are finished in a loop. */
const finishedAtOnce = 16

/** Whether the shader finishes its sums in a loop. */
export const finishes = ({ activation, derivative }: MatmulEpilogue, variant: MatmulVariant): number =>
  Number(Boolean(activation ?? derivative) && variant.kind === 'registers' && variant.rows * variant.columns > finishedAtOnce)

/** C `[batch, m, n]` = epilogue(op(A) · op(B)). Binds A, B, C; with `keep` what C was before; with `scaled` the range; then bias `[n]` or saved `[batch, m, n]`. */
export function matmul(shape: MatmulShape, epilogue: MatmulEpilogue = {}, variant: MatmulVariant = plainVariant(shape)): Kernel {
  const { m, n, k, transposeA = false, transposeB = false, half = false, batch = 1 } = shape
  const { bias = false, activation, derivative, parameter = 0, keep = false, scaled = false } = epilogue
  const [rows, columns] = tileOf(variant)
  const last = bias || derivative !== undefined
  return {
    label: `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'} ${m}×${n}×${k}${half ? ' f16' : ''}${activation ? ` ${activation}` : ''}${derivative ? ` ${derivative}′` : ''} (${variantName(variant)})`,
    shader: shaders[variant.kind],
    defines: {
      M: m,
      N: n,
      K: k,
      BATCH: batch,
      SIZE_A: batch * m * k,
      SIZE_B: batch * n * k,
      GROUPS: 1,
      CLASSES: 1,
      TRANSPOSE_A: Number(transposeA),
      TRANSPOSE_B: Number(transposeB),
      TM: variant.rows,
      TN: variant.columns,
      GUARD: Number(m % rows !== 0 || n % columns !== 0),
      KEEP: Number(keep),
      KEPT: epilogue.keptRows ?? m,
      HALF: Number(half),
      SCALED: Number(scaled),
      FINISH: finishes(epilogue, variant),
      BIAS: Number(bias),
      DERIVATIVE: Number(derivative !== undefined),
      ACTIVATION: derivative ?? activation ?? 'identity',
      SLOPE: `${Math.fround(parameter)}f`,
      ...variantDefines(variant, shape),
    },
    access: [
      'read',
      'read',
      'write',
      ...(keep ? (['write'] as const) : []),
      ...(scaled ? (['read'] as const) : []),
      ...(last ? (['read'] as const) : []),
    ],
    workgroups: [Math.ceil(n / columns), Math.ceil(m / rows), batch],
  }
}

const shaders: Record<MatmulVariant['kind'], string> = { registers: 'matmul', workgroup: 'matmulShared', strips: 'matmulStrips' }

/** Threads and sharing of a variant, and how it reads the operands of this shape. */
export function variantDefines(variant: MatmulVariant, shape: MatmulShape) {
  if (variant.kind === 'workgroup') return workgroupDefines(variant, shape)
  if (variant.kind === 'registers') return registerDefines(variant, shape)
  const [WX, WY] = variant.threads
  return { WX, WY, STRIPS: strips, KC: Math.ceil(shape.k / strips), WIDTH_A: 1, WIDTH_B: 1, WIDTH_C: 1 }
}

function workgroupDefines(variant: Extract<MatmulVariant, { kind: 'workgroup' }>, { n, transposeB }: MatmulShape) {
  const [x, y] = threadsOf(variant)
  const [BM, BN, BK] = variant.tile
  return { BM, BN, BK, TX: x, TY: y, WIDTH_A: 4, WIDTH_B: 4, WIDTH_C: !transposeB && n % 4 === 0 ? 4 : 1 }
}

function registerDefines(variant: Extract<MatmulVariant, { kind: 'registers' }>, shape: MatmulShape) {
  const { m, n, k, transposeA, transposeB } = shape
  const { rows, columns, threads, share } = variant
  const KU = depthOf(variant, shape)
  const SHARE = share === 'quad' ? 4 : (share ?? 1)
  const alongK = k % 4 === 0 && KU % 4 === 0
  const fours = n % 4 === 0 && columns % 4 === 0
  const wideA = transposeA ? m % 4 === 0 && rows % (4 * SHARE) === 0 : alongK
  return {
    WX: threads[0],
    WY: threads[1],
    KU,
    SHARE,
    QUAD: Number(share === 'quad'),
    WIDTH_A: wideA ? 4 : 1,
    ROWS_A: wideA && transposeA ? 4 : 1,
    STEP_A: wideA && !transposeA ? 4 : 1,
    WIDTH_B: (transposeB ? alongK : fours) ? 4 : 1,
    WIDTH_C: fours ? 4 : 1,
  }
}
