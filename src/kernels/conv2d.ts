import { packParams, type Kernel } from '../gpu/kernel.ts'
import type { Defines } from '../gpu/preprocess.ts'
import { epilogueAccess, epilogueDefines, type Epilogue } from './epilogue.ts'
import { finishes, variantDefines } from './matmul.ts'
import { plainTile, tileOf, variantName, type RegisterTile } from './matmulVariants.ts'
import type { MatmulShape } from './shapes.ts'
import { outputSize, type ConvShape } from './shapes.ts'

/** The product that a pass is: m × n with sums of k, once for each group. */
export type ConvPass = 'forward' | 'input' | 'weight'

export function productOf(shape: ConvShape, pass: ConvPass): MatmulShape {
  const { batch, height, width, groups, kernel } = shape
  const [filters, channels, taps] = [shape.filters / groups, shape.channels / groups, kernel ** 2]
  const [outHeight, outWidth] = outputSize(shape)
  const positions = batch * outHeight * outWidth
  switch (pass) {
    case 'forward':
      return { m: positions, n: filters, k: channels * taps, transposeB: true, batch: groups }
    case 'input':
      return { m: batch * height * width, n: channels, k: filters * taps, batch: groups }
    case 'weight':
      return { m: filters, n: channels * taps, k: positions, transposeA: true, batch: groups }
  }
}

const kernelDefines = ({ kernel, stride, padding, dilation }: ConvShape) => ({
  KH: kernel,
  KW: kernel,
  STRIDE: stride,
  PADDING: padding,
  DILATION: dilation,
})

/** A tile for a convolution. */
export interface ConvTile extends RegisterTile {
  /** The sizes are constants of the module, which is faster; else they come with the dispatch, and layers that differ in nothing else share a pipeline. */
  sized?: boolean
}

/**
 * The sizes of a shader's `Sizes`, in order, as constants of the module or as a uniform. `lengths`: of its arrays, in numbers; where the sizes come with
 * the dispatch, an array is as long as what is bound.
 */
function given({ sized = false }: ConvTile, sizes: readonly number[], lengths: Record<'A' | 'B' | 'C' | 'KEPT' | 'ROW', number>): Given {
  const extents = Object.entries(lengths).map(([name, length]) => [`EXTENT_${name}`, sized ? `, ${length}` : ''])
  const words = { SIZED: Number(sized), SIZES: sized ? sizes.map((size) => `${size}u`).join() : '' }
  return { words: { ...words, ...Object.fromEntries(extents) }, ...(!sized && { params: packParams(...sizes) }) }
}
interface Given {
  words: Defines
  params?: ArrayBuffer
}

const nameOf = ({ batch, channels, height, width, filters, kernel, stride }: ConvShape) =>
  `${batch}×${channels}×${height}×${width} ${filters} of ${kernel}×${kernel}${stride > 1 ? ` stride ${stride}` : ''}`
const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
const divisorUpTo = (most: number, number: number) => {
  let divisor = Math.min(most, number)
  while (number % divisor) divisor--
  return divisor
}

/** Workgroups along the rows: more than 65,535 no adapter needs to take. */
const mostTiles = 32_768

/** Numbers that one turn takes from kernels of few channels: a row of taps. */
const mostInRow = 12

/** What a turn takes: channels, and taps of a row of the kernel. All at once where the channels are too few for vec4 and every tap counts. */
function turnOf(channels: number, kernel: number, depth: number, everyTap: boolean): { UC: number; UJ: number } {
  if (channels % 4 === 0) return { UC: channels % 8 === 0 && depth >= 8 ? 8 : 4, UJ: 1 }
  if (everyTap && channels * kernel <= mostInRow) return { UC: channels, UJ: kernel }
  return { UC: divisorUpTo(depth, channels), UJ: 1 }
}

/**
 * A convolution of images `[batch, height, width, channels]` by weights `[filters, kernel, kernel, channels / groups]`, forward or, from dy, ∂L/∂x. Binds A
 * (x, or dy), the weights, C, and what the epilogue needs, as `matmul` does.
 */
export function conv2d(shape: ConvShape, pass: 'forward' | 'input', epilogue: Epilogue = {}, variant: ConvTile = plainTile): Kernel {
  const { batch, channels, height, width, filters, groups } = shape
  const { activation, derivative } = epilogue
  const product = productOf(shape, pass)
  const { m, n } = product
  const [rows, columns] = tileOf(variant)
  const output = outputSize(shape)
  const [from, to] = pass === 'forward' ? [[height, width], output] : [output, [height, width]]
  const own = pass === 'forward' ? channels / groups : filters / groups
  // ∂L/∂x of a stride: a workgroup takes positions that have the same taps.
  const stride = pass === 'input' ? shape.stride : 1
  const classes = stride ** 2
  const [classHeight, classWidth] = [Math.ceil(to[0]! / stride), Math.ceil(to[1]! / stride)]
  const classRows = batch * classHeight * classWidth
  const step = stride / greatestDivisor(stride, shape.dilation)
  const { UC, UJ } = turnOf(own, shape.kernel, variant.depth, classes === 1)
  const wide = UC % 4 === 0
  const fours = n % 4 === 0 && variant.columns % 4 === 0
  const [widthA, widthB, widthC] = [wide ? 4 : 1, (pass === 'forward' ? wide : fours) ? 4 : 1, fours ? 4 : 1]
  const kept = epilogue.keptRows ?? m
  const tiles = Math.ceil(classRows / rows)
  const folds = Math.ceil(tiles / mostTiles)
  const sizes = [m, n, kept, own, from[1]!, from[0]!, to[1]!, to[0]!, classRows, classWidth, classHeight]
  const { words, ...bound } = given(variant, sizes, {
    A: (batch * from[0]! * from[1]! * own * groups) / widthA,
    B: (filters * channels * shape.kernel ** 2) / groups / widthB,
    C: (groups * m * n) / widthC,
    KEPT: (groups * kept * n) / widthC,
    ROW: (groups * n) / widthC,
  })
  return {
    label: `conv2d ${pass} ${nameOf(shape)}${activation ? ` ${activation}` : ''}${derivative ? ` ${derivative}′` : ''} (${variantName(variant)})`,
    shader: 'conv2d',
    defines: {
      ...variantDefines(variant, product),
      ...kernelDefines(shape),
      INPUT: Number(pass === 'input'),
      ...words,
      GROUPS: groups,
      CLASSES: classes,
      FLAT: Number(classes > 1 || variant.share !== undefined || own === UC),
      STEP: step,
      STRIDE_J: classes > 1 ? step : UJ,
      UC,
      UJ,
      KU: UC * UJ,
      TM: variant.rows,
      TN: variant.columns,
      TRANSPOSE_A: 0,
      TRANSPOSE_B: Number(pass === 'forward'),
      WIDTH_A: widthA,
      ROWS_A: 1,
      STEP_A: widthA,
      WIDTH_B: widthB,
      WIDTH_C: widthC,
      GUARD: Number(classes > 1 || m % rows !== 0 || n % columns !== 0 || folds > 1),
      FOLD: folds > 1 ? mostTiles : 0,
      HALF: 0,
      FINISH: finishes(epilogue, variant),
      ...epilogueDefines(epilogue, m),
    },
    ...bound,
    access: ['read', 'read', 'write', ...epilogueAccess(epilogue)],
    workgroups: [Math.ceil(n / columns), Math.min(tiles, mostTiles), groups * classes * folds],
  }
}

/** Threads that ∂L/∂weight aims at: its sums are long and few, and are split until so many are at work. */
const splitThreads = 2 ** 17
const mostSplits = 256

/** Into how many partial sums ∂L/∂weight is split; the shape alone decides, so that every variant adds in the same order. */
export function weightSplits(shape: ConvShape): number {
  const lines = shape.batch * outputSize(shape)[0]
  const numbers = (shape.filters * shape.channels * shape.kernel ** 2) / shape.groups
  const splits = Math.max(1, Math.min(lines, mostSplits, Math.floor(splitThreads / numbers)))
  return Math.ceil(lines / Math.ceil(lines / splits))
}

/** ∂L/∂weight in `weightSplits` partial sums `[splits, filters, kernel, kernel, channels / groups]`. Binds dy, x, the sums. */
export function conv2dWeight(shape: ConvShape, variant: ConvTile = plainTile): Kernel {
  const { batch, channels, height, width, filters, groups } = shape
  const product = productOf(shape, 'weight')
  const { m, n } = product
  const [rows, columns] = tileOf(variant)
  const [outHeight, outWidth] = outputSize(shape)
  const splits = weightSplits(shape)
  const lines = batch * outHeight
  const share = variant.share === 'quad' ? 4 : (variant.share ?? 1)
  const wideA = m % 4 === 0 && variant.rows % (4 * share) === 0
  const own = channels / groups
  const fours = own % 4 === 0 && variant.columns % 4 === 0
  const [widthA, widthB, widthC] = [wideA ? 4 : 1, fours ? 4 : 1, fours ? 4 : 1]
  const sizes = [m, n, m, own, outWidth, outHeight, width, height, Math.ceil(lines / splits), lines]
  const { words, ...bound } = given(variant, sizes, {
    A: (lines * outWidth * filters) / widthA,
    B: (batch * height * width * channels) / widthB,
    C: (splits * groups * m * n) / widthC,
    KEPT: (splits * groups * m * n) / widthC,
    ROW: n / widthC,
  })
  return {
    label: `conv2d weight ${nameOf(shape)} (${variantName(variant)})`,
    shader: 'conv2dWeight',
    defines: {
      ...variantDefines(variant, product),
      ...kernelDefines(shape),
      ...words,
      GROUPS: 1,
      CLASSES: 1,
      FILTER_GROUPS: groups,
      KU: divisorUpTo(variant.depth, outWidth),
      TM: variant.rows,
      TN: variant.columns,
      TRANSPOSE_A: 1,
      TRANSPOSE_B: 0,
      WIDTH_A: widthA,
      ROWS_A: widthA,
      STEP_A: 1,
      WIDTH_B: widthB,
      WIDTH_C: widthC,
      GUARD: Number(m % rows !== 0 || n % columns !== 0),
      HALF: 0,
      FINISH: 0,
      ...epilogueDefines({}, m),
    },
    ...bound,
    access: ['read', 'read', 'write'],
    workgroups: [Math.ceil(n / columns), Math.ceil(m / rows), splits * groups],
  }
}
