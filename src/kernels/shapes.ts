/** Sizes of what kernels compute. */
import { windows } from '../model/shape.ts'

/** Sizes of a matrix product and how its operands are stored. */
export interface MatmulShape {
  m: number
  n: number
  k: number
  /** `a` is stored `[k, m]` instead of `[m, k]`. */
  transposeA?: boolean
  /** `b` is stored `[n, k]` instead of `[k, n]`. */
  transposeB?: boolean
  /** Both operands are stored in half precision; sums are single. */
  half?: boolean
  /** Number of products; every operand has this many matrices one after the other. */
  batch?: number
}

/** A convolution of images `[batch, channels, height, width]` with weights `[filters, channels / groups, kernel, kernel]`. */
export interface ConvShape {
  batch: number
  channels: number
  height: number
  width: number
  filters: number
  kernel: number
  stride: number
  padding: number
  dilation: number
  groups: number
}

/** Height and width of what comes out. */
export function outputSize({ height, width, kernel, stride, padding, dilation }: ConvShape): [number, number] {
  const along = (length: number) => windows(length, dilation * (kernel - 1) + 1, stride, padding)
  return [along(height), along(width)]
}
