/** Convolution and its derivatives, as the formulas read. */
import { outputSize, type ConvShape } from '../shapes.ts'

/** Products in a row of y: `count` of them from y and x on, x in steps of the stride, all with one weight. */
interface Line {
  y: number
  x: number
  weight: number
  count: number
}

/** Every product of a convolution, row by row: y[v, u] meets x[v · stride + i · dilation − padding, u · stride + j · dilation − padding] at tap (i, j). */
function* lines(shape: ConvShape): Generator<Line> {
  const { batch, channels, height, width, filters, kernel, stride, padding, dilation, groups } = shape
  const [outHeight, outWidth] = outputSize(shape)
  const [perGroup, own] = [filters / groups, channels / groups]
  for (let b = 0; b < batch; b++)
    for (let f = 0; f < filters; f++)
      for (let c = 0; c < own; c++)
        for (let i = 0; i < kernel; i++)
          for (let j = 0; j < kernel; j++) {
            const channel = Math.floor(f / perGroup) * own + c
            const left = j * dilation - padding
            const first = Math.max(0, Math.ceil(-left / stride))
            const last = Math.min(outWidth - 1, Math.floor((width - 1 - left) / stride))
            for (let v = 0; v < outHeight; v++) {
              const down = v * stride + i * dilation - padding
              if (down < 0 || down >= height || last < first) continue
              yield {
                y: ((b * filters + f) * outHeight + v) * outWidth + first,
                x: ((b * channels + channel) * height + down) * width + first * stride + left,
                weight: ((f * own + c) * kernel + i) * kernel + j,
                count: last - first + 1,
              }
            }
          }
}

export function conv2d(x: ArrayLike<number>, weight: ArrayLike<number>, shape: ConvShape): Float64Array {
  const [outHeight, outWidth] = outputSize(shape)
  const result = new Float64Array(shape.batch * shape.filters * outHeight * outWidth)
  for (const line of lines(shape)) {
    const w = weight[line.weight]!
    for (let u = 0; u < line.count; u++) result[line.y + u]! += x[line.x + u * shape.stride]! * w
  }
  return result
}

/** ∂L/∂x and ∂L/∂weight from dy. */
export function conv2dDerivatives(x: ArrayLike<number>, weight: ArrayLike<number>, dy: ArrayLike<number>, shape: ConvShape) {
  const { batch, channels, height, width, filters, kernel, groups, stride } = shape
  const dx = new Float64Array(batch * channels * height * width)
  const dWeight = new Float64Array((filters * channels * kernel ** 2) / groups)
  for (const line of lines(shape)) {
    const w = weight[line.weight]!
    let sum = 0
    for (let u = 0; u < line.count; u++) {
      const slope = dy[line.y + u]!
      dx[line.x + u * stride]! += slope * w
      sum += slope * x[line.x + u * stride]!
    }
    dWeight[line.weight]! += sum
  }
  return { dx, dWeight }
}
