/** What a tensor is, apart from its numbers. */

export type DType = 'f32' | 'f16' | 'i32'

/**
 * How the numbers lie in memory. `rows`: in row-major order. `images`: shapes are PyTorch's, channels first, but the channels of a position lie together,
 * since a convolution reads them together: of `[…, channels, height, width]` the channels vary fastest.
 */
export type Layout = 'rows' | 'images'

export interface Tensor {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly layout: Layout
}

/** How one sample of the data lies: images where it has three dimensions. */
export const layoutOfSample = (shape: readonly number[]): Layout => (shape.length === 3 ? 'images' : 'rows')
