import { notNegative, positiveInteger } from '../model/schema.ts'
import type { EarlyStopping } from './types.ts'

/** Throws an InputError where the options are no numbers that make sense. */
export function checkEarlyStopping({ patience, minimumImprovement = 0 }: EarlyStopping): void {
  positiveInteger(patience, 'earlyStopping.patience')
  notNegative(minimumImprovement, 'earlyStopping.minimumImprovement')
}

/** With what is not given as it is then. */
export const completeEarlyStopping = ({
  patience,
  minimumImprovement = 0,
  restoreBest = false,
}: EarlyStopping): Required<EarlyStopping> => ({
  patience,
  minimumImprovement,
  restoreBest,
})

export interface EarlyStopState {
  best: { step: number; loss: number }
  bad: number
}

/** Counts evaluations without improvement. A loss that is not finite is none. */
export class EarlyStop {
  readonly #patience: number
  readonly #minimumImprovement: number
  /** The best evaluation so far; of step 0 and an infinite loss before the first. */
  best = { step: 0, loss: Infinity }
  #bad = 0

  /** Throws an InputError where the options make no sense. */
  constructor(options: EarlyStopping) {
    checkEarlyStopping(options)
    const { patience, minimumImprovement = 0 } = options
    this.#patience = patience
    this.#minimumImprovement = minimumImprovement
  }

  /** Whether this loss would be the best so far. */
  isBetter(loss: number, than = this.best.loss): boolean {
    return loss < than - this.#minimumImprovement
  }

  get state(): EarlyStopState {
    return { best: { ...this.best }, bad: this.#bad }
  }

  set state({ best, bad }: EarlyStopState) {
    this.best = { ...best }
    this.#bad = bad
  }

  /** Takes one more evaluation; whether it is the best so far. */
  report(step: number, loss: number): boolean {
    const better = this.isBetter(loss)
    if (better) {
      this.best = { step, loss }
      this.#bad = 0
    } else this.#bad++
    return better
  }

  /** Whether so many evaluations in a row as patience allows were no improvement. */
  get exhausted(): boolean {
    return this.#bad >= this.#patience
  }

  /** The same best, and patience as at first: for a run that goes on after all. */
  goOn(): void {
    this.#bad = 0
  }
}
