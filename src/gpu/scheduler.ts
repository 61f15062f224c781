/** Wall-clock that one submit aims at, so that a page keeps its frame rate. */
const targetMilliseconds = 12
/** And where it is slept through, with no page about: a nap ends late, and the queue stands still for that long. */
const nappedMilliseconds = 40
const maxInFlight = 2
/** Of the time that work is expected to take, how much is slept where waiting itself takes a core from it. */
const shareSlept = 0.9
/** Work that is found finished after less than this share of its time had been slept too long for anybody to know how long it took. */
const shareWaited = 0.02
/** How the expected time changes after such a nap, and at most after one that ended in time. */
const [shrunk, grown] = [0.5, 1.25]

export interface SchedulerSettings {
  /** The most steps in one submit. */
  maxSteps?: number
  /** Waiting takes a core from the work (gpu/device.ts): most of the expected time is slept before anybody asks. */
  naps?: boolean
  /** Milliseconds that a submit aims at. */
  target?: number
}

/**
 * Decides how many steps go into a submit, from measured time, and keeps at most two submits in flight. It waits for finished work only, never for a
 * readback.
 */
export class Scheduler {
  readonly #queue: GPUQueue
  readonly #maxSteps: number
  readonly #target: number
  readonly #inFlight: Promise<void>[] = []
  #steps = 1
  #lastFinished = 0
  /** Of the latest submits, the last one weighing most: a busy page hears of several at once, and only together do they tell the rate. */
  #recent = { steps: 0, milliseconds: 0 }
  readonly #naps: boolean
  /** Milliseconds of a step; 0 where nothing is known. */
  #expected = 0
  /** Submits that nobody waits for yet. */
  #unasked = { submits: 0, steps: 0, begun: 0 }

  constructor(
    queue: GPUQueue,
    { maxSteps = 256, naps = false, target = naps ? nappedMilliseconds : targetMilliseconds }: SchedulerSettings = {},
  ) {
    this.#queue = queue
    this.#target = target
    this.#maxSteps = maxSteps
    this.#naps = naps
  }

  /** Steps for the next submit when `left` are wanted. */
  next(left: number, atMost = this.#maxSteps): number {
    return Math.max(1, Math.min(left, this.#steps, atMost, this.#maxSteps))
  }

  /** To be called after each submit of `steps`; resolves when another may follow. */
  async submitted(steps: number): Promise<void> {
    if (this.#naps) return this.#slept(steps)
    const begun = performance.now()
    this.#inFlight.push(
      this.#queue.onSubmittedWorkDone().then(() => {
        const now = performance.now()
        this.#measure(steps, now - Math.max(begun, this.#lastFinished))
        this.#lastFinished = now
      }),
    )
    if (this.#inFlight.length >= maxInFlight) await this.#inFlight.shift()
  }

  /** Whether a readback may begin: one that is pending would spin through the time that is to be slept. */
  get mayRead(): boolean {
    return this.#unasked.submits === 0
  }

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    if (this.#unasked.submits) await this.#askAfterNap()
    await Promise.all(this.#inFlight.splice(0))
  }

  async #slept(steps: number): Promise<void> {
    if (this.#unasked.submits === 0) this.#unasked.begun = performance.now()
    this.#unasked.submits++
    this.#unasked.steps += steps
    if (this.#unasked.submits >= maxInFlight) await this.#askAfterNap()
  }

  async #askAfterNap(): Promise<void> {
    const { steps, begun } = this.#unasked
    this.#unasked = { submits: 0, steps: 0, begun: 0 }
    const nap = this.#expected * steps * shareSlept - (performance.now() - begun)
    if (nap >= 1) await new Promise((resolve) => setTimeout(resolve, nap))
    const asked = performance.now()
    await this.#queue.onSubmittedWorkDone()
    const now = performance.now()
    const taken = now - begun
    const overslept = nap >= 1 && now - asked < shareWaited * taken
    const each = taken / steps
    this.#expected = overslept ? each * shrunk : this.#expected ? Math.min(each, this.#expected * grown) : each
    this.#measure(steps, taken)
  }

  #measure(steps: number, milliseconds: number) {
    this.#recent = { steps: this.#recent.steps / 2 + steps, milliseconds: this.#recent.milliseconds / 2 + milliseconds }
    const wanted = Math.floor((this.#recent.steps * this.#target) / Math.max(this.#recent.milliseconds, 0.01))
    // At most doubling: one lucky measurement must not make a submit that stalls the page.
    this.#steps = Math.max(1, Math.min(wanted, Math.max(steps * 2, this.#steps), this.#maxSteps))
  }
}
