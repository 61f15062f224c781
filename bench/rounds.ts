/** Timing by short blocks, one contestant after another in every round, so that noise hits all alike. */

export interface Contestant {
  /** Begins `count` units of work. */
  issue(count: number): void | Promise<void>
  /** Resolves when they are done, by reading a scalar that depends on them. */
  finish(): Promise<unknown>
}

export interface RoundSettings {
  rounds: number
  /** What a block should take; a unit that takes longer makes a block alone. */
  blockMilliseconds: number
  /** Sleep for most of the expected time before waiting: where waiting spins, it takes a core from a software adapter. */
  sleepFirst: boolean
  /** Hears 0 … 1. */
  onProgress?: (done: number) => void
  signal?: AbortSignal
}

/** Milliseconds per unit, one entry a round from the first on, or why there are none. */
export type Measured = { milliseconds: number[]; unitsPerBlock: number } | { problem: string }

const shareSlept = 0.8
/** What a contestant's blocks may take in all. One far slower than the rest joins fewer rounds, the first ones. */
const budgetMilliseconds = 60_000
const fewestRounds = 3
/** A block may become so many times longer than it should, so that its own cost is the smaller part. */
const longest = 4

class Timed {
  problem: string | undefined
  /** Units in a block. */
  count = 1
  readonly milliseconds: number[] = []
  readonly #contestant: Contestant
  readonly #sleepFirst: boolean
  /** The shortest block of the latest count, and the count. */
  #shortest = { count: 0, milliseconds: 0 }

  constructor(contestant: Contestant, sleepFirst: boolean) {
    this.#contestant = contestant
    this.#sleepFirst = sleepFirst
  }

  /** Milliseconds that a block of `count` units takes. */
  async block(count = this.count): Promise<number> {
    const start = performance.now()
    await this.#contestant.issue(count)
    const known = this.#shortest
    // A block of fewer units takes no longer; of what it took, more of them would make too much: some of that is what a block costs by itself.
    if (this.#sleepFirst && count >= known.count) await sleep(known.milliseconds * shareSlept - (performance.now() - start))
    await this.#contestant.finish()
    const taken = performance.now() - start
    this.#shortest = { count, milliseconds: count === known.count ? Math.min(known.milliseconds, taken) : taken }
    return taken
  }

  /** Warms up and finds how many units fill a block. */
  async calibrate(wanted: number) {
    await this.block(1)
    this.#shortest = { count: 0, milliseconds: 0 } // that compiled, and says nothing
    // The best of some: a busy moment here, or waiting that spins, would make every later block too short.
    let taken = Infinity
    for (let i = 0; i < (this.#sleepFirst ? 4 : 2); i++) taken = Math.min(taken, await this.block(1))
    while (taken < longest * wanted && this.count < 1e7) {
      const filled = taken >= wanted / 3
      const more = filled ? 2 * this.count : Math.ceil(Math.min(this.count * 8, (this.count * wanted) / Math.max(taken, 0.02)))
      const next = await this.block(more)
      // Twice the work in much less than twice the time: what a block costs by itself, its readback first of all, is most of it.
      if (filled && next > 1.6 * taken) break
      this.count = more
      taken = next
    }
    this.count = Math.max(this.count, Math.round((this.count * wanted) / taken))
  }

  /** Rounds that its budget allows. */
  get rounds(): number {
    return Math.max(fewestRounds, Math.floor(budgetMilliseconds / ((this.count / this.#shortest.count) * this.#shortest.milliseconds)))
  }

  async attempt(work: () => Promise<void>) {
    if (this.problem !== undefined) return
    try {
      await work()
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error)
    }
  }
}

/** Measures all contestants; one that throws is measured no more and says why, the others go on. */
export async function interleave(contestants: readonly Contestant[], settings: RoundSettings): Promise<Measured[]> {
  const timed = contestants.map((contestant) => new Timed(contestant, settings.sleepFirst))
  const total = timed.length * (settings.rounds + 1)
  let done = 0
  const each = async (work: (timed: Timed) => Promise<void>) => {
    for (const one of timed) {
      settings.signal?.throwIfAborted()
      await one.attempt(() => work(one))
      settings.onProgress?.(++done / total)
    }
  }
  await each((one) => one.calibrate(settings.blockMilliseconds))
  for (let round = 0; round < settings.rounds; round++)
    await each(async (one) => {
      if (round < one.rounds) one.milliseconds.push((await one.block()) / one.count)
    })
  return timed.map(({ problem, milliseconds, count }) => (problem === undefined ? { milliseconds, unitsPerBlock: count } : { problem }))
}

/** A nap, so that the page draws and hears its stop button; none where nothing is left to sleep. */
async function sleep(milliseconds: number) {
  if (milliseconds >= 1) await new Promise((resolve) => setTimeout(resolve, milliseconds))
}
