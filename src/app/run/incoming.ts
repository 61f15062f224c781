/** Parameters on their way into networks, which may first have to be made. */
import type { Trainer } from '../../train/types.ts'
import type { AtHand, ParametersFor } from './at-hand.ts'

/** Where parameters went. */
export interface Loaded {
  /** Those of the trainers at hand that took them. */
  trainers: readonly Trainer[]
  /** The step from which their run goes on; 0: it begins with them. */
  step: number
}

interface Waiting {
  parametersFor: ParametersFor
  resolve: (loaded: Loaded | null) => void
  reject: (error: unknown) => void
}

export class Incoming {
  readonly #atHand: AtHand
  readonly #isPreparing: () => boolean
  #waiting: Waiting | null = null

  /** `isPreparing`: whether the trainers at hand are about to be replaced. */
  constructor(atHand: AtHand, isPreparing: () => boolean) {
    this.#atHand = atHand
    this.#isPreparing = isPreparing
  }

  /** Resolves once they are in a network; to null where others came after them, or the device went. */
  load(parametersFor: ParametersFor): Promise<Loaded | null> {
    this.drop()
    return new Promise((resolve, reject) => {
      this.#waiting = { parametersFor, resolve, reject }
      this.deliver()
    })
  }

  /** Nothing is being prepared any more: into the trainers at hand. */
  deliver(): void {
    if (!this.#waiting || this.#isPreparing()) return
    // What is prepared by the time it is their turn takes them when it begins.
    void this.#atHand.exclusive(
      () => this.begin(),
      () => this.#waiting !== null && !this.#isPreparing(),
    )
  }

  /** Into the trainers at hand, within a command. */
  async begin(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = null
    if (!waiting) return
    try {
      const trainers = await this.#atHand.load(waiting.parametersFor)
      waiting.resolve({ trainers, step: trainers[0]?.step ?? 0 })
    } catch (error) {
      waiting.reject(error)
    }
  }

  /** Nobody waits for them any more. */
  drop(): void {
    this.#waiting?.resolve(null)
    this.#waiting = null
  }
}
