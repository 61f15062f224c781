/** A logarithmic axis that follows what it shows, with a margin, and still stands while that moves a little. */

/** Where the axis may begin and end within a decade: a change within two of them moves nothing. */
const ends = [1, 1.5, 2, 3, 5, 7]
/** Between the data and either end, a share of the data's extent and at least a factor. */
const margin = { share: 0.06, factor: 1.08 }
/** What lies on one level has an axis of about so much around it. */
const leastExtent = Math.log(2)

/** Ends of an axis around positive values from `low` to `high`. */
export function logRange(low: number, high: number): [low: number, high: number] {
  const lack = Math.max(0, leastExtent - Math.log(high / low)) / 2
  const room = Math.exp(Math.max(Math.log(margin.factor), margin.share * Math.log(high / low)) + lack)
  return [end(low / room, -1), end(high * room, 1)]
}

/** The nearest end at or beyond a value. */
function end(value: number, way: 1 | -1): number {
  const power = Math.floor(Math.log10(value))
  const near = [power - 1, power, power + 1].flatMap((p) => ends.map((mantissa) => mantissa * 10 ** p))
  return way > 0 ? near.find((one) => one >= value * (1 - 1e-9))! : near.findLast((one) => one <= value * (1 + 1e-9))!
}

/** Round numbers within an axis, `most` at most: 1, 2 and 5 of each decade, or its beginning, or every n-th decade's. */
export function logTicks(low: number, high: number, most = 7): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const within = (mantissas: number[], every = 1) => {
    const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((power) => power % every === 0)
    return powers
      .flatMap((power) => mantissas.map((mantissa) => Number(`${mantissa}e${power}`)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
  }
  const choices = [[1, 2, 5], [1, 3], [1]].map((mantissas) => within(mantissas))
  const fit = choices.find((values) => values.length <= most)
  if (fit && fit.length > 1) return fit
  if (fit) return within([1, 1.5, 2, 3, 4, 5, 7])
  for (let every = 2; ; every++) {
    const values = within([1], every)
    if (values.length <= most) return values
  }
}
