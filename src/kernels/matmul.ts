import type { Kernel } from '../gpu/kernel.ts'
import { epilogueAccess, epilogueDefines, type Epilogue } from './epilogue.ts'
import { depthOf, plainVariant, strips, threadsOf, tileOf, variantName, type MatmulVariant } from './matmulVariants.ts'
import type { MatmulShape } from './shapes.ts'

/** Sums that a thread finishes where they stand; more are finished in a loop. */
const finishedAtOnce = 16

/** Whether the shader finishes its sums in a loop. */
export const finishes = ({ activation, derivative }: Epilogue, variant: MatmulVariant): number =>
  Number(Boolean(activation ?? derivative) && variant.kind === 'registers' && variant.rows * variant.columns > finishedAtOnce)

/** C `[batch, m, n]` = epilogue(op(A) · op(B)). Binds A, B, C and what the epilogue needs. */
export function matmul(shape: MatmulShape, epilogue: Epilogue = {}, variant: MatmulVariant = plainVariant(shape)): Kernel {
  const { m, n, k, transposeA = false, transposeB = false, half = false, batch = 1 } = shape
  const { activation, derivative } = epilogue
  const [rows, columns] = tileOf(variant)
  const reads = variantDefines(variant, shape)
  return {
    label: `matmul ${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'} ${m}×${n}×${k}${half ? ' f16' : ''}${activation ? ` ${activation}` : ''}${derivative ? ` ${derivative}′` : ''} (${variantName(variant)})`,
    shader: shaders[variant.kind],
    defines: {
      M: m,
      N: n,
      K: k,
      BATCH: batch,
      GROUPS: 1,
      CLASSES: 1,
      TRANSPOSE_A: Number(transposeA),
      TRANSPOSE_B: Number(transposeB),
      TM: variant.rows,
      TN: variant.columns,
      GUARD: Number(m % rows !== 0 || n % columns !== 0),
      HALF: Number(half),
      FINISH: finishes(epilogue, variant),
      ...epilogueDefines(epilogue, m),
      ...reads,
      ...extents(shape, epilogue, reads),
    },
    access: ['read', 'read', 'write', ...epilogueAccess(epilogue)],
    workgroups: [Math.ceil(n / columns), Math.ceil(m / rows), batch],
  }
}

/** Words that end the type of an array: how long it is. */
function extents(
  { m, n, k, batch = 1 }: MatmulShape,
  { keptRows = m }: Epilogue,
  widths: Record<'WIDTH_A' | 'WIDTH_B' | 'WIDTH_C', number>,
) {
  const extent = (numbers: number, width: number) => `, ${Math.floor(numbers / width)}`
  return {
    EXTENT_A: extent(batch * m * k, widths.WIDTH_A),
    EXTENT_B: extent(batch * n * k, widths.WIDTH_B),
    EXTENT_C: extent(batch * m * n, widths.WIDTH_C),
    EXTENT_KEPT: extent(batch * keptRows * n, widths.WIDTH_C),
    EXTENT_ROW: extent(n, widths.WIDTH_C),
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

function workgroupDefines(variant: Extract<MatmulVariant, { kind: 'workgroup' }>, { n }: MatmulShape) {
  const [x, y] = threadsOf(variant)
  const [BM, BN, BK] = variant.tile
  return { BM, BN, BK, TX: x, TY: y, AHEAD: Number(variant.ahead), WIDTH_A: 4, WIDTH_B: 4, WIDTH_C: n % 4 === 0 ? 4 : 1 }
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
