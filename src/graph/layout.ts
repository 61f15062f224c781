/** How the numbers of a tensor lie in memory, by its layout (src/model/tensor.ts). */
import type { Tensor } from '../model/tensor.ts'

type Placed = Pick<Tensor, 'shape' | 'layout'>

/** Of images, and of what is shaped like them: convolutions' weights, the parameters of a norm over images. */
export const images = (shape: readonly number[]): Placed => ({ shape, layout: 'images' })

/** Numbers between neighbours along each dimension. */
export function stridesOf({ shape, layout }: Placed): number[] {
  const at = layout === 'images' ? shape.length - 3 : -1
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

/** Whether the numbers lie in another order than the row-major one. */
export function isMoved({ shape, layout }: Placed): boolean {
  const [channels = 1, height = 1, width = 1] = shape.slice(-3)
  return layout === 'images' && shape.length >= 3 && channels > 1 && height * width > 1
}

type Numbers = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** Numbers in row-major order, channels first, as they lie in memory. The same array where both are one. */
export const toMemory = <T extends Numbers>(values: T, tensor: Placed): T => moved(values, tensor, true)

/** Numbers as they lie in memory in row-major order, channels first. The same array where both are one. */
export const fromMemory = <T extends Numbers>(values: T, tensor: Placed): T => moved(values, tensor, false)

/** Whole images after each other, of the shape's last three dimensions. */
function moved<T extends Numbers>(values: T, tensor: Placed, toLast: boolean): T {
  if (!isMoved(tensor)) return values
  const [channels, height, width] = tensor.shape.slice(-3) as [number, number, number]
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
