/** A running mean that forgets, over a fixed share of what is shown, so that the trend stands out from the batches' noise. */
export function smoothed(values: readonly (number | null)[]): (number | null)[] {
  const memory = Math.max(1, values.length / 40)
  let mean: number | null = null
  return values.map((value) => {
    if (value === null) return null
    mean = mean === null ? value : mean + (value - mean) / memory
    return mean
  })
}
