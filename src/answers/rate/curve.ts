/** A curve over learning rates on a log axis, from points that are measured. */

/** Points between which the curve over the rates is summed up, an octave. */
const perOctave = 16
/** Standard deviation of the smoothing over rates, in octaves: neighbours of a grid of 16 rates, at most, and no more of the curve's own shape. */
const smoothing = 0.7

/** On the polygon through the points; beyond them as at the ends. */
export function interpolated(octaves: readonly number[], values: readonly number[], at: number): number {
  const next = octaves.findIndex((octave) => octave >= at)
  if (next === 0) return values[0]!
  if (next < 0) return values.at(-1)!
  const share = (at - octaves[next - 1]!) / (octaves[next]! - octaves[next - 1]!)
  return values[next - 1]! + share * (values[next]! - values[next - 1]!)
}

/** The polygon through the points, at points close to each other, smoothed by a Gaussian; near the ends by what there is of it. */
export function smoothed(octaves: readonly number[], values: readonly number[]): { at: number[]; values: number[] } {
  const [least, greatest] = [octaves[0]!, octaves.at(-1)!]
  const count = Math.max(2, Math.ceil((greatest - least) * perOctave) + 1)
  const at = Array.from({ length: count }, (_, i) => least + ((greatest - least) * i) / (count - 1))
  const between = at.map((octave) => interpolated(octaves, values, octave))
  const smooth = at.map((octave) => {
    let [sum, weights] = [0, 0]
    at.forEach((other, i) => {
      const weight = Math.exp(-(((other - octave) / smoothing) ** 2) / 2)
      sum += weight * between[i]!
      weights += weight
    })
    return sum / weights
  })
  return { at, values: smooth }
}
