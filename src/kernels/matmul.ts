import { packParams, type Kernel } from '../gpu/kernel.ts'

export interface MatmulShape {
  m: number
  n: number
  k: number
  /** A is stored `[k, m]`. */
  transposeA?: boolean
  /** B is stored `[n, k]`. */
  transposeB?: boolean
  /** Independent products, one behind the other in every operand. */
  batch?: number
}

/** What happens to a sum before it is stored: C = activate(sum + bias), or C = sum · derivative(saved). */
export interface MatmulEpilogue {
  bias?: boolean
  /** Shader of the activation: `tanh`, … */
  activation?: string
  /** Shader of the activation whose derivative, taken from its output, multiplies the sum. */
  derivative?: string
  /** The activation's slope or alpha. */
  parameter?: number
}

const tile = 32

/** C `[batch, m, n]` = epilogue(op(A) · op(B)). Binds A, B, C, then bias `[n]` or saved `[batch, m, n]`. */
export function matmul(shape: MatmulShape, epilogue: MatmulEpilogue = {}): Kernel {
  const { m, n, k, transposeA = false, transposeB = false, batch = 1 } = shape
  const { bias = false, activation, derivative, parameter = 0 } = epilogue
  return {
    label: `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'} ${m}×${n}×${k}${activation ? ` ${activation}` : ''}${derivative ? ` ${derivative}′` : ''}`,
    shader: 'matmul',
    defines: {
      TRANSPOSE_A: transposeA,
      TRANSPOSE_B: transposeB,
      BIAS: bias,
      DERIVATIVE: derivative !== undefined,
      ACTIVATION: derivative ?? activation ?? 'identity',
    },
    params: packParams(m, n, k, { f: parameter }),
    access: ['read', 'read', 'write', ...(bias || derivative !== undefined ? (['read'] as const) : [])],
    workgroups: [Math.ceil(n / tile), Math.ceil(m / tile), batch],
  }
}
