import { wrongIn } from '../errors.ts'
import type { Observation } from '../graph/observation.ts'
import type { ModelFile } from '../model/types.ts'
import type { RunSettings } from '../model/validate.ts'
import { costOf } from './cost.ts'
import { Course } from './course.ts'
import { Evaluator } from './evaluator.ts'
import { StepLoop } from './loop.ts'
import { TensorHandles } from './handles.ts'
import { observationOf } from './observe.ts'
import { Operations } from './operations.ts'
import { checkOptions } from './options.ts'
import { begin, clearMoments, release, write, type Prepared } from './prepare.ts'
import { Monitor } from './monitor.ts'
import { Probe, type ProbedRun, type ProbeOptions } from './probe.ts'
import { copyParts, partsOf, TakenSnapshot, writeParts, type Parts, type RunNumbers } from './run-snapshot.ts'
import { Runs } from './runs.ts'
import { checkSettings } from './settings.ts'
import { TracedStep } from './traced-step.ts'
import { resumedFrom, stateFileOf, type SavedRun } from './run-state.ts'
import type { StepWatch } from './step-watch.ts'
import type { Cost, Evaluation, History, LoadOptions, Progress, Resumed, RunOptions, RunSnapshot, TensorHandle, Trainer } from './types.ts'

/** Values that a run begins with instead of random ones, by parameter path. */
type Given = Record<string, Float32Array> | undefined

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
  readonly #runs: Runs

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
    this.#runs = new Runs({
      prepared,
      loop: this.#loop,
      course: this.#course,
      monitor: this.#monitor,
      operations: this.#operations,
      stepsPerEpoch: this.stepsPerEpoch,
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

  get settings() {
    return this.#course.settings
  }

  get settingsChanges() {
    return this.#course.changes
  }

  get history(): History {
    return this.#course.record.history
  }

  run(options: RunOptions = {}): AsyncGenerator<Progress, void, void> {
    return this.#runs.run(options)
  }

  pause() {
    this.#runs.pause()
  }

  reset(seed?: number): Promise<void> {
    this.pause()
    return this.#operations.inTurn('reset', async () => {
      await this.#standStill()
      const from = seed ?? this.model.seed
      await begin(this.#prepared, from, this.#given, () => this.#operations.check('reset'))
      await this.#prepared.results.reset()
      this.#runs.replaced()
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

  load(parameters: Record<string, Float32Array>, options: LoadOptions = {}): Promise<void> {
    const { moments = 'keep' } = options
    return this.#operations.inTurn('load', () => {
      checkOptions('load', options)
      for (const path of Object.keys(parameters)) this.#handles.specOf(path)
      return this.#loop.between(() => {
        const { gpu, state } = this.#prepared
        write(gpu.device, state, parameters)
        this.#loop.watches.replaced()
        this.#course.restored = null
        if (moments === 'keep') return
        clearMoments(gpu.device, state)
        this.#course.numbers.restartMoments()
      })
    })
  }

  set(change: Parameters<Trainer['set']>[0]) {
    this.#course.change(checkSettings(this.#course.settings, change), this.step)
  }

  snapshot(): Promise<TakenSnapshot> {
    return this.#operations.inTurn('snapshot', () => this.#loop.between(() => this.#takenSafely()))
  }

  async restore(snapshot: RunSnapshot): Promise<void> {
    if (!(snapshot instanceof TakenSnapshot)) throw wrongIn('restore', 'restore.none')
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

  watch(watch: StepWatch): () => void {
    return this.#loop.watches.add(watch)
  }

  settled(): Promise<void> {
    return this.#runs.settled(() => this.step)
  }

  probe(options: ProbeOptions = {}): Promise<Probe> {
    checkOptions('probe', options)
    return this.#operations.beside('probe', () => Probe.open(this.#probed(), options))
  }

  destroy() {
    if (this.#operations.destroyed) return
    this.#operations.destroy()
    this.#runs.pause()
    this.#loop.abandon()
    this.#evaluator.destroy()
    this.#monitor.destroy()
    release(this.#prepared)
  }

  /** Resolves when nothing trains, nothing evaluates and all results have arrived. */
  async #standStill(): Promise<void> {
    await this.#loop.stop()
    await Promise.all([this.settled(), this.#evaluator.idle()])
    this.#operations.check('the run')
  }

  traced(): Promise<TracedStep> {
    return this.#operations.beside('traced', () => TracedStep.open(this.#probed()))
  }

  /** What a measurement beside the run is told of it. */
  #probed(): ProbedRun {
    return {
      prepared: this.#prepared,
      between: (task) => this.#loop.between(task),
      moment: () => ({
        step: this.#course.parametersOf(this.step),
        learningRate: this.learningRate,
        settings: this.#course.settings,
        carried: this.#course.numbers.carried,
      }),
      check: () => this.#operations.check('probe'),
    }
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
    this.#runs.replaced()
    this.#monitor.goOn(numbers.watch)
    fill(partsOf(this.#prepared, this.#monitor.kept))
    this.#loop.reset(numbers.step)
    this.#course.goOn(numbers)
  }
}
