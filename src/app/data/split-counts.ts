/** How many samples train and how many test, as `splitSamples` chooses them. */
export function splitCounts(count: number, testFraction: number): { train: number; test: number } {
  const test = Math.round(count * testFraction)
  return { train: count - test, test }
}
