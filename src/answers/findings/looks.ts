/** When a run is looked at: densely at first, as all that is wrong from the beginning shows there, then ten times more seldom than before in the long run. */

/** The first steps at which to look after `step`: 1, 5, 10, 15, 20, 30, … 500, 520, …; a function of the step alone, so that the same run is seen the same. */
export function nextLook(step: number): number {
  if (step < 1) return 1
  const each = step < 20 ? 5 : 10 * Math.max(1, Math.floor(step / 500))
  return (Math.floor(step / each) + 1) * each
}
