/** Convolution and its derivatives, as the formulas read. Images `[batch, channels, height, width]`, weights `[filters, channels / groups, kernel, kernel]`. */
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
  const windows = (length: number) => Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
  return [windows(height), windows(width)]
}

/** Every product of a convolution: the places of y, x and weight that belong together. */
export function* terms(shape: ConvShape): Generator<[y: number, x: number, weight: number]> {
  const { batch, channels, height, width, filters, kernel, stride, padding, dilation, groups } = shape
  const [outHeight, outWidth] = outputSize(shape)
  const [perGroup, own] = [filters / groups, channels / groups]
  for (let b = 0; b < batch; b++)
    for (let f = 0; f < filters; f++)
      for (let v = 0; v < outHeight; v++)
        for (let u = 0; u < outWidth; u++)
          for (let c = 0; c < own; c++)
            for (let i = 0; i < kernel; i++)
              for (let j = 0; j < kernel; j++) {
                const [down, right] = [v * stride + i * dilation - padding, u * stride + j * dilation - padding]
                if (down < 0 || right < 0 || down >= height || right >= width) continue
                const channel = Math.floor(f / perGroup) * own + c
                yield [
                  ((b * filters + f) * outHeight + v) * outWidth + u,
                  ((b * channels + channel) * height + down) * width + right,
                  ((f * own + c) * kernel + i) * kernel + j,
                ]
              }
}

export function conv2d(x: ArrayLike<number>, weight: ArrayLike<number>, shape: ConvShape): Float64Array {
  const [outHeight, outWidth] = outputSize(shape)
  const result = new Float64Array(shape.batch * shape.filters * outHeight * outWidth)
  for (const [y, from, w] of terms(shape)) result[y]! += x[from]! * weight[w]!
  return result
}

/** ∂L/∂x and ∂L/∂weight from dy. */
export function conv2dDerivatives(x: ArrayLike<number>, weight: ArrayLike<number>, dy: ArrayLike<number>, shape: ConvShape) {
  const { batch, channels, height, width, filters, kernel, groups } = shape
  const dx = new Float64Array(batch * channels * height * width)
  const dWeight = new Float64Array((filters * channels * kernel ** 2) / groups)
  for (const [y, from, w] of terms(shape)) {
    dx[from]! += dy[y]! * weight[w]!
    dWeight[w]! += dy[y]! * x[from]!
  }
  return { dx, dWeight }
}
