/**
 * How tensors lie in memory. Shapes are PyTorch's, channels first; an image's channels lie last, since a convolution reads all channels of a position
 * together: in three dimensions or more the third from the end moves to the end. So do a convolution's weights and the parameters of a norm over images.
 */

/** Numbers between neighbours along each dimension of a shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const at = shape.length - 3
  const order = shape.map((_, i) => i)
  if (at >= 0) order.push(...order.splice(at, 1))
  const strides = shape.map(() => 1)
  let size = 1
  for (const dimension of order.toReversed()) {
    strides[dimension] = size
    size *= shape[dimension]!
  }
  return strides
}

/** Whether the shape's numbers lie in another order than their row-major one. */
export function isMoved(shape: readonly number[]): boolean {
  const [channels = 1, height = 1, width = 1] = shape.slice(-3)
  return shape.length >= 3 && channels > 1 && height * width > 1
}

type Numbers = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** Numbers in row-major order, channels first, as they lie in memory. The same array where both are one. */
export const toMemory = <T extends Numbers>(values: T, shape: readonly number[]): T => moved(values, shape, true)

/** Numbers as they lie in memory in row-major order, channels first. The same array where both are one. */
export const fromMemory = <T extends Numbers>(values: T, shape: readonly number[]): T => moved(values, shape, false)

/** Whole images after each other, of the shape's last three dimensions. */
function moved<T extends Numbers>(values: T, shape: readonly number[], toLast: boolean): T {
  if (!isMoved(shape)) return values
  const [channels, height, width] = shape.slice(-3) as [number, number, number]
  const positions = height * width
  const result = new (values.constructor as new (length: number) => T)(values.length)
  for (let image = 0; image < values.length; image += channels * positions)
    for (let channel = 0; channel < channels; channel++)
      for (let position = 0; position < positions; position++) {
        const [first, last] = [image + channel * positions + position, image + position * channels + channel]
        if (toLast) result[last] = values[first]!
        else result[first] = values[last]!
      }
  return result
}
