/** Pooling, as the formulas read, over images `[images, height, width]`: one for each channel of each sample. */
export interface Windows {
  images: number
  height: number
  width: number
  size: number
  stride: number
  padding: number
}

/** What comes out, and from which places each number is the mean: of `max` the first of the largest alone. */
export function pool(
  x: ArrayLike<number>,
  sizes: Windows,
  kind: 'max' | 'average' | 'global',
): { output: Float64Array; places: number[][] } {
  const { images, height, width, size, stride, padding } = sizes
  const count = (length: number) => (kind === 'global' ? 1 : Math.floor((length + 2 * padding - size) / stride) + 1)
  const places: number[][] = []
  for (let image = 0; image < images; image++)
    for (let v = 0; v < count(height); v++)
      for (let u = 0; u < count(width); u++) {
        const window: number[] = []
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            const [down, right] = [v * stride + i - padding, u * stride + j - padding]
            if (down >= 0 && right >= 0 && down < height && right < width) window.push((image * height + down) * width + right)
          }
        places.push(kind === 'max' ? [window.reduce((best, at) => (x[at]! > x[best]! ? at : best))] : window)
      }
  return { output: Float64Array.from(places, (from) => from.reduce((sum, at) => sum + x[at]!, 0) / from.length), places }
}
