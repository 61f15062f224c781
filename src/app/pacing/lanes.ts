/** Readings of the run that take turns, each within its share of the time. */
import { ReaderDestroyed } from '../../inspect/staging.ts'
import type { Trainer } from '../../train/types.ts'
import { Pace } from './pace.ts'

/** Due when what it reads has changed since its last time, its pace allows, and it would be seen. */
export interface Measurement {
  /** Milliseconds between two, at least. */
  interval: number
  /** Of the time, 0 … 1. */
  share: number
  wanted(): boolean
  /** Changes with what it reads; absent: the step of the trainer at hand. */
  at?(): string
  run(trainer: Trainer): Promise<void>
}

interface Waiting {
  measurement: Measurement
  pace: Pace
  /** Of its last time; null: it is due anew. */
  at: string | number | null
}

/** Runs its measurements one at a time, in turn. */
export class Lane {
  readonly #trainer: () => Trainer | null
  #waiting: Waiting[]
  #busy = false
  /** Resolves when the measurement under way has ended. */
  idle: Promise<void> = Promise.resolve()

  constructor(trainer: () => Trainer | null, measurements: readonly Measurement[]) {
    this.#trainer = trainer
    this.#waiting = measurements.map((measurement) => ({
      measurement,
      pace: new Pace(measurement.interval, measurement.share),
      at: null,
    }))
  }

  /** All of them anew, as after a change of what they show. */
  refresh(): void {
    for (const waiting of this.#waiting) {
      waiting.at = null
      waiting.pace.reset()
    }
  }

  /** Starts the next that is due, if none is under way; `eager` when nothing else wants the GPU. */
  advance(eager: boolean): void {
    const trainer = this.#trainer()
    if (!trainer || this.#busy) return
    const at = ({ measurement }: Waiting) => measurement.at?.() ?? trainer.step
    const next = this.#waiting.find((waiting) => waiting.at !== at(waiting) && (eager || waiting.pace.due) && waiting.measurement.wanted())
    if (!next) return
    this.#busy = true
    // To the end of the line, so that each gets its turn.
    this.#waiting = [...this.#waiting.filter((waiting) => waiting !== next), next]
    next.at = at(next)
    this.idle = next.pace
      .run(() => next.measurement.run(trainer))
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
