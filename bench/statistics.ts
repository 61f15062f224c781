/** What the bench says about repeated measurements. */

/** The value at a share of the sorted values, interpolated linearly between ranks. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]]
  if (below === undefined || above === undefined) return NaN
  return below + (above - below) * (rank - Math.floor(rank))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The distance between the quartiles as a share of the median: half of all blocks lie within it. */
export function spread(values: readonly number[]): number {
  const middle = median(values)
  return middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / Math.abs(middle)
}

export interface Summary {
  median: number
  best: number
  spread: number
  blocks: number
}

/** `better`: whether a good block has a high value (a rate) or a low one (a time). */
export function summarize(values: readonly number[], better: 'higher' | 'lower'): Summary {
  const best = better === 'higher' ? Math.max(...values) : Math.min(...values)
  return { median: median(values), best, spread: spread(values), blocks: values.length }
}

export interface PairedRatio {
  median: number
  low: number
  high: number
  rounds: number
}

/**
 * How many times faster the first is than the second, from milliseconds per unit of work: the quotient within each round, so that a
 * machine that slows down between rounds slows both. `low` and `high` are the quartiles.
 */
export function pairedRatio(first: readonly number[], second: readonly number[]): PairedRatio {
  const rounds = Math.min(first.length, second.length)
  const ratios = Array.from({ length: rounds }, (_, i) => second[i]! / first[i]!)
  return { median: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75), rounds }
}
