/** About so many of the last losses make the mean that is spoken of: noise of batches of 32 goes down to a third. */
const memory = 10
/** A mean is kept where it is lower than all before by this share at least: some thousands of them at most. */
const finer = 0.002

/**
 * Which losses a run has reached, and when, by a running mean of its losses (exponential, of about the last ten). What it reached at a step stays so
 * however long it trains: a mean over a share of the curve would move the step with the curve's length.
 */
export class Reached {
  readonly #steps: number[] = []
  readonly #means: number[] = []
  #mean: number | null = null
  #last: { step: number; loss: number | null } | null = null

  /** @param loss of the step's batch; not finite where the run has come apart */
  add(step: number, loss: number): void {
    const isFinite = Number.isFinite(loss)
    if (isFinite) this.#mean = this.#mean === null ? loss : this.#mean + (loss - this.#mean) / memory
    this.#last = { step, loss: isFinite ? this.#mean : null }
    if (!isFinite || this.#mean === null) return
    const least = this.#means.at(-1)
    if (least !== undefined && this.#mean > least - finer * Math.abs(least)) return
    this.#steps.push(step)
    this.#means.push(this.#mean)
  }

  /** Steps at which the mean was lower than ever before, and the last step. */
  get steps(): number[] {
    return this.#last ? [...this.#steps, this.#last.step] : []
  }

  /** The mean at each of `steps`; null: not finite. */
  get loss(): (number | null)[] {
    return this.#last ? [...this.#means, this.#last.loss] : []
  }

  clear(): void {
    this.#steps.length = 0
    this.#means.length = 0
    this.#mean = null
    this.#last = null
  }
}

/** Of a whole run. */
export function reachedIn({ step, loss }: { step: readonly number[]; loss: readonly (number | null)[] }): Reached {
  const reached = new Reached()
  step.forEach((at, i) => reached.add(at, loss[i] ?? NaN))
  return reached
}
