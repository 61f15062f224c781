/** The trainers at hand. Whatever is done to them is a command: one at a time, while none of them trains. */
import type { Dataset } from '../../data/types.ts'
import { InputError, wrong } from '../../errors.ts'
import type { ModelFile } from '../../model/types.ts'
import type { Trainer } from '../../train/types.ts'
import { Commands } from './commands.ts'
import { shownOf, withShown } from './experiments.ts'
import type { Runner } from './runner.ts'
import type { Description, State } from './state.ts'
import type { Store } from './store.ts'
import { Parked } from './parked.ts'
import { destroyNew, type Made } from './trainers.ts'

export type Parameters = Record<string, Float32Array>
/** The parameters for a network; throws an InputError where they do not fit it. */
export type ParametersFor = (model: ModelFile) => Parameters
/** Hears what runs from now on. */
type Begin = (running: Description) => Promise<void> | void
export type SwapListener = (trainer: Trainer, before: Trainer | null) => Promise<void> | void

export class AtHand {
  readonly #state: Store<State>
  readonly #runner: Runner
  readonly #commands: Commands
  readonly #listeners = new Set<SwapListener>()
  #trainers: readonly Trainer[] = []
  /** What each of them was made of. */
  #keys: readonly string[] = []
  readonly #parked = new Parked()
  #reset: Promise<void> | undefined

  constructor(state: Store<State>, runner: Runner) {
    this.#state = state
    this.#runner = runner
    this.#commands = new Commands(() => runner.goOn('command'))
  }

  /** All that train: the run itself, then its experiments. */
  get trainers(): readonly Trainer[] {
    return this.#trainers
  }

  /** Hears of a new trainer before the old one is destroyed. */
  onSwap(listener: SwapListener): void {
    this.#listeners.add(listener)
  }

  /** Runs a command once all before it are done, beside the training; on a lost device it does nothing, and resolves to undefined. */
  command<T>(command: () => T | Promise<T>): Promise<T | undefined> {
    return this.#commands.run(() => (this.#isLost ? undefined : command()))
  }

  /** The same while nothing trains; the training is not disturbed where it is not `due`, and what is due no more is not done. */
  exclusive<T>(command: () => T | Promise<T>, due: () => boolean = () => true): Promise<T | undefined> {
    return this.command(async () => {
      if (!due()) return undefined
      await this.#runner.hold('command')
      return this.#isLost || !due() ? undefined : command()
    })
  }

  /** A trainer on these data, at hand or taken out, that was made of this. */
  find(key: string, dataset: Dataset, taken: readonly Trainer[] = []): Trainer | undefined {
    const own = dataset === this.#state.value.dataset ? this.#trainers.filter((_, i) => this.#keys[i] === key) : []
    return [...own, ...this.#parked.of(key, dataset)].find((trainer) => !taken.includes(trainer))
  }

  /**
   * Puts trainers in the place of those at hand, unless nobody wants them by then; throws what a listener throws, with the old ones back. Those that were
   * there already go on from where they are; of the others, `parks` keeps those that it takes away, so that undo finds them. `begin` is called when they
   * are in place, before they train.
   */
  async swap(
    made: readonly Made[],
    dataset: Dataset,
    { isWanted, running, begin, parks }: { isWanted: () => boolean; running: () => Description; begin: Begin; parks: boolean },
  ): Promise<void> {
    const trainers = made.map(({ trainer }) => trainer)
    let isTaken = false
    const swap = async () => {
      const description = running()
      const { trainer, isKept } = made[shownOf(description)]!
      const isOther = trainer !== this.#runner.trainer
      if (isOther) await this.#show(trainer)
      isTaken = true
      this.#replace(made, dataset, parks)
      this.#runner.take(trainer, trainers)
      this.#state.set({ dataset, running: description, ...(!this.#isLost && { phase: 'ready' }) })
      await begin(description)
      if (!isKept) this.#runner.forget(made.filter((one) => !one.isKept).map((one) => one.trainer))
      else if (isOther) this.#runner.retell()
    }
    try {
      if (!isWanted()) return
      this.#runner.endStep()
      await this.exclusive(swap, isWanted)
    } finally {
      if (!isTaken) destroyNew(made)
    }
  }

  /** Shows another of the networks that train. Throws what a listener throws, with the one before back. */
  showVariant(index: () => number | undefined): Promise<void> {
    const other = () => {
      const { running } = this.#state.value
      const shown = index()
      const trainer = shown === undefined ? undefined : this.#trainers[shown]
      return trainer && running && shown !== shownOf(running) ? { trainer, running: withShown(running, shown!) } : null
    }
    const show = async () => {
      const { trainer, running } = other()!
      await this.#show(trainer)
      this.#runner.take(trainer, this.#trainers)
      this.#state.set({ running: structuredClone(running) })
      this.#runner.retell()
    }
    return this.exclusive(show, () => other() !== null)
  }

  /** Back to step 0. Resets that wait for the same command before them are one. */
  reset(): Promise<void> {
    this.#runner.endStep()
    if (this.#reset) return this.#reset
    const waiting = this.exclusive(async () => {
      this.#reset = undefined
      if (this.#trainers.length === 0) return
      await Promise.all(this.#trainers.map((trainer) => trainer.reset()))
      this.#runner.forget()
    }).finally(() => {
      if (this.#reset === waiting) this.#reset = undefined
    })
    return (this.#reset = waiting)
  }

  step(): Promise<void> {
    return this.exclusive(() => this.#runner.step())
  }

  /** Loads parameters into all trainers whose network they fit, within a command; resolves to these. Throws an InputError where they fit none. */
  async load(parametersFor: ParametersFor): Promise<readonly Trainer[]> {
    const shown = this.#runner.trainer
    if (!shown) throw wrong('problem.noNetwork')
    const fitting = this.#trainers.flatMap((trainer) => {
      try {
        return [{ trainer, parameters: parametersFor(trainer.model) }]
      } catch (error) {
        if (error instanceof InputError) return []
        throw error
      }
    })
    // What does not fit the one that is shown is told as of it.
    if (fitting.length === 0) parametersFor(shown.model)
    await Promise.all(fitting.map(({ trainer, parameters }) => trainer.load(parameters, { moments: 'clear' })))
    this.#runner.loaded()
    return fitting.map(({ trainer }) => trainer)
  }

  get #isLost(): boolean {
    return this.#state.value.phase === 'lost'
  }

  #replace(made: readonly Made[], dataset: Dataset, parks: boolean): void {
    const { dataset: before } = this.#state.value
    for (const { trainer } of made) this.#parked.release(trainer)
    for (const [i, trainer] of this.#trainers.entries()) {
      if (made.some((one) => one.trainer === trainer)) continue
      if (parks && before) this.#parked.put({ trainer, key: this.#keys[i]!, dataset: before })
      else trainer.destroy()
    }
    this.#parked.retain(dataset)
    this.#trainers = made.map(({ trainer }) => trainer)
    this.#keys = made.map(({ key }) => key)
  }

  /** Tells the listeners of a trainer that is shown from now on; nothing is measured or drawn while they change. */
  async #show(trainer: Trainer): Promise<void> {
    const before = this.#runner.release()
    try {
      for (const listener of this.#listeners) await listener(trainer, before)
    } catch (error) {
      // Some may show the new one already, whose buffers are about to go.
      if (before) {
        for (const listener of this.#listeners) await (async () => listener(before, trainer))().catch(() => {})
        this.#runner.take(before, this.#trainers)
      }
      throw error
    }
  }
}
