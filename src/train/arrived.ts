/** Milliseconds after which somebody who waits looks whether there is still a reason to. */
const nap = 50

/** Whether `arrival` has come (undefined: it is there), for as long as it is wanted; rejects where it will not come. */
export async function arrived(arrival: Promise<void> | undefined, isWanted: () => boolean): Promise<boolean> {
  if (!arrival) return true
  let isThere = false
  const there = arrival.then(() => void (isThere = true))
  there.catch(() => {}) // heard below, unless it is not wanted any more
  while (!isThere) {
    if (!isWanted()) return false
    await Promise.race([there, new Promise((resolve) => setTimeout(resolve, nap))])
  }
  return true
}
