import type { Scaling } from './types.ts'

export const oneScaling = (mean: number, deviation: number): Scaling => ({
  mean: Float32Array.of(mean),
  deviation: Float32Array.of(deviation || 1),
})

/**
 * Mean and deviation (population) of bytes `[count, channels, positions]`, of each channel, after division by 255; a constant deviates by 1. Exact: summed
 * over the 256 values.
 */
export function byteScaling(bytes: Uint8Array, channels: number, positions: number): Scaling {
  const counts = Array.from({ length: channels }, () => new Uint32Array(256))
  for (let at = 0; at < bytes.length;) for (const own of counts) for (const end = at + positions; at < end; at++) own[bytes[at]!]!++
  const moments = counts.map((own) => {
    let [count, sum, squares] = [0, 0, 0]
    own.forEach((times, value) => {
      count += times
      sum += times * value
      squares += times * value * value
    })
    const mean = sum / count
    return { mean: mean / 255, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) / 255 || 1 }
  })
  return { mean: Float32Array.from(moments, ({ mean }) => mean), deviation: Float32Array.from(moments, ({ deviation }) => deviation) }
}

/** One mean and deviation (population) of all values that are numbers; a constant deviates by 1. */
export function valueScaling(values: Float32Array): Scaling {
  const { mean, deviation } = momentsOf(values)
  return oneScaling(mean, deviation)
}

/** Mean and deviation (population) of the values that are not NaN, in two passes; 0 and 0 when there are none. Equal values deviate by 0, rounding aside. */
export function momentsOf(values: ArrayLike<number>): { mean: number; deviation: number; count: number } {
  let count = 0
  let sum = 0
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    count++
    sum += value
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (count === 0) return { mean: 0, deviation: 0, count }
  if (least === most) return { mean: least, deviation: 0, count }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - mean
    if (!Number.isNaN(difference)) squares += difference * difference
  }
  return { mean, deviation: Math.sqrt(squares / count), count }
}

/** Values of a scaling for samples of a shape, one for all or one a feature: those of one a channel spread over `[channels, height, width]`. */
export function spreadOver(inputShape: readonly number[], values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const features = inputShape.reduce((product, size) => product * size, 1)
  if (values.length === 1 || values.length === features) return values
  const positions = features / values.length
  return Float32Array.from({ length: features }, (_, feature) => values[Math.floor(feature / positions)]!)
}
