import type { PlateauSchedule } from './types.ts'

/** Of the best loss so far: by so much another must be lower to count as better, as torch.optim's default `threshold` of mode `rel`. */
const threshold = 1e-4
/** A change of the rate that is smaller is not made, as torch.optim's default `eps`. */
const smallestChange = 1e-8

export interface PlateauState {
  /** Infinity before the first evaluation. */
  best: number
  bad: number
  reduced: number
}

/** Watches the loss of evaluations and says what the learning rate is to be multiplied by, as torch.optim.lr_scheduler.ReduceLROnPlateau in mode `min`. */
export class Plateau {
  readonly #schedule: PlateauSchedule
  #best = Infinity
  #bad = 0
  #reduced = 1

  constructor(schedule: PlateauSchedule) {
    this.#schedule = schedule
  }

  /** What the rate is multiplied by so far. */
  get reduced(): number {
    return this.#reduced
  }

  get state(): PlateauState {
    return { best: this.#best, bad: this.#bad, reduced: this.#reduced }
  }

  set state({ best, bad, reduced }: PlateauState) {
    this.#best = best
    this.#bad = bad
    this.#reduced = reduced
  }

  /** Takes the loss of one more evaluation; `learningRate` is the rate before any reduction. A loss that is not finite is not better. */
  report(loss: number, learningRate: number): void {
    const { factor, patience, minimum = 0 } = this.#schedule
    if (loss < this.#best * (1 - threshold)) {
      this.#best = loss
      this.#bad = 0
    } else this.#bad++
    if (this.#bad <= patience) return
    this.#bad = 0
    const rate = (reduced: number) => Math.min(learningRate, Math.max(reduced * learningRate, minimum))
    if (rate(this.#reduced) - rate(this.#reduced * factor) > smallestChange) this.#reduced *= factor
  }
}
