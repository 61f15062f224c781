import { randomUniform, streams } from '../philox.ts'

/** `[length]`: 0 where an element is dropped, 1 / (1 − rate) where it is kept. Forward and backward multiply by it. */
export function dropoutMask(length: number, rate: number, seed: number, step: number, ordinal: number): Float64Array {
  return Float64Array.from({ length }, (_, element) =>
    randomUniform(seed, streams.dropout, step, element, ordinal) >= rate ? 1 / (1 - rate) : 0,
  )
}

export function dropout(x: ArrayLike<number>, rate: number, seed: number, step: number, ordinal: number): Float64Array {
  const mask = dropoutMask(x.length, rate, seed, step, ordinal)
  return mask.map((scale, i) => x[i]! * scale)
}
