/** erfc(|x|) beyond this comes from the continued fraction, below it from the series. */
const seriesLimit = 2.5

/** erf by its series of positive terms, Abramowitz and Stegun 7.1.6: no cancellation, but slow for large x. */
function series(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** erfc for large positive x by its continued fraction, Abramowitz and Stegun 7.1.14. */
function continuedFraction(x: number): number {
  let fraction = x
  for (let n = 80; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}

/** The error function, to float64's accuracy. */
export function erf(x: number): number {
  if (Math.abs(x) < seriesLimit) return series(x)
  return x > 0 ? 1 - continuedFraction(x) : continuedFraction(-x) - 1
}

/** 1 − erf(x), without cancellation for large x. */
export function erfc(x: number): number {
  return x >= seriesLimit ? continuedFraction(x) : 1 - erf(x)
}
