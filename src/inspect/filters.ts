import type { ObservedBlock, TensorView } from '../graph/observation.ts'
import { readBuffer } from '../gpu/readback.ts'

/** Filters of a convolution, by weight and by gradient: `[rows, columns, height, width]`, row by row, of the output channels from `first` on. */
export interface Filters {
  first: number
  rows: number
  columns: number
  height: number
  width: number
  weight: Float32Array
  gradient: Float32Array
}

/** As many as can be looked at together. */
const mostFilters = 96

/** All filters of a convolution where they are few, else those of one output channel. */
export async function readFilters(device: GPUDevice, { weight, gradient }: ObservedBlock, row: number): Promise<Filters> {
  const [all, columns, height, width] = weight.shape as [number, number, number, number]
  const [first, rows] = all * columns <= mostFilters ? [0, all] : [row, 1]
  const [weights, gradients] = await Promise.all([weight, gradient].map((tensor) => readRows(device, tensor, first, rows)))
  return { first, rows, columns, height, width, weight: weights!, gradient: gradients! }
}

/** One filter of those that were read. */
export function filterOf({ first, columns, height, width }: Filters, numbers: Float32Array, row: number, column: number): Float32Array {
  const taps = height * width
  const at = ((row - first) * columns + column) * taps
  return numbers.subarray(at, at + taps)
}

/** Output channels lie one after another; within one, numbers come in the order of the tensor's strides. */
async function readRows(device: GPUDevice, { buffer, offset, shape, strides }: TensorView, first: number, rows: number) {
  const [, columns, height, width] = shape as [number, number, number, number]
  const [rowStride, ...inner] = strides as [number, number, number, number]
  const lying = new Float32Array(await readBuffer(device, buffer, offset + 4 * first * rowStride, 4 * rows * rowStride))
  const result = new Float32Array(rows * columns * height * width)
  let n = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) result[n++] = lying[row * rowStride + column * inner[0] + y * inner[1] + x * inner[2]]!
  return result
}
