/** Curves and figures of the run that is shown. */
import type { Evaluation, Progress, Trainer } from '../../train/types.ts'
import type { Curve, Curves } from './curves.ts'
import { idle, type State } from './state.ts'
import type { Store } from './store.ts'

export class Figures {
  readonly #state: Store<State>
  readonly #curves: Curves
  readonly #listeners = new Set<(progress: Progress) => void>()

  constructor(state: Store<State>, curves: Curves) {
    this.#state = state
    this.#curves = curves
  }

  /** Hears what happened in the run that is shown, each step once. */
  onProgress(listener: (progress: Progress) => void): void {
    this.#listeners.add(listener)
  }

  /** What happened since the last time. */
  add(progress: Progress): void {
    for (const listener of this.#listeners) listener(progress)
    const { step, epoch, loss, losses, accuracy, stepsPerSecond } = progress
    const first = step - losses.length + 1
    losses.forEach((each, i) => this.#curves.trainLoss.push(first + i, each))
    if (accuracy !== null && losses.length > 0) this.#curves.trainAccuracy.push(step, accuracy)
    for (const evaluation of progress.evaluations) this.tested(evaluation)
    this.#state.set({ live: { ...this.#state.value.live, step, epoch, loss, accuracy, stepsPerSecond } })
  }

  /** An evaluation of the test part. */
  tested({ step, loss, accuracy }: Evaluation): void {
    const { testLoss, testAccuracy } = this.#curves
    // Of the best parameters put back, the curve has the point already.
    if (step >= (testLoss.x.at(-1) ?? 0)) {
      testLoss.push(step, loss)
      if (accuracy !== null) testAccuracy.push(step, accuracy)
    }
    this.#state.set({
      live: { ...this.#state.value.live, testLoss: loss, testAccuracy: accuracy, tested: { first: step, last: step } },
    })
  }

  /** Those of a run at step 0. */
  clear(): void {
    for (const curve of Object.values(this.#curves) as Curve[]) curve.clear()
    this.#state.set({ live: idle })
  }

  /** Those of a trainer that has run beside the one shown before; its history may have been thinned. */
  retell(trainer: Trainer): void {
    this.clear()
    const { step, loss, trainAccuracy, testLoss, testAccuracy } = trainer.history
    // A loss that is null was not finite; the other numbers are null where there is none.
    step.forEach((at, i) => this.#curves.trainLoss.push(at, loss[i] ?? NaN))
    const told = [
      [this.#curves.trainAccuracy, trainAccuracy],
      [this.#curves.testLoss, testLoss],
      [this.#curves.testAccuracy, testAccuracy],
    ] as const
    for (const [curve, values] of told)
      step.forEach((at, i) => {
        const value = values[i] ?? null
        if (value !== null) curve.push(at, value)
      })
    const { epoch } = trainer
    this.#state.set({
      live: { ...idle, step: trainer.step, epoch, loss: loss.at(-1) ?? null, accuracy: trainAccuracy.at(-1) ?? null },
    })
  }
}
