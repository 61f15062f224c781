/** The trainers at hand. Whatever is done to them is a command: one at a time, while none of them trains. */
import type { Dataset } from '../data/types.ts'
import { InputError } from '../errors.ts'
import type { ModelFile } from '../model/types.ts'
import type { Trainer } from '../train/types.ts'
import { Commands } from './commands.ts'
import { withShown } from './comparison.ts'
import type { Runner } from './runner.ts'
import type { Description, State } from './state.ts'
import type { Store } from './store.ts'
import { destroyAll } from './trainers.ts'

export type Parameters = Record<string, Float32Array>
/** The parameters for a network; throws an InputError where they do not fit it. */
export type ParametersFor = (model: ModelFile) => Parameters
export type SwapListener = (trainer: Trainer, before: Trainer | null) => Promise<void> | void

export class AtHand {
  readonly #state: Store<State>
  readonly #runner: Runner
  readonly #commands: Commands
  readonly #listeners = new Set<SwapListener>()
  #trainers: readonly Trainer[] = []
  #generation = 0
  #reset: Promise<void> | undefined

  constructor(state: Store<State>, runner: Runner) {
    this.#state = state
    this.#runner = runner
    this.#commands = new Commands(() => runner.goOn('command'))
  }

  /** All that train: the one shown, and those that are compared with it. */
  get trainers(): readonly Trainer[] {
    return this.#trainers
  }

  /** Grows whenever the run begins anew or another network is shown, so that a result of before is known by it. */
  get generation(): number {
    return this.#generation
  }

  /** Hears of a new trainer before the old one is destroyed. */
  onSwap(listener: SwapListener): void {
    this.#listeners.add(listener)
  }

  /** Runs a command once all before it are done, beside the training; on a lost device it does nothing, and resolves to undefined. */
  command<T>(command: () => T | Promise<T>): Promise<T | undefined> {
    return this.#commands.run(() => (this.#isLost ? undefined : command()))
  }

  /** The same while nothing trains. */
  exclusive<T>(command: () => T | Promise<T>): Promise<T | undefined> {
    return this.command(async () => {
      await this.#runner.hold('command')
      return this.#isLost ? undefined : command()
    })
  }

  /**
   * Puts new trainers in the place of those at hand, at step 0, unless nobody wants them by then; throws what a listener throws, with the old ones back.
   * `begin` is called when the new ones are in place, before they train.
   */
  async swap(
    trainers: readonly Trainer[],
    dataset: Dataset,
    {
      isWanted,
      running,
      begin,
    }: { isWanted: () => boolean; running: () => Description; begin: (running: Description) => Promise<void> | void },
  ): Promise<void> {
    let isTaken = false
    const swap = async () => {
      if (!isWanted()) return
      const description = running()
      await this.#show(trainers[description.comparison?.shown ?? 0]!)
      const before = this.#trainers
      isTaken = true
      this.#trainers = trainers
      this.#runner.take(trainers[description.comparison?.shown ?? 0]!, trainers)
      destroyAll(before)
      this.#state.set({ dataset, running: description, ...(!this.#isLost && { phase: 'ready' }) })
      await begin(description)
      this.#begin()
    }
    try {
      if (isWanted()) await this.exclusive(swap)
    } finally {
      if (!isTaken) destroyAll(trainers)
    }
  }

  /** Shows another of the networks that are compared. Throws what a listener throws, with the one before back. */
  showVariant(index: () => number | undefined): Promise<void> {
    return this.exclusive(async () => {
      const { running } = this.#state.value
      const shown = index()
      const trainer = shown === undefined ? undefined : this.#trainers[shown]
      if (!trainer || !running?.comparison || shown === running.comparison.shown) return
      await this.#show(trainer)
      this.#runner.take(trainer, this.#trainers)
      this.#generation++
      this.#state.set({ running: structuredClone(withShown(running, shown!)) })
      this.#runner.retell()
    })
  }

  /** Back to step 0. Resets that wait for the same command before them are one. */
  reset(): Promise<void> {
    this.#reset ??= this.exclusive(async () => {
      this.#reset = undefined
      if (this.#trainers.length === 0) return
      await Promise.all(this.#trainers.map((trainer) => trainer.reset()))
      this.#begin()
    }).finally(() => (this.#reset = undefined))
    return this.#reset
  }

  step(): Promise<void> {
    return this.exclusive(() => this.#runner.step())
  }

  /** Loads parameters into all trainers whose network they fit; resolves to these. Throws an InputError where they fit none. */
  load(parametersFor: ParametersFor): Promise<readonly Trainer[] | undefined> {
    return this.exclusive(() => this.loadNow(parametersFor))
  }

  /** The same within a command. */
  async loadNow(parametersFor: ParametersFor): Promise<readonly Trainer[]> {
    const shown = this.#runner.trainer
    if (!shown) throw new InputError('There is no network yet to take parameters.')
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
    this.#runner.notifySteps()
    return fitting.map(({ trainer }) => trainer)
  }

  get #isLost(): boolean {
    return this.#state.value.phase === 'lost'
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

  /** A run at step 0. */
  #begin(): void {
    this.#generation++
    this.#runner.forget()
  }
}
