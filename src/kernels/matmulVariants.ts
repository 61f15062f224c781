/** The shapes in which a matrix product can be computed; the tuner chooses among them for each product and adapter. */
import type { MatmulShape } from './shapes.ts'

/** Accumulators in registers, operands straight from storage (shaders/matmul.wgsl). */
export interface RegisterTile {
  kind: 'registers'
  /** Rows and columns of a thread, values of k a turn. */
  rows: number
  columns: number
  depth: number
  /** Threads of a workgroup along the columns and along the rows. */
  threads: readonly [number, number]
  /** How lanes share what they load of A: not at all, within quads, or by broadcasts in subgroups of this size. */
  share?: 'quad' | number
}

/** Operands by tiles in workgroup memory (shaders/matmulShared.wgsl). */
export interface WorkgroupTile {
  kind: 'workgroup'
  /** Rows, columns and values of k of a tile. */
  tile: readonly [number, number, number]
  /** Rows and columns of a thread. */
  rows: number
  columns: number
  /** Whether the next tile is on its way while this one is multiplied. */
  ahead: boolean
}

/** For a small C and a long k: threads share a tile, each with a strip of k (shaders/matmulStrips.wgsl). */
export interface StripTile {
  kind: 'strips'
  /** Rows and columns of a tile. */
  rows: number
  columns: number
  /** Tiles of a workgroup along the columns and along the rows. */
  threads: readonly [number, number]
}

export type MatmulVariant = RegisterTile | WorkgroupTile | StripTile

/** What an adapter offers to lanes beside each other. */
export interface Lanes {
  subgroups: boolean
  /** The subgroup's size where every subgroup has the same, else 0. */
  size: number
  /** Memory of a workgroup. */
  workgroupBytes: number
}

/** Fits every shape whose k is not split. */
export const plainTile: RegisterTile = { kind: 'registers', rows: 4, columns: 4, depth: 4, threads: [8, 8] }

/** Threads that share a long k. */
export const strips = 16
const stripTiles: StripTile[] = [
  { kind: 'strips', rows: 4, columns: 4, threads: [2, 2] },
  { kind: 'strips', rows: 8, columns: 8, threads: [1, 1] },
  { kind: 'strips', rows: 2, columns: 2, threads: [2, 2] },
]
/** Entries of C up to which tiles alone leave most of a GPU idle, and values of k from which on strips of it are worth their barrier. */
const smallResult = 1024
const longSum = 1024

/** Whether k is split: the shape alone decides, so that every variant adds in the same order. */
const isSplit = ({ m, n, k }: MatmulShape): boolean => m * n <= smallResult && k >= longSum

/** Right on every adapter and quick to compile. */
export const plainVariant = (shape: MatmulShape): RegisterTile | StripTile => (isSplit(shape) ? stripTiles[0]! : plainTile)

export function variantName(variant: MatmulVariant): string {
  if (variant.kind === 'strips') return `strips${strips} ${variant.rows}×${variant.columns}`
  if (variant.kind === 'workgroup')
    return `workgroup ${variant.tile.join('×')} ${variant.rows}×${variant.columns}${variant.ahead ? ' ahead' : ''}`
  const { rows, columns, depth, threads, share } = variant
  return `${share === 'quad' ? 'quad' : share ? `broadcast${share}` : 'registers'} ${rows}×${columns}×${depth} ${threads.join('×')}`
}

/** The values of k a turn that divide k: the variant's own or the largest half of it. */
export function depthOf({ depth }: RegisterTile, { k }: MatmulShape): number {
  let divisor = depth
  while (k % divisor) divisor = Math.floor(divisor / 2)
  return divisor
}

/** Whether the shader can be expanded for the shape. */
export function fits(variant: MatmulVariant, shape: MatmulShape): boolean {
  const { m, n, k, transposeA, transposeB } = shape
  if ((variant.kind === 'strips') !== isSplit(shape)) return false
  if (variant.kind === 'strips') return true
  // Each of the lanes that share loads as many of the rows.
  if (variant.kind === 'registers') return variant.rows % (variant.share === 'quad' ? 4 : (variant.share ?? 1)) === 0
  const [rows, columns, depth] = variant.tile
  const [x, y] = threadsOf(variant)
  const loads = x * y * 4
  return (
    (!transposeA || variant.rows % 4 === 0) &&
    (transposeA ? m : k) % 4 === 0 &&
    (transposeB ? k : n) % 4 === 0 &&
    (rows * depth) % loads === 0 &&
    (columns * depth) % loads === 0
  )
}

/** Bytes of workgroup memory for both tiles, with what sets rows along k apart (shaders/matmulShared.wgsl). */
function workgroupBytes({ tile: [rows, columns, depth], ...own }: WorkgroupTile, { transposeA, transposeB }: MatmulShape): number {
  const part = (count: number, each: number, apart: boolean) => (count / each) * ((each * depth) / 4 + (apart ? 1 : 0)) * 16
  return part(rows, own.rows, !transposeA) + part(columns, own.columns, transposeB === true)
}

/** Threads of a workgroup along the columns and along the rows. */
export function threadsOf(variant: MatmulVariant): readonly [number, number] {
  if (variant.kind !== 'workgroup') return variant.threads
  return [variant.tile[1] / variant.columns, variant.tile[0] / variant.rows]
}

/** Rows and columns of C that a workgroup computes. */
export function tileOf(variant: MatmulVariant): [number, number] {
  const [x, y] = threadsOf(variant)
  return [variant.rows * y, variant.columns * x]
}

const registers = (rows: number, columns: number, depth: number, threads: readonly [number, number]): RegisterTile => ({
  kind: 'registers',
  rows,
  columns,
  depth,
  threads,
})
const shared = (rows: number, columns: number, depth: number, lanes: number, share: 'quad' | number): RegisterTile => ({
  ...registers(rows, columns, depth, [lanes, 1]),
  share,
})

/** Operations below which a product is over before anything but the plain tile has paid for its compiling. */
const tinyProduct = 1e5
/** Operations below which it is over before a second candidate has, so that only the likeliest is tried. */
const smallProduct = 2e6
/** Rows or columns up to which most of a large tile would lie idle; columns up to which most of any of four lanes with four columns each would. */
const narrowProduct = 16
const thinProduct = 8

/** What decides which large tiles would lie idle: at most 16 rows, at most 16 columns, at most 8. */
type Form = 'wide' | 'few rows' | 'few columns' | 'thin'
const forms: Form[] = ['wide', 'few rows', 'few columns', 'thin']

function formOf({ m, n }: MatmulShape): Form {
  if (n <= thinProduct) return 'thin'
  if (n <= narrowProduct) return 'few columns'
  return m <= narrowProduct ? 'few rows' : 'wide'
}

/** Tiles for adapters whose lanes are a processor's own: long rows of scalar registers, one subgroup a workgroup. Cheap to compile first. */
function softwareTiles({ subgroups, size }: Pick<Lanes, 'subgroups' | 'size'>, form: Form): MatmulVariant[] {
  if (!subgroups || !size) return [plainTile, registers(8, 4, 4, [4, 1]), registers(8, 8, 4, [4, 1])]
  if (size === 4) {
    const quads = (rows: number, columns: number, depth: number) => shared(rows, columns, depth, 4, 'quad')
    const tiles: Record<Form, RegisterTile[]> = {
      wide: [quads(32, 8, 4), quads(32, 8, 8), quads(64, 8, 4), quads(64, 8, 8), quads(32, 16, 8), quads(32, 8, 16), quads(16, 8, 8)],
      'few rows': [quads(16, 4, 4), quads(16, 4, 8), quads(16, 8, 8)],
      'few columns': [quads(32, 4, 8), quads(64, 4, 8), quads(16, 4, 4), quads(16, 4, 8)],
      thin: [quads(32, 2, 4), quads(32, 2, 8), quads(64, 2, 4), quads(16, 4, 4)],
    }
    return [...tiles[form], plainTile]
  }
  return [
    shared(16, 4, 4, size, size),
    shared(32, 8, 2, size, size),
    shared(24, 4, 4, size, size),
    shared(24, 8, 2, size, size),
    shared(32, 4, 2, size, size),
    shared(16, 8, 2, size, size),
    shared(8, 4, 4, size, size),
    plainTile,
  ]
}

const workgroup = (tile: readonly [number, number, number], rows: number, columns: number): WorkgroupTile => ({
  kind: 'workgroup',
  tile,
  rows,
  columns,
  ahead: true,
})

const [small, square, large] = [workgroup([32, 32, 32], 4, 4), workgroup([64, 64, 16], 4, 4), workgroup([128, 128, 16], 8, 8)]
const [long, dense] = [workgroup([128, 64, 16], 8, 8), workgroup([64, 64, 16], 8, 8)]
/** Entries of C below which tiles of 64 × 64 are too few for some hundred cores, and from which on there are enough of the largest. */
const [fewEntries, manyEntries] = [128 * 64 * 64, 128 * 128 * 128]

/** Tiles for GPUs: as narrow as the result; of wide ones, the more of them it has, the larger the ones to begin with. */
function hardwareTiles(entries: number, form: Form): MatmulVariant[] {
  if (form === 'thin') return [registers(4, 4, 4, [2, 32]), registers(8, 4, 4, [2, 32]), registers(4, 4, 4, [4, 16]), plainTile]
  if (form === 'few columns') return [registers(4, 4, 4, [4, 16]), registers(8, 4, 4, [4, 32]), registers(4, 4, 4, [4, 32]), plainTile]
  if (form === 'few rows') return [registers(2, 4, 8, [16, 8]), registers(4, 4, 4, [16, 4]), registers(2, 4, 8, [32, 4]), small, plainTile]
  if (entries < fewEntries)
    return [
      small,
      workgroup([32, 32, 64], 2, 4),
      square,
      registers(2, 4, 8, [16, 8]),
      workgroup([32, 32, 64], 4, 4),
      dense,
      registers(4, 4, 4, [16, 16]),
      plainTile,
    ]
  const [first, second] = entries < manyEntries ? [square, large] : [large, long]
  const others = [square, large, long, dense, small].filter((tile) => tile !== first && tile !== second)
  return [
    first,
    second,
    ...others,
    workgroup([128, 128, 8], 8, 8),
    { ...large, ahead: false },
    { ...square, ahead: false },
    registers(4, 4, 4, [16, 16]),
    registers(8, 4, 4, [16, 8]),
    registers(8, 8, 4, [16, 8]),
    plainTile,
  ]
}

/**
 * Every variant worth a try for the product on an adapter of this kind, the likeliest first. `flops` where there are more of the shape's products than it
 * tells.
 */
export function candidates(
  shape: MatmulShape,
  adapter: { software: boolean; lanes: Lanes },
  flops = 2 * shape.m * shape.n * shape.k * (shape.batch ?? 1),
): MatmulVariant[] {
  const { m, n, batch = 1 } = shape
  if (isSplit(shape)) return flops < smallProduct ? stripTiles.slice(0, 1) : stripTiles
  if (flops < tinyProduct || (!adapter.software && flops < smallProduct)) return [plainTile]
  const form = flops < smallProduct ? 'few rows' : formOf(shape)
  const all = adapter.software ? softwareTiles(adapter.lanes, form) : hardwareTiles(m * n * batch, form)
  const fitting = all.filter(
    (variant) => fits(variant, shape) && (variant.kind !== 'workgroup' || workgroupBytes(variant, shape) <= adapter.lanes.workgroupBytes),
  )
  return flops < smallProduct ? fitting.slice(0, 1) : fitting
}

/** Every variant that some adapter may be offered. */
export function everyVariant(): MatmulVariant[] {
  const sizes = [0, 4, 8, 16, 32]
  const software = sizes.flatMap((size) => forms.flatMap((form) => softwareTiles({ subgroups: size > 0, size }, form)))
  const hardware = [0, fewEntries, manyEntries].flatMap((entries) => forms.flatMap((form) => hardwareTiles(entries, form)))
  const all = [...software, ...hardware, ...stripTiles]
  return [...new Map(all.map((variant) => [variantName(variant), variant])).values()]
}
