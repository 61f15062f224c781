/** How a run of losses swings, told apart from the noise of its batches. */

/** The noise from one step to the next, whatever trend lies under it: half the mean square of differences. */
export function roughness(losses: readonly number[]): { mean: number; deviation: number } {
  const { length } = losses
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, length)
  let squares = 0
  for (let i = 1; i < length; i++) squares += (losses[i]! - losses[i - 1]!) ** 2
  return { mean, deviation: length > 1 ? Math.sqrt(squares / (length - 1) / 2) : 0 }
}

export interface Oscillation {
  mean: number
  /** Standard deviation over the mean. */
  swing: number
}

const stretches = 16
/** Correlation of a loss with the next one below which the losses alternate; noise has 0. */
const alternates = -0.5
/** A mean so many times a constant guess's loss is none of the noise of a network that stands still. */
const worse = 1.1

/**
 * How much the losses swing beside their trend, where their order or their level says that the weights swing and not only the batches: they alternate, or
 * the means of stretches differ more than `chance` times what single losses explain, or they jump about above a constant guess's. Null: they do not.
 */
export function oscillation(losses: readonly number[], baseline: number, chance: number): Oscillation | null {
  const { length } = losses
  if (length < 2 * stretches || !losses.every(Number.isFinite)) return null
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / length
  const rest = withoutTrend(losses, mean)
  const variance = rest.reduce((sum, value) => sum + value * value, 0) / length
  if (variance === 0) return null
  const correlation = rest.slice(1).reduce((sum, value, i) => sum + value * rest[i]!, 0) / length / variance
  const each = Math.floor(length / stretches)
  const means = Array.from({ length: stretches }, (_, i) => {
    const part = rest.slice(i * each, (i + 1) * each)
    return part.reduce((sum, value) => sum + value, 0) / each
  })
  const between = means.reduce((sum, value) => sum + value * value, 0) / stretches
  const swing = Math.sqrt(variance) / mean
  if (correlation < alternates || (mean > worse * baseline && baseline > 0)) return { mean, swing }
  const noise = Math.max(0, variance - between) / each
  return between > chance * noise && each > 1 ? { mean, swing: Math.sqrt(between) / mean } : null
}

/** Less the line of least squares. */
function withoutTrend(values: readonly number[], mean: number): number[] {
  const middle = (values.length - 1) / 2
  let [product, squares] = [0, 0]
  values.forEach((value, i) => {
    product += (i - middle) * (value - mean)
    squares += (i - middle) ** 2
  })
  const slope = squares > 0 ? product / squares : 0
  return values.map((value, i) => value - mean - slope * (i - middle))
}
