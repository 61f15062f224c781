/** Plays, pauses and steps the trainer at hand, with those that are compared with it, to the end of the epochs that were planned. */
import { inTurns } from '../train/turns.ts'
import type { Evaluation, Progress, RunOptions, Trainer } from '../train/types.ts'
import type { Beat } from './beat.ts'
import type { createCurves } from './curve.ts'
import { idle, type State } from './state.ts'
import type { Store } from './store.ts'

export class Runner {
  readonly #state: Store<State>
  readonly #curves: ReturnType<typeof createCurves>
  readonly #beat: Beat
  readonly #listeners = new Set<() => void>()
  readonly #roundListeners = new Set<(round: readonly Progress[]) => void>()
  #trainer: Trainer | null = null
  /** The trainer among all that train in turns with it. */
  #all: readonly Trainer[] = []
  #leaving = false
  #wantsPlay = true
  #loop: Promise<void> = Promise.resolve()
  /** The loop ends only to begin again under another speed or goal. */
  #again = false

  constructor(state: Store<State>, curves: ReturnType<typeof createCurves>, beat: Beat) {
    this.#state = state
    this.#curves = curves
    this.#beat = beat
  }

  get trainer(): Trainer | null {
    return this.#trainer
  }

  /** The trainer to run from now on, after `release`; `all`: it and others that are kept at the same step. */
  take(trainer: Trainer, all: readonly Trainer[] = [trainer]): void {
    this.#trainer = trainer
    this.#all = all
  }

  /** Ends the loop for good and gives the trainer away. */
  async release(): Promise<Trainer | null> {
    const before = this.#trainer
    this.#leave(before)
    this.#trainer = null
    await this.#loop
    return before
  }

  /** Hears whenever steps were done, or the run went back to step 0. */
  onSteps(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Hears what happened in each of the trainers, where several train in turns. */
  onRound(listener: (round: readonly Progress[]) => void): void {
    this.#roundListeners.add(listener)
  }

  notifySteps(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Steps of the planned epochs; null: no end. */
  get #planned(): number | null {
    const epochs = this.#state.value.running?.epochs
    return epochs && this.#trainer ? Math.max(1, Math.round(epochs * this.#trainer.stepsPerEpoch)) : null
  }

  get ended(): boolean {
    const { goal, stopped } = this.#state.value
    if (stopped) return true
    return goal !== null && (this.#trainer?.step ?? 0) >= goal
  }

  /** Goes on; once the planned epochs are done, for as many again. */
  play(): void {
    this.#wantsPlay = true
    this.#state.set({ stopped: null, restored: null })
    const planned = this.#planned
    if (this.ended && planned !== null && this.#trainer) this.#state.set({ goal: this.#trainer.step + planned })
    this.goOn()
  }

  pause(): void {
    this.#wantsPlay = false
    this.#leave(this.#trainer)
  }

  setSpeed(speed: number | null): void {
    if (speed === this.#state.value.speed) return
    this.#state.set({ speed })
    this.#restart()
  }

  /** Takes the planned epochs anew: a run that is past them ends at once. */
  replan(): void {
    const { running, stopped } = this.#state.value
    this.#state.set({ goal: this.#planned, stopped: running?.earlyStopping ? stopped : null })
    if (this.#state.value.playing) this.#restart()
    else this.goOn()
  }

  /** One step, then paused. */
  async step(): Promise<void> {
    const trainer = this.#trainer
    if (!trainer) return
    this.#wantsPlay = false
    await this.stop()
    if (trainer !== this.#trainer || this.#state.value.playing) return // another step was asked for meanwhile
    this.#loop = this.#run(trainer, 1)
    await this.#loop
  }

  /** Shows an evaluation of the test part. */
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

  /** Empties the curves and figures, as a run begins at step 0. */
  forget(): void {
    for (const curve of Object.values(this.#curves)) curve.clear()
    this.#state.set({ live: idle, goal: this.#planned, stopped: null, restored: null })
    this.notifySteps()
  }

  /** Curves and figures of a trainer that has run beside the one shown before. */
  retell(): void {
    const trainer = this.#trainer
    if (!trainer) return
    for (const curve of Object.values(this.#curves)) curve.clear()
    const { step, loss, trainAccuracy, testLoss, testAccuracy } = trainer.history
    const told = [
      [this.#curves.trainLoss, loss],
      [this.#curves.trainAccuracy, trainAccuracy],
      [this.#curves.testLoss, testLoss],
      [this.#curves.testAccuracy, testAccuracy],
    ] as const
    for (const [curve, values] of told)
      values.forEach((value, i) => {
        if (value !== null) curve.push(step[i]!, value)
      })
    const { live } = this.#state.value
    this.#state.set({ live: { ...live, loss: loss.at(-1) ?? null, accuracy: trainAccuracy.at(-1) ?? null } })
    this.notifySteps()
  }

  /** Ends the loop at a step's end; whether it goes on is asked by `goOn`. */
  async stop(): Promise<void> {
    this.#again = false
    this.#leave(this.#trainer)
    await this.#loop
  }

  /** Starts if the reader wants it to play and the end is not reached. */
  goOn(): void {
    const trainer = this.#trainer
    if (!this.#wantsPlay || !trainer || this.#state.value.playing || this.ended) return
    const { goal } = this.#state.value
    this.#loop = this.#run(trainer, goal === null ? undefined : goal - trainer.step)
  }

  #restart(): void {
    if (!this.#state.value.playing) return
    this.#again = true
    this.#leave(this.#trainer)
  }

  /** Ends the loop soon: at a step's end, or where several train, at a round's. */
  #leave(trainer: Trainer | null): void {
    this.#leaving = true
    this.#beat.release()
    if (this.#all.length < 2) trainer?.pause()
  }

  async *#progress(trainer: Trainer, options: RunOptions): AsyncGenerator<Progress, void, void> {
    if (this.#all.length < 2) return yield* trainer.run(options)
    const own = this.#all.indexOf(trainer)
    for await (const round of inTurns(this.#all, options)) {
      for (const listener of this.#roundListeners) listener(round)
      yield round[own]!
      if (this.#leaving) return
    }
  }

  /** Shows what happened since the last time. */
  #tell(progress: Progress): void {
    const { step, epoch, loss, losses, accuracy, stepsPerSecond, stopped = null, restored = null } = progress
    const first = step - losses.length + 1
    losses.forEach((each, i) => this.#curves.trainLoss.push(first + i, each))
    if (accuracy !== null) this.#curves.trainAccuracy.push(step, accuracy)
    for (const evaluation of progress.evaluations) this.tested(evaluation)
    this.#state.set({ live: { ...this.#state.value.live, step, epoch, loss, accuracy, stepsPerSecond } })
    this.#state.set({ stopped, restored })
    this.notifySteps()
    if (restored !== null) this.notifySteps() // the same step with other parameters
  }

  async #run(trainer: Trainer, steps: number | undefined): Promise<void> {
    const { speed, running } = this.#state.value
    const { evaluateEvery, earlyStopping } = running ?? {}
    this.#leaving = false
    this.#state.set({ playing: true, stopped: null, restored: null })
    try {
      for await (const progress of this.#progress(trainer, {
        ...(steps && { steps }),
        ...(steps !== 1 && { ...(evaluateEvery && { evaluateEvery }), ...(earlyStopping && { earlyStopping }) }),
        ...(speed !== null && steps !== 1 && { stepsPerSecond: speed }),
      })) {
        if (trainer !== this.#trainer) break
        if (this.#leaving) this.#tell(progress)
        else await this.#beat.paint(() => trainer === this.#trainer && this.#tell(progress))
      }
    } catch (error) {
      this.#wantsPlay = false
      this.#state.set({ problem: { place: 'training', message: error instanceof Error ? error.message : String(error) } })
    } finally {
      this.#state.set({ playing: false })
    }
    if (!this.#again || trainer !== this.#trainer) return
    this.#again = false
    this.goOn()
  }
}
