export const sum = (x: ArrayLike<number>): number => Array.from(x).reduce((total, value) => total + value, 0)
export const mean = (x: ArrayLike<number>): number => sum(x) / x.length

/** The Euclidean norm. */
export function norm(x: ArrayLike<number>): number {
  let squares = 0
  for (let i = 0; i < x.length; i++) squares += x[i]! * x[i]!
  return Math.sqrt(squares)
}

export interface Histogram {
  counts: Uint32Array
  /** Values that have no bin. */
  nonFinite: number
}

/** Index of the bin of `value` among equal bins over [minimum, maximum]; what lies outside falls into the first or last bin. */
const binOf = (value: number, minimum: number, maximum: number, bins: number): number =>
  Math.max(0, Math.min(bins - 1, Math.floor(((value - minimum) / (maximum - minimum)) * bins)))

/** Finite values by equal bins over [minimum, maximum]; those outside count in the first or last bin. */
export function histogram(x: ArrayLike<number>, minimum: number, maximum: number, bins: number): Histogram {
  const result: Histogram = { counts: new Uint32Array(bins), nonFinite: 0 }
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]!)) result.counts[binOf(x[i]!, minimum, maximum, bins)]!++
    else result.nonFinite++
  }
  return result
}

/** log2|x| of finite values other than 0, by equal bins over [minimum, maximum]; zeros are counted apart. */
export function magnitudeHistogram(x: ArrayLike<number>, minimum: number, maximum: number, bins: number): Histogram & { zeros: number } {
  const values = Array.from(x)
  const zeros = values.filter((value) => value === 0).length
  const logarithms = values.filter((value) => value !== 0).map((value) => Math.log2(Math.abs(value)))
  return { ...histogram(logarithms, minimum, maximum, bins), zeros }
}

/** Percentiles (fractions in [0, 1]) of |x| over finite values other than 0, interpolated linearly between ranks; NaN where there are none. */
export function magnitudePercentiles(x: ArrayLike<number>, fractions: number[]): number[] {
  const sorted = Float64Array.from(Array.from(x, Math.abs).filter((value) => value > 0 && value < Infinity)).sort()
  return fractions.map((fraction) => {
    const rank = fraction * (sorted.length - 1)
    const below = Math.floor(rank)
    const above = Math.ceil(rank)
    return sorted.length === 0 ? NaN : sorted[below]! + (sorted[above]! - sorted[below]!) * (rank - below)
  })
}

/** Indices of the k largest |x|, largest first; of equals the first, and NaN before all others, as it must be seen. */
export function topK(x: ArrayLike<number>, k: number): number[] {
  const magnitude = Array.from(x, (value) => (Number.isNaN(value) ? Infinity : Math.abs(value)))
  return magnitude
    .map((_, i) => i)
    .sort((a, b) => (magnitude[a] === magnitude[b] ? a - b : magnitude[b]! - magnitude[a]!))
    .slice(0, k)
}
