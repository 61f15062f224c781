/** Readings of the run that take turns, each within its share of the time. */
import { ReaderDestroyed } from '../../inspect/staging.ts'
import type { Trainer } from '../../train/types.ts'
import { Pace } from './pace.ts'

/** Due when steps were done since its last, its pace allows, and it would be seen. */
export interface Measurement {
  pace: Pace
  step: number
  wanted(): boolean
  run(trainer: Trainer): Promise<void>
}

/** `interval` in ms; `share` of the time, 0 … 1. */
export const measurement = (interval: number, share: number, wanted: () => boolean, run: Measurement['run']): Measurement => ({
  pace: new Pace(interval, share),
  step: -1,
  wanted,
  run,
})

/** Runs its measurements one at a time, in turn. */
export class Lane {
  readonly #trainer: () => Trainer | null
  #waiting: Measurement[]
  #busy = false
  /** Resolves when the measurement under way has ended. */
  idle: Promise<void> = Promise.resolve()

  constructor(trainer: () => Trainer | null, measurements: Measurement[]) {
    this.#trainer = trainer
    this.#waiting = measurements
  }

  /** All of them anew, as after a change of what they show. */
  refresh(): void {
    for (const waiting of this.#waiting) {
      waiting.step = -1
      waiting.pace.reset()
    }
  }

  /** Starts the next that is due, if none is under way; `eager` when nothing else wants the GPU. */
  advance(eager: boolean): void {
    const trainer = this.#trainer()
    if (!trainer || this.#busy) return
    const { step } = trainer
    const next = this.#waiting.find((waiting) => waiting.step !== step && (eager || waiting.pace.due) && waiting.wanted())
    if (!next) return
    this.#busy = true
    // To the end of the line, so that each gets its turn.
    this.#waiting = [...this.#waiting.filter((waiting) => waiting !== next), next]
    next.step = step
    this.idle = next.pace
      .run(() => next.run(trainer))
      .catch((error: unknown) => {
        // Of a network or a comparison that is shown no more; a trainer that was exchanged meanwhile has nothing to tell either.
        if (error instanceof ReaderDestroyed) return
        if (trainer === this.#trainer()) console.warn(error)
      })
      .finally(() => {
        this.#busy = false
      })
  }
}
