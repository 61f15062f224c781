/** What the losses of a rate test's networks say, rate by rate, in float64. */

/** Of a network's steps, the last ones whose mean loss is what it reached: a batch alone is noise. */
export const reachedShare = 1 / 4
/** A network that ends above so many times its first loss has diverged, as has one whose loss is not finite. */
export const divergedFactor = 1.5

/** What a network reached in the steps so far; null where it has diverged, undefined before its first step. */
export function reached(losses: ArrayLike<number>): number | null | undefined {
  const { length } = losses
  if (length === 0) return undefined
  for (let i = 0; i < length; i++) if (!Number.isFinite(losses[i]!)) return null
  const tail = Math.max(1, Math.round(length * reachedShare))
  let sum = 0
  for (let i = length - tail; i < length; i++) sum += losses[i]!
  const mean = sum / tail
  return mean > divergedFactor * losses[0]! ? null : mean
}

/** What the networks of one rate reached. A quantile is null where it falls among those that diverged. */
export interface RateBand {
  rate: number
  /** How many networks have been trained, or begun. */
  count: number
  median: number | null
  lower: number | null
  upper: number | null
  /** Share of the networks. */
  diverged: number
}

export function bandOf(rate: number, losses: readonly (number | null | undefined)[]): RateBand {
  const known = losses.filter((loss) => loss !== undefined)
  const sorted = known.map((loss) => loss ?? Infinity).sort((a, b) => a - b)
  return {
    rate,
    count: known.length,
    median: quantile(sorted, 0.5),
    lower: quantile(sorted, 0.25),
    upper: quantile(sorted, 0.75),
    diverged: known.length ? known.filter((loss) => loss === null).length / known.length : 0,
  }
}

/** Between two numbers as far as the share lies between them; those that are infinite come last. */
function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const at = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  const between = at % 1
  const value = between === 0 ? low : low + (high - low) * between
  return Number.isFinite(value) ? value : null
}

export const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return quantile(sorted, 0.5) ?? NaN
}
