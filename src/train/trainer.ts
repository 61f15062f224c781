import { InputError } from '../errors.ts'
import { same } from '../same.ts'
import type { Observation } from '../graph/observation.ts'
import type { ModelFile } from '../model/types.ts'
import type { RunSettings } from '../model/validate.ts'
import { arrived } from './arrived.ts'
import { costOf } from './cost.ts'
import { Course } from './course.ts'
import { Evaluator } from './evaluator.ts'
import { Speed } from './speed.ts'
import { StepLoop, type Due } from './loop.ts'
import { TensorHandles } from './handles.ts'
import { observationOf } from './observe.ts'
import { Operations } from './operations.ts'
import { Nap } from './nap.ts'
import { begin, clearMoments, release, write, type Prepared } from './prepare.ts'
import { Monitor, type RunEnd } from './monitor.ts'
import { copyParts, partsOf, TakenSnapshot, writeParts, type Parts, type RunNumbers } from './run-snapshot.ts'
import { checkSettings } from './settings.ts'
import { stateFileOf, type SavedRun } from './run-state.ts'
import type { Cost, Evaluation, History, LoadOptions, Progress, Resumed, RunOptions, RunSnapshot, TensorHandle, Trainer } from './types.ts'

/** Values that a run begins with instead of random ones, by parameter path. */
type Given = Record<string, Float32Array> | undefined

/** Milliseconds between two progresses at least: a frame. */
const frame = 16

/** Trains a network on the GPU; `Trainer` says what each member does. */
export class GpuTrainer implements Trainer {
  readonly model: ModelFile
  readonly stepsPerEpoch: number
  readonly cost: Cost
  readonly parameterPaths: string[]
  readonly resumed: Resumed | undefined
  readonly #prepared: Prepared
  readonly #loop: StepLoop
  readonly #evaluator: Evaluator
  readonly #monitor: Monitor
  readonly #observation: Omit<Observation, 'step'>
  readonly #given: Given
  readonly #course: Course
  readonly #operations: Operations
  readonly #handles: TensorHandles
  /** Counts what asks a run to end, so that one which waits for its turn hears of it. */
  #pauses = 0
  /** Counts resets and restores: what began before one is over. */
  #generation = 0
  /** Counts calls of `run` that have begun: the end of one is not told in the midst of the next. */
  #runs = 0

  private constructor(prepared: Prepared, settings: RunSettings, given: Given, saved: SavedRun | undefined) {
    const { model, programs, state, ring, gpu, train, test } = prepared
    this.#prepared = prepared
    this.#operations = new Operations(gpu)
    this.#handles = new TensorHandles(prepared, this.#operations)
    this.model = model
    this.stepsPerEpoch = Math.ceil(train.count / (model.batchSize * (model.accumulate ?? 1)))
    this.parameterPaths = state.specs.map((spec) => spec.path)
    this.cost = costOf(prepared)
    this.#given = given
    this.resumed = saved && resumedFrom(saved, prepared)
    this.#course = new Course(prepared, settings)
    this.#loop = new StepLoop(prepared, (step, rate) => this.#course.record.submitted(step, rate))
    this.#evaluator = new Evaluator(gpu, programs, ring, { train: train.count, test: test?.count ?? 0 }, model.loss, () =>
      this.#course.parametersOf(this.step),
    )
    this.#monitor = new Monitor({
      prepared,
      evaluator: this.#evaluator,
      onEvaluation: (evaluation) => this.#course.record.evaluated(evaluation),
      between: this.#course.between,
    })
    this.#observation = observationOf(programs, state)
  }

  /** Writes the initial values and hands over a trainer at step 0, or at the step of a run that was saved. Where that fails, nothing stays of what was prepared. */
  static async create(prepared: Prepared, settings: RunSettings, given?: Given, saved?: SavedRun): Promise<GpuTrainer> {
    let trainer: GpuTrainer | undefined
    try {
      await begin(prepared, prepared.model.seed, given)
      trainer = new GpuTrainer(prepared, settings, given, saved)
      if (saved) await trainer.#goOnFrom(saved.numbers, (parts) => writeParts(prepared, parts, saved.tensors))
      return trainer
    } catch (error) {
      if (trainer) trainer.destroy()
      else release(prepared)
      throw error
    }
  }

  get step() {
    return this.#loop.step
  }

  get epoch() {
    return this.step / this.stepsPerEpoch
  }

  get running() {
    return this.#loop.running
  }

  get learningRate() {
    return this.#course.numbers.learningRate(this.step + 1)
  }

  get history(): History {
    return this.#course.record.history
  }

  async *run(options: RunOptions = {}): AsyncGenerator<Progress, void, void> {
    const { signal } = options
    const more = stepsOf(options, this.stepsPerEpoch)
    signal?.throwIfAborted()
    const onAbort = () => this.pause()
    signal?.addEventListener('abort', onAbort, { once: true })
    const nap = new Nap()
    let over = false
    let failure: unknown
    let end = 0
    const fail = (error: unknown) => {
      over = true
      failure = error
      nap.wake()
    }
    try {
      const { finished, due, goal, speed, run } = await this.#begin(more, options)
      finished.then((step) => {
        over = true
        end = step
        nap.wake()
      }, fail)
      const generation = this.#generation
      const isCurrent = () => generation === this.#generation && run === this.#runs && !this.#operations.destroyed
      while (!over) {
        await nap.sleep(frame)
        if (!over && this.#course.record.hasNews) yield this.#progress(speed)
      }
      if (failure && !this.#operations.destroyed) throw failure
      await this.#settled(() => (isCurrent() ? end : 0))
      const pauses = this.#pauses
      const isWanted = () => isCurrent() && pauses === this.#pauses
      const mayFinish = due && (!this.#ends(goal) || (await arrived(due.arrival(), isWanted)))
      if (!isCurrent()) return
      const finish: RunEnd = mayFinish ? await this.#operations.inTurn('run', async () => (isCurrent() ? this.#finish(goal) : {})) : {}
      if (!isCurrent()) return
      if (this.#course.record.hasNews || finish.stopped || finish.restored) yield this.#progress(speed, finish)
      signal?.throwIfAborted()
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (!over) await this.#prepared.gpu.untilLost(this.#loop.stop())
    }
  }

  pause() {
    this.#pauses++
    this.#loop.pause()
  }

  reset(seed?: number): Promise<void> {
    this.pause()
    return this.#operations.inTurn('reset', async () => {
      await this.#standStill()
      const from = seed ?? this.model.seed
      await begin(this.#prepared, from, this.#given, () => this.#operations.check('reset'))
      await this.#prepared.results.reset()
      this.#generation++
      this.#monitor.reset()
      this.#loop.reset()
      this.#course.begin(from)
    })
  }

  async evaluate(part: 'train' | 'test' = 'test', { outputs = false } = {}): Promise<Evaluation> {
    return this.#operations.beside('evaluate', async () => {
      const record = this.#course.record
      const evaluation = await this.#evaluator.evaluate(part, this.#course.numbers, outputs)
      if (part === 'test') record.measured(evaluation)
      return evaluation
    })
  }

  predict(x: Float32Array) {
    return this.#operations.beside('predict', () => this.#evaluator.predict(x, this.#course.numbers))
  }

  outputs(part: 'train' | 'test') {
    return this.#operations.beside('outputs', () => this.#evaluator.outputsOf(part, this.#course.numbers))
  }

  parameter(path: string): TensorHandle {
    return this.#handles.parameter(path)
  }

  gradient(path: string): TensorHandle {
    return this.#handles.gradient(path)
  }

  activation(path: string): TensorHandle {
    return this.#handles.activation(path)
  }

  load(parameters: Record<string, Float32Array>, { moments = 'keep' }: LoadOptions = {}): Promise<void> {
    return this.#operations.inTurn('load', () => {
      for (const path of Object.keys(parameters)) this.#handles.shapeOf(path)
      return this.#loop.between(() => {
        const { gpu, state } = this.#prepared
        write(gpu.device, state, parameters)
        this.#course.restored = null
        if (moments === 'keep') return
        clearMoments(gpu.device, state)
        this.#course.numbers.restartMoments()
      })
    })
  }

  set(change: Parameters<Trainer['set']>[0]) {
    this.#course.settings = checkSettings(this.#course.settings, change)
  }

  snapshot(): Promise<TakenSnapshot> {
    return this.#operations.inTurn('snapshot', () => this.#loop.between(() => this.#takenSafely()))
  }

  async restore(snapshot: RunSnapshot): Promise<void> {
    if (!(snapshot instanceof TakenSnapshot)) throw new InputError('restore: expected a snapshot that this trainer has taken')
    snapshot.of(this.#prepared)
    this.pause()
    return this.#operations.inTurn('restore', async () => {
      const parts = snapshot.of(this.#prepared)
      await this.#standStill()
      await this.#goOnFrom(await snapshot.numbers, (own) => copyParts(this.#prepared.gpu.device, parts, own))
    })
  }

  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const snapshot = await this.snapshot()
    try {
      return await this.#operations.beside('save', () => stateFileOf(this.#prepared, snapshot))
    } finally {
      snapshot.destroy()
    }
  }

  observation(): Observation {
    return { ...this.#observation, step: this.step }
  }

  settled(): Promise<void> {
    return this.#settled(() => this.step)
  }

  /** Resolves when the results have arrived up to the step that `last` tells. */
  async #settled(last: () => number): Promise<void> {
    const { results, gpu } = this.#prepared
    const arrival = async () => {
      while (!this.#operations.destroyed && results.delivered < last()) await results.arrived(last())
    }
    if (gpu.loss) throw gpu.loss
    await gpu.untilLost(
      arrival().catch((error: unknown) => {
        if (!this.#operations.destroyed) throw error
      }),
    )
  }

  destroy() {
    if (this.#operations.destroyed) return
    this.#operations.destroy()
    this.#pauses++
    this.#loop.abandon()
    this.#evaluator.destroy()
    this.#monitor.destroy()
    release(this.#prepared)
  }

  /** Begins to train up to `more` steps, unless it was asked to end before its turn came. */
  #begin(
    more: number,
    options: RunOptions,
  ): Promise<{ finished: Promise<number>; due: Due | undefined; goal: number; speed: Speed; run: number }> {
    const pauses = this.#pauses
    return this.#operations.inTurn('run', async () => {
      const run = ++this.#runs
      if (this.#loop.running && !this.#loop.stopping) throw new InputError('run: this trainer is running already; pause it first')
      await this.#loop.stop()
      const last = this.step + more
      const { goal = last } = options
      const due = this.#due(options)
      const speed = new Speed(this.step)
      const isOff = pauses !== this.#pauses
      const finished = isOff
        ? Promise.resolve(this.step)
        : this.#prepared.gpu.untilLost(this.#loop.run(last, this.#course.numbers, options, due))
      finished.catch(() => {}) // a consumer that has left must not see an unhandled rejection
      return { finished, due, goal, speed, run }
    })
  }

  /** Resolves when nothing trains, nothing evaluates and all results have arrived. */
  async #standStill(): Promise<void> {
    await this.#loop.stop()
    await Promise.all([this.settled(), this.#evaluator.idle()])
    this.#operations.check('the run')
  }

  async #takenSafely(): Promise<TakenSnapshot> {
    let taken: TakenSnapshot | undefined
    try {
      await this.#prepared.gpu.checked(`a snapshot of step ${this.step}`, () => void (taken = this.#take()))
    } catch (error) {
      taken?.destroy()
      throw error
    }
    return taken!
  }

  /** A copy of the run as the steps submitted so far leave it. */
  #take(): TakenSnapshot {
    const { step } = this
    return new TakenSnapshot(this.#prepared, this.#monitor.kept, step, this.#course.at(step, this.#monitor))
  }

  /** Goes on from another moment, or from another run, whose state `fill` brings to the GPU. */
  async #goOnFrom(numbers: RunNumbers, fill: (parts: Parts) => void): Promise<void> {
    await this.#prepared.results.reset(numbers.step)
    this.#generation++
    this.#monitor.goOn(numbers.watch)
    fill(partsOf(this.#prepared, this.#monitor.kept))
    this.#loop.reset(numbers.step)
    this.#course.goOn(numbers)
  }

  #progress(speed: Speed, end: RunEnd = {}): Progress {
    const step = this.#prepared.results.delivered
    return { step, epoch: step / this.stepsPerEpoch, ...this.#course.record.take(), stepsPerSecond: speed.at(step), ...end }
  }

  /** The evaluations that a run is to make; undefined: none. */
  #due({ evaluateEvery, earlyStopping }: RunOptions): Due | undefined {
    if (evaluateEvery !== undefined && !(Number.isSafeInteger(evaluateEvery) && evaluateEvery > 0))
      throw new InputError(`run: evaluateEvery is ${evaluateEvery}, expected a positive integer`)
    const acts = earlyStopping !== undefined || this.#course.numbers.hasPlateau
    if (!acts && !(evaluateEvery && this.#prepared.test)) return undefined
    this.#monitor.prepare(this.#course.numbers, earlyStopping)
    return {
      every: evaluateEvery ?? this.stepsPerEpoch,
      isDone: (step) => this.#monitor.evaluated === step,
      arrival: () => (this.#monitor.part === 'test' ? this.#prepared.programs.arrival('test') : undefined),
      at: (step) => this.#monitor.at(step),
    }
  }

  /** Whether the whole run has ended, and not only a call of `run`. */
  #ends(goal: number): boolean {
    return this.step >= goal || this.#monitor.stopped
  }

  /** The end of a call of `run` that evaluates: of the whole run, or only a pause. */
  async #finish(goal: number): Promise<RunEnd> {
    if (!this.#ends(goal)) {
      await this.#monitor.told()
      return {}
    }
    const end = await this.#monitor.finish(this.step)
    if (end.restored !== undefined) this.#course.restored = { at: this.step, from: end.restored }
    return end
  }
}

const resumedFrom = ({ numbers, adapter, variants }: SavedRun, { gpu, programs }: Prepared): Resumed => ({
  step: numbers.step,
  sameVariants: same(variants, programs.training.variants),
  sameAdapter: adapter === gpu.adapter.description,
})

/** How many steps a call of `run` is for. */
function stepsOf({ epochs, steps }: RunOptions, stepsPerEpoch: number): number {
  const more = steps ?? (epochs === undefined ? Infinity : Math.ceil(epochs * stepsPerEpoch))
  if (more > 0) return more
  throw new InputError(`run: ${epochs !== undefined ? `epochs is ${epochs}` : `steps is ${steps}`}, expected a positive number`)
}
