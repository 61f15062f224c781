/** So many of the last losses make the mean that is spoken of: one lucky batch is no loss reached, and the mean is two steps behind. */
const lately = 5
/** So many of the means that are lower than all before are kept, and beyond them those that are lower by this share at least. */
const most = { all: 4096, finer: 0.002 }

/**
 * Which losses a run has reached, and when, by the mean of its last five losses (of fewer at the beginning). What it reached at a step stays so however
 * long it trains: a mean over a share of the curve would move the step with the curve's length.
 */
export class Reached {
  readonly #steps: number[] = []
  readonly #means: number[] = []
  readonly #losses: number[] = []
  #last: { step: number; loss: number | null } | null = null

  /** @param loss of the step's batch; not finite where the run has come apart */
  add(step: number, loss: number): void {
    if (!Number.isFinite(loss)) {
      this.#losses.length = 0
      this.#last = { step, loss: null }
      return
    }
    this.#losses.push(loss)
    if (this.#losses.length > lately) this.#losses.shift()
    const mean = this.#losses.reduce((sum, one) => sum + one, 0) / this.#losses.length
    this.#last = { step, loss: mean }
    const least = this.#means.at(-1) ?? Infinity
    const isFull = this.#means.length >= most.all
    if (!(mean < (isFull ? least * (1 - most.finer) : least))) return
    this.#steps.push(step)
    this.#means.push(mean)
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
    this.#losses.length = 0
    this.#last = null
  }
}

/** Of a whole run. */
export function reachedIn({ step, loss }: { step: readonly number[]; loss: readonly (number | null)[] }): Reached {
  const reached = new Reached()
  step.forEach((at, i) => reached.add(at, loss[i] ?? NaN))
  return reached
}
