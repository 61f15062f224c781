import type { Scaling } from './types.ts'

export const oneScaling = (mean: number, deviation: number): Scaling => ({
  mean: Float32Array.of(mean),
  deviation: Float32Array.of(deviation || 1),
})

/** One mean and deviation (population) of all bytes, after division by 255; a constant deviates by 1. Exact: summed over the 256 values. */
export function byteScaling(bytes: Uint8Array): Scaling {
  const counts = new Uint32Array(256)
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++
  let sum = 0
  let squares = 0
  counts.forEach((count, value) => {
    sum += count * value
    squares += count * value * value
  })
  const mean = sum / bytes.length
  const variance = Math.max(0, squares / bytes.length - mean * mean)
  return oneScaling(mean / 255, Math.sqrt(variance) / 255)
}

/** One mean and deviation (population) of all values that are numbers; a constant deviates by 1. */
export function valueScaling(values: Float32Array): Scaling {
  const { mean, deviation } = momentsOf(values)
  return oneScaling(mean, deviation)
}

/** Mean and deviation (population) of the values that are not NaN, in two passes; 0 and 0 when there are none. */
export function momentsOf(values: ArrayLike<number>): { mean: number; deviation: number; count: number } {
  let count = 0
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    count++
    sum += value
  }
  if (count === 0) return { mean: 0, deviation: 0, count }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - mean
    if (!Number.isNaN(difference)) squares += difference * difference
  }
  return { mean, deviation: Math.sqrt(squares / count), count }
}
