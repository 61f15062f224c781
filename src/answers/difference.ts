/** Derivatives of a function that rounds, from its values alone. */

/** A central difference at one step size, and what is to be expected of it. */
export interface Difference {
  /** Half the distance of the two points. */
  h: number
  value: number
  /** σ / (√2 · h) of two losses that each are off by σ. */
  rounding: number
  /** The share of the third derivative, h²/6 · L‴, as the two step sizes tell it. */
  truncation: number
}

/** Two step sizes, and what follows from both. */
export interface Differences {
  steps: [whole: Difference, half: Difference]
  /** Without the third derivative's share: (4 · D(h/2) − D(h)) / 3 (Richardson). */
  value: number
  /** How far off that is expected to be. */
  error: number
}

/** Points that stand behind an estimate of the noise. */
export const noisePoints = 7

/**
 * By how much a function's values are off, from values at equally near points: of the differences of higher order only the noise is left (Moré and Wild,
 * Estimating Computational Noise, 2011, §3: σₖ² = (k!)²/(2k)! · mean Δₖ²).
 */
export function noiseOf(values: readonly number[]): number {
  let row = values.slice()
  let factor = 1
  let least = Infinity
  for (let k = 1; row.length > 2; k++) {
    row = row.slice(1).map((value, i) => value - row[i]!)
    factor *= (k * k) / (2 * k * (2 * k - 1))
    if (k >= 3) least = Math.min(least, Math.sqrt((factor * row.reduce((sum, value) => sum + value * value, 0)) / row.length))
  }
  return least
}

/** `points` are where the values were taken: w + h, w − h, w + h/2, w − h/2, as float32 has them. */
export function differencesOf(points: readonly number[], values: readonly number[], noise: number): Differences {
  const [a, b, c, d] = points as [number, number, number, number]
  const [la, lb, lc, ld] = values as [number, number, number, number]
  const [whole, half] = [(la - lb) / (a - b), (lc - ld) / (c - d)]
  const apart = Math.abs(whole - half)
  const difference = (value: number, distance: number, truncation: number): Difference => ({
    h: distance / 2,
    value,
    rounding: (Math.SQRT2 * noise) / distance,
    truncation,
  })
  const steps: Differences['steps'] = [difference(whole, a - b, (4 / 3) * apart), difference(half, c - d, apart / 3)]
  // The rest after the extrapolation, of order h⁴, is smaller than what it took away.
  const error = (4 * steps[1].rounding + steps[0].rounding) / 3 + apart / 12
  return { steps, value: (4 * half - whole) / 3, error }
}
