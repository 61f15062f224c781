/** The gradient of a scalar function by central finite differences. */
export function numericalGradient(f: (x: Float64Array) => number, x: Float64Array, h = 1e-5): Float64Array {
  return x.map((value, i) => {
    const at = (moved: number): number => f(x.with(i, moved))
    return (at(value + h) - at(value - h)) / (2 * h)
  })
}

/** Numbers that look random and are the same every time, in [minimum, maximum). */
export function testNumbers(length: number, seed = 1, minimum = -1, maximum = 1): Float64Array {
  let state = seed * 2654435761 + 12345
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return minimum + ((maximum - minimum) * (state >>> 8)) / 2 ** 24
  })
}

/** The largest absolute difference of two arrays. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference
  }
  return largest
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)
