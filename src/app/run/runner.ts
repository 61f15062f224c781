/** Plays, pauses and steps the trainer at hand, with the experiments beside it, to the end of the epochs that were planned. */
import { DeviceLost } from '../../gpu/device-loss.ts'
import { inTurns } from '../../train/turns.ts'
import type { Evaluation, Progress, RunOptions, Trainer } from '../../train/types.ts'
import type { Beat } from '../pacing/paint-gate.ts'
import type { Curves } from './curves.ts'
import { toldOf } from './describe.ts'
import { Ends } from './ends.ts'
import { Figures } from './figures.ts'
import type { Problem, State } from './state.ts'
import { standing } from './standing.ts'
import type { Store } from './store.ts'

/** Why nothing trains although the reader wants it: a command is at work on the trainers, kernels are being timed, or other networks train. */
type Hold = 'command' | 'kernels' | 'measurement'

export class Runner {
  readonly figures: Figures
  readonly #state: Store<State>
  readonly #beat: Beat
  readonly #listeners = new Set<() => void>()
  readonly #beginListeners = new Set<(trainer: Trainer) => Promise<void>>()
  readonly #roundListeners = new Set<(round: readonly Progress[]) => void>()
  #generation = 0
  #trainer: Trainer | null = null
  /** The trainer among all that train in turns with it. */
  #all: readonly Trainer[] = []
  readonly #ends: Ends
  #wantsPlay = true
  readonly #holds = new Set<Hold>()
  /** Resolves when the loop has ended; `#looping` says whether there is one. */
  #loop: Promise<void> = Promise.resolve()
  #looping = false
  /** The loop shall come to its end, or begin again under another speed or goal. */
  #leaving = false
  /** What ended the loop, until it begins again. */
  #problem: Problem | null = null
  /** The one trainer whose `run` is under way, where it is one. */
  #alone: Trainer | null = null

  constructor(state: Store<State>, curves: Curves, beat: Beat) {
    this.#state = state
    this.figures = new Figures(state, curves)
    this.#ends = new Ends(state)
    this.#beat = beat
  }

  get trainer(): Trainer | null {
    return this.#trainer
  }

  /** Whether the reader wants it to train, even where it cannot at the moment. */
  get wantsPlay(): boolean {
    return this.#wantsPlay
  }

  /** The trainer to run from now on, after `release`; `all`: it and others that are kept at the same step. */
  take(trainer: Trainer, all: readonly Trainer[] = [trainer]): void {
    this.#trainer = trainer
    this.#ends.keep(all)
    this.#all = all
    this.#ends.tell(this.#trainer, this.#all)
  }

  /** Gives the trainer away; only while the runner is held. */
  release(): Trainer | null {
    const before = this.#trainer
    this.#trainer = null
    return before
  }

  /** Grows whenever the parameters are others than the steps made them: the run begins anew, another network is shown, or some were loaded or restored. */
  get generation(): number {
    return this.#generation
  }

  /** Hears whenever steps were done, or the generation has grown. */
  onSteps(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Hears of the trainer that is shown before it does steps, which wait for what the listener does. */
  onBegin(listener: (trainer: Trainer) => Promise<void>): void {
    this.#beginListeners.add(listener)
  }

  /** Hears what happened in each of the trainers, where several train in turns. */
  onRound(listener: (round: readonly Progress[]) => void): void {
    this.#roundListeners.add(listener)
  }

  /** Other parameters were loaded into the trainers, at the step where they are. */
  loaded(): void {
    this.#generation++
    this.#notify()
  }

  readonly #notify = () => this.#listeners.forEach((listener) => listener())

  /** Steps of the planned epochs; null: no end. */
  get #planned(): number | null {
    const epochs = this.#state.value.running?.epochs
    return epochs && this.#trainer ? Math.max(1, Math.round(epochs * this.#trainer.stepsPerEpoch)) : null
  }

  get ended(): boolean {
    return this.#next().trainers.length === 0
  }

  /** Goes on; once the planned epochs are done or the run has ended early, for as many again. */
  play(): void {
    if (this.#state.value.phase === 'lost') return
    this.#wantsPlay = true
    if (this.#trainer && this.ended) {
      this.#ends.clear()
      const planned = this.#planned
      this.#state.set({ goal: planned === null ? null : Math.max(...this.#all.map(({ step }) => step)) + planned })
      this.#ends.tell(this.#trainer, this.#all)
    }
    this.#settle()
  }

  pause(): void {
    this.#wantsPlay = false
    this.#leave()
    if (!this.#looping) this.#state.set({ playing: false })
  }

  setSpeed(speed: number | null): void {
    if (speed === this.#state.value.speed) return
    this.#state.set({ speed })
    this.#leave()
  }

  /** Takes the planned epochs anew: a run that is past them ends at once. */
  replan(): void {
    if (!this.#state.value.running?.earlyStopping) this.#ends.clear()
    this.#state.set({ goal: this.#planned })
    this.#ends.tell(this.#trainer, this.#all)
    this.#leave()
    this.#settle()
  }

  /** One step of all; only while the runner is held. */
  async step(): Promise<void> {
    const { trainers: behind } = this.#next()
    const trainers = behind.length > 0 ? behind : this.#all
    if (!this.#trainer || trainers.length === 0) return
    this.#leaving = false
    await this.#pass(trainers, 1)
  }

  /** Ends a single step under way: it may wait for samples that are yet to arrive. */
  endStep(): void {
    if (!this.#looping) this.#leave()
  }

  /** Shows an evaluation of the test part, which counts toward nothing. */
  tested(evaluation: Evaluation): void {
    this.figures.tested(evaluation)
  }

  /** Empties the curves and figures, as a run begins at step 0, with these trainers. */
  forget(begun: readonly Trainer[] = this.#all): void {
    this.#generation++
    this.#ends.forget(begun)
    this.figures.clear()
    this.#state.set({ goal: this.#planned })
    this.#ends.tell(this.#trainer, this.#all)
    this.#notify()
  }

  /** Curves and figures of a trainer that has run beside the one shown before. */
  retell(): void {
    if (!this.#trainer) return
    this.#generation++
    this.figures.retell(this.#trainer)
    this.#notify()
  }

  /** Ends the loop at a step's end, and keeps it from beginning until `goOn` is called for the same reason. */
  async hold(why: Hold): Promise<void> {
    this.#holds.add(why)
    this.#leave()
    await this.#loop
  }

  /** Starts, unless something else holds it, if the reader wants it to play and the end is not reached. */
  goOn(why: Hold): void {
    this.#holds.delete(why)
    this.#settle()
  }

  #settle(): void {
    if (this.#looping || this.#holds.size > 0) return
    if (!this.#wantsPlay || !this.#trainer || this.ended) return this.#state.set({ playing: false })
    this.#looping = true
    this.#loop = this.#run()
  }

  /** Ends the pass under way soon: at a step's end, or where several train, at a round's. */
  #leave(): void {
    this.#leaving = true
    this.#beat.release()
    this.#alone?.pause()
  }

  #next() {
    return this.#ends.next(this.#all, this.#state.value.goal ?? Infinity)
  }

  async #run(): Promise<void> {
    const isOver = this.#problem !== null && this.#problem === this.#state.value.problem
    this.#problem = null
    this.#state.set({ playing: true, ...(isOver && { problem: null }) })
    try {
      while (this.#wantsPlay && this.#holds.size === 0) {
        const { trainers, until } = this.#next()
        const [first] = trainers
        if (!first) break
        this.#leaving = false
        const before = first.step
        await this.#pass(trainers, until - before, this.#state.value.speed)
        // A trainer that does nothing must not be asked for ever.
        if (!this.#leaving && first.step === before && !this.#ends.has(first)) this.#wantsPlay = false
      }
    } catch (error) {
      this.#wantsPlay = false
      // A device that is lost is told once, for the whole page.
      if (!(error instanceof DeviceLost)) {
        this.#problem = { place: 'training', told: toldOf(error) }
        this.#state.set({ problem: this.#problem })
      }
    } finally {
      this.#looping = false
      if (this.#holds.size === 0 || !this.#wantsPlay) this.#state.set({ playing: false })
    }
  }

  /** So many steps of each of these trainers, which are at one step; fewer when it is left. */
  async #pass(trainers: readonly Trainer[], steps: number, speed: number | null = null): Promise<void> {
    if (this.#trainer) for (const listener of this.#beginListeners) await listener(this.#trainer)
    if (this.#leaving) return
    const { running, goal } = this.#state.value
    const { evaluateEvery, earlyStopping } = running ?? {}
    const step = trainers[0]!.step
    const options: RunOptions = {
      ...(Number.isFinite(steps) && { steps }),
      // A single step beyond the plan is no end of anything.
      goal: goal !== null && goal > step ? goal : Infinity,
      ...(evaluateEvery && { evaluateEvery }),
      ...(earlyStopping && { earlyStopping }),
      ...(speed !== null && { stepsPerSecond: speed }),
    }
    this.#ends.forget(trainers)
    for await (const round of this.#rounds(trainers, options)) {
      // Of a trainer that rests while others go on there is nothing new.
      for (const trainer of trainers) if (this.#ends.has(trainer)) round.delete(trainer)
      this.#ends.add(round)
      if (this.#all.length > 1) this.#tellRound(round)
      const tell = () => {
        const own = this.#trainer && round.get(this.#trainer)
        this.#ends.tell(this.#trainer, this.#all)
        if (own) this.#tell(own)
      }
      if (this.#leaving) tell()
      else await this.#beat.paint(tell)
    }
  }

  async *#rounds(trainers: readonly Trainer[], options: RunOptions): AsyncGenerator<Map<Trainer, Progress>, void, void> {
    const [first, ...others] = trainers as [Trainer, ...Trainer[]]
    if (others.length > 0) {
      for await (const round of inTurns(trainers, options)) {
        yield new Map(trainers.map((trainer, i) => [trainer, round[i]!]))
        if (this.#leaving) return
      }
      return
    }
    this.#alone = first
    try {
      for await (const progress of first.run(options)) yield new Map([[first, progress]])
    } finally {
      this.#alone = null
    }
  }

  #tellRound(round: ReadonlyMap<Trainer, Progress>): void {
    const all = this.#all.map((trainer) => round.get(trainer) ?? standing(trainer))
    for (const listener of this.#roundListeners) listener(all)
  }

  /** Shows what happened since the last time. */
  #tell(progress: Progress): void {
    if (progress.restored !== undefined) this.#generation++
    this.figures.add(progress)
    this.#notify()
  }
}
