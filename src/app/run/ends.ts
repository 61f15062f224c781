/** How the runs of trainers ended, while others may still go on. */
import { same } from '../../same.ts'
import type { Progress, StoppedEarly, Trainer } from '../../train/types.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

interface End {
  stopped: StoppedEarly | null
  restored: number | null
}
const none: End = { stopped: null, restored: null }

export class Ends {
  readonly #ends = new Map<Trainer, End>()
  readonly #state: Store<State>

  constructor(state: Store<State>) {
    this.#state = state
  }

  has(trainer: Trainer): boolean {
    return this.#ends.has(trainer)
  }

  #isStopped(trainer: Trainer): boolean {
    return this.#ends.get(trainer)?.stopped != null
  }

  /** Takes what a round says of its trainers' ends. */
  add(round: ReadonlyMap<Trainer, Progress>): void {
    for (const [trainer, { stopped = null, restored = null }] of round)
      if (stopped || restored !== null) this.#ends.set(trainer, { stopped, restored })
  }

  /** These go on. */
  forget(trainers: readonly Trainer[]): void {
    for (const trainer of trainers) this.#ends.delete(trainer)
  }

  /** Those of `all` whose turn it is before `goal`, and up to which step they go: they are behind, up to the next one's step. */
  next(all: readonly Trainer[], goal: number): { trainers: readonly Trainer[]; until: number } {
    const going = all.filter((trainer) => !this.#isStopped(trainer) && trainer.step < goal)
    const first = Math.min(...going.map(({ step }) => step))
    const ahead = going.filter(({ step }) => step > first)
    return { trainers: going.filter(({ step }) => step === first), until: Math.min(goal, ...ahead.map(({ step }) => step)) }
  }

  clear(): void {
    this.#ends.clear()
  }

  /** Others have gone. */
  keep(trainers: readonly Trainer[]): void {
    for (const trainer of this.#ends.keys()) if (!trainers.includes(trainer)) this.#ends.delete(trainer)
  }

  /** Tells of the trainer that is shown, and of all that train beside it. */
  tell(shown: Trainer | null, all: readonly Trainer[]): void {
    const endedAt = all.map((trainer) => this.#ends.get(trainer)?.stopped?.step ?? null)
    this.#state.set({
      ...((shown && this.#ends.get(shown)) ?? none),
      ...(!same(endedAt, this.#state.value.endedAt) && { endedAt }),
    })
  }
}
