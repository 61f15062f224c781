/** Wall-clock that one submit aims at, so that a page keeps its frame rate. */
const targetMilliseconds = 12
const maxInFlight = 2

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

  /** `maxSteps`: the most steps in one submit; `target`: milliseconds that one aims at. */
  constructor(queue: GPUQueue, maxSteps = 256, target = targetMilliseconds) {
    this.#queue = queue
    this.#target = target
    this.#maxSteps = maxSteps
  }

  /** Steps for the next submit when `left` are wanted. */
  next(left: number, atMost = this.#maxSteps): number {
    return Math.max(1, Math.min(left, this.#steps, atMost, this.#maxSteps))
  }

  /** To be called after each submit of `steps`; resolves when another may follow. */
  async submitted(steps: number): Promise<void> {
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

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    await Promise.all(this.#inFlight.splice(0))
  }

  #measure(steps: number, milliseconds: number) {
    this.#recent = { steps: this.#recent.steps / 2 + steps, milliseconds: this.#recent.milliseconds / 2 + milliseconds }
    const wanted = Math.floor((this.#recent.steps * this.#target) / Math.max(this.#recent.milliseconds, 0.01))
    // At most doubling: one lucky measurement must not make a submit that stalls the page.
    this.#steps = Math.max(1, Math.min(wanted, Math.max(steps * 2, this.#steps), this.#maxSteps))
  }
}
