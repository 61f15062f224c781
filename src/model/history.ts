export const historyFormat = 'gradscope-history/1'

/** `history.json`. The arrays have one length, one entry a step. */
export interface History {
  format: typeof historyFormat
  seed: number
  adapter: string
  variants: Record<string, string>
  step: number[]
  epoch: number[]
  loss: (number | null)[]
  learningRate: (number | null)[]
  trainAccuracy: (number | null)[]
  testLoss: (number | null)[]
  testAccuracy: (number | null)[]
  nonFiniteStep?: number
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)

/** Gathers a run's history step by step. Test measurements may come before or after their step. */
export class HistoryRecorder {
  readonly #about: Pick<History, 'seed' | 'adapter' | 'variants'>
  readonly #steps: number[] = []
  readonly #epochs: number[] = []
  readonly #losses: number[] = []
  readonly #learningRates: number[] = []
  readonly #accuracies: (number | null)[] = []
  readonly #measured = new Map<number, { loss: number; accuracy: number | null }>()

  constructor(about: Pick<History, 'seed' | 'adapter' | 'variants'>) {
    this.#about = about
  }

  /** Last step that was added, 0 at first. */
  get step(): number {
    return this.#steps.at(-1) ?? 0
  }

  /** One step: its number from 1, epochs finished after it, loss before its update, the rate it used, its batch's accuracy (null for regression). */
  add(step: number, epoch: number, loss: number, learningRate: number, accuracy: number | null): void {
    if (this.#steps.length > 0 && step !== this.step + 1)
      throw new RangeError(`history ends at step ${this.step}, so step ${step} cannot follow`)
    this.#steps.push(step)
    this.#epochs.push(epoch)
    this.#losses.push(loss)
    this.#learningRates.push(learningRate)
    this.#accuracies.push(accuracy)
  }

  /** The mean loss of steps that were added, from `first` to `last`, each with its weight. */
  meanLoss(first: number, last: number, weightOf: (step: number) => number): number {
    let [sum, weights] = [0, 0]
    for (let step = first; step <= last; step++) {
      sum += weightOf(step) * this.#losses[step - this.#steps[0]!]!
      weights += weightOf(step)
    }
    return sum / weights
  }

  /** What the parameters after a step's update reach on the test part. */
  measure(step: number, testLoss: number, testAccuracy: number | null): void {
    this.#measured.set(step, { loss: testLoss, accuracy: testAccuracy })
  }

  /** The history as `history.json` has it; a number that is not finite becomes null, and its first step is named. */
  toJSON(): History {
    const numbersOf = (i: number): (number | null)[] => {
      const measured = this.#measured.get(this.#steps[i]!)
      return [this.#losses[i]!, this.#learningRates[i]!, this.#accuracies[i]!, measured?.loss ?? null, measured?.accuracy ?? null]
    }
    const nonFinite = this.#steps.findIndex((_, i) => numbersOf(i).some((value) => value !== null && !Number.isFinite(value)))
    return {
      format: historyFormat,
      ...this.#about,
      step: [...this.#steps],
      epoch: [...this.#epochs],
      loss: this.#losses.map(finite),
      learningRate: this.#learningRates.map(finite),
      trainAccuracy: this.#accuracies.map(finite),
      testLoss: this.#steps.map((step) => finite(this.#measured.get(step)?.loss ?? null)),
      testAccuracy: this.#steps.map((step) => finite(this.#measured.get(step)?.accuracy ?? null)),
      ...(nonFinite >= 0 && { nonFiniteStep: this.#steps[nonFinite]! }),
    }
  }
}
