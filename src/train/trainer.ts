import { InputError } from '../errors.ts'
import type { Slice } from '../gpu/kernel.ts'
import { fromMemory } from '../graph/layout.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { Observation, TensorView } from '../graph/observation.ts'
import type { ModelFile } from '../model/types.ts'
import { costOf } from './cost.ts'
import { Evaluator } from './evaluator.ts'
import { Speed } from './speed.ts'
import { StepLoop, type Due } from './loop.ts'
import { LossBetween } from './loss-between.ts'
import { observationOf, tensorView } from './observe.ts'
import { Nap } from './nap.ts'
import { begin, clearMoments, release, write, type Prepared } from './prepare.ts'
import { Monitor, type RunEnd } from './monitor.ts'
import { RunRecord } from './run-record.ts'
import { copyParts, partsOf, TakenSnapshot, writeParts, type Parts, type RunNumbers } from './run-snapshot.ts'
import { batchOfStep, StepNumbers, type Settings } from './step-row.ts'
import { checkSettings } from './settings.ts'
import { same, stateFileOf, type SavedRun } from './run-state.ts'
import type {
  Cost,
  Evaluation,
  History,
  LoadOptions,
  Progress,
  Resumed,
  RunOptions,
  RunSnapshot,
  TensorHandle,
  Trainer,
  TrainerOptions,
} from './types.ts'

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
  readonly #given: Record<string, Float32Array> | undefined
  readonly #classes: boolean
  #settings: Settings
  #numbers: StepNumbers
  #record: RunRecord
  readonly #between = new LossBetween()
  /** The step that the parameters are of where they are not the last step's: of the best one. */
  #restored: { at: number; from: number } | null = null
  /** Operations on the run wait for the one before. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Counts what asks a run to end, so that one which waits for its turn hears of it. */
  #pauses = 0
  /** Counts resets and restores: what began before one is over. */
  #generation = 0
  #destroyed = false

  private constructor(prepared: Prepared, options: TrainerOptions, saved: SavedRun | undefined) {
    const { model, programs, state, ring, gpu, train, test, results } = prepared
    this.#prepared = prepared
    this.model = model
    this.stepsPerEpoch = Math.ceil(train.count / (model.batchSize * (model.accumulate ?? 1)))
    this.parameterPaths = state.specs.map((spec) => spec.path)
    this.cost = costOf(prepared)
    this.#given = options.parameters
    this.resumed = saved && resumedFrom(saved, prepared)
    this.#classes = model.loss === 'crossEntropy' || model.loss === 'binaryCrossEntropy'
    this.#settings = {
      optimizer: model.optimizer,
      schedule: model.schedule ?? null,
      warmup: model.warmup ?? 0,
      clipNorm: model.clipNorm ?? null,
      perturbation: options.perturbation ?? 0,
    }
    this.#numbers = new StepNumbers(this.#settings, model.seed)
    this.#record = this.#newRecord(model.seed)
    this.#loop = new StepLoop(prepared, (step, rate) => this.#record.submitted(step, rate))
    this.#evaluator = new Evaluator(
      gpu,
      programs,
      ring,
      { train: train.count, test: test?.count ?? 0 },
      model.loss,
      () => this.#parametersOf,
    )
    this.#monitor = new Monitor({
      prepared,
      evaluator: this.#evaluator,
      onEvaluation: (evaluation) => this.#record.evaluated(evaluation),
      between: this.#between,
    })
    this.#observation = observationOf(programs, state)
    results.onRows = (first, rows) => this.#record.receive(first, rows)
  }

  /** Writes the initial values and hands over a trainer at step 0, or at the step of a run that was saved. */
  static async create(prepared: Prepared, options: TrainerOptions, saved?: SavedRun): Promise<GpuTrainer> {
    await begin(prepared, prepared.model.seed, options.parameters)
    const trainer = new GpuTrainer(prepared, options, saved)
    if (saved) await trainer.#goOnFrom(saved.numbers, (parts) => writeParts(prepared, parts, saved.tensors))
    return trainer
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
    return this.#numbers.learningRate(this.step + 1)
  }

  get history(): History {
    return this.#record.history
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
    const ended = (error?: unknown) => {
      over = true
      failure ??= error
      nap.wake()
    }
    const stopLoss = this.#prepared.gpu.onLost(ended)
    try {
      const { finished, due, goal } = await this.#begin(more, options)
      finished.then(() => ended(), ended)
      const speed = new Speed(this.step)
      const generation = this.#generation
      while (!over) {
        await nap.sleep(frame)
        if (!over && this.#record.hasNews) yield this.#progress(speed)
      }
      if (failure) throw failure
      await this.settled()
      const end = due && (await this.#inTurn('run', () => this.#finish(goal, generation)))
      if (generation !== this.#generation) return
      if (this.#record.hasNews || end?.stopped || end?.restored) yield this.#progress(speed, end)
      signal?.throwIfAborted()
    } finally {
      signal?.removeEventListener('abort', onAbort)
      stopLoss()
      if (!over) await this.#loop.stop()
    }
  }

  pause() {
    this.#pauses++
    this.#loop.pause()
  }

  reset(seed?: number): Promise<void> {
    this.pause()
    return this.#inTurn('reset', async () => {
      await this.#standStill()
      const from = seed ?? this.model.seed
      await begin(this.#prepared, from, this.#given, () => this.#checkAlive('reset'))
      this.model.seed = from
      this.#generation++
      this.#monitor.reset()
      await this.#prepared.results.reset()
      this.#loop.reset()
      this.#restored = null
      this.#numbers = new StepNumbers(this.#settings, from)
      this.#between.goOn(0, { sum: 0, weight: 0 })
      this.#record = this.#newRecord(from)
    })
  }

  async evaluate(part: 'train' | 'test' = 'test', { outputs = false } = {}): Promise<Evaluation> {
    return this.#guarded('evaluate', async () => {
      const record = this.#record
      const evaluation = await this.#evaluator.evaluate(part, this.#numbers, outputs)
      if (part === 'test') record.measured(evaluation)
      return evaluation
    })
  }

  predict(x: Float32Array) {
    return this.#guarded('predict', () => this.#evaluator.predict(x, this.#numbers))
  }

  outputs(part: 'train' | 'test') {
    return this.#guarded('outputs', () => this.#evaluator.outputsOf(part, this.#numbers))
  }

  parameter(path: string): TensorHandle {
    return this.#handle(path, this.#prepared.state.slice(path), this.#shapeOf(path))
  }

  gradient(path: string): TensorHandle {
    return this.#handle(path, this.#prepared.state.gradient(path), this.#shapeOf(path))
  }

  activation(path: string): TensorHandle {
    const { graph, find } = this.#prepared.programs.training
    const { outputs } = graph.lowered
    const value = outputs.get(path)
    if (!value) throw new InputError(`activation: no layer ${path}; there are ${[...outputs.keys()].join(', ')}`)
    const found = find(value)
    if (!found) {
      const kept = [...outputs].filter(([, other]) => find(other)).map(([name]) => name)
      throw new InputError(`activation: ${path} shares its memory with others in a network of this size; kept are ${kept.join(', ')}`)
    }
    return this.#handle(path, found.slice, [found.rows, ...value.shape.slice(1)])
  }

  load(parameters: Record<string, Float32Array>, { moments = 'keep' }: LoadOptions = {}): Promise<void> {
    return this.#inTurn('load', () => {
      for (const path of Object.keys(parameters)) this.#shapeOf(path)
      return this.#loop.between(() => {
        const { gpu, state } = this.#prepared
        write(gpu.device, state, parameters)
        if (moments === 'keep') return
        clearMoments(gpu.device, state)
        this.#numbers.restartMoments()
      })
    })
  }

  set(change: Parameters<Trainer['set']>[0]) {
    this.#settings = checkSettings(this.#settings, change)
    this.#numbers.settings = this.#settings
  }

  snapshot(): Promise<TakenSnapshot> {
    return this.#inTurn('snapshot', () => this.#loop.between(() => this.#takenSafely()))
  }

  restore(snapshot: RunSnapshot): Promise<void> {
    this.pause()
    return this.#inTurn('restore', async () => {
      if (!(snapshot instanceof TakenSnapshot)) throw new InputError('restore: expected a snapshot that this trainer has taken')
      const parts = snapshot.of(this.#prepared)
      await this.#standStill()
      await this.#goOnFrom(await snapshot.numbers(), (own) => copyParts(this.#prepared.gpu.device, parts, own))
    })
  }

  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const snapshot = await this.snapshot()
    try {
      return await this.#guarded('save', () => stateFileOf(this.#prepared, snapshot))
    } finally {
      snapshot.destroy()
    }
  }

  observation(): Observation {
    return { ...this.#observation, step: this.step }
  }

  async settled(): Promise<void> {
    const { results, gpu } = this.#prepared
    const arrival = async () => {
      while (!this.#destroyed && results.delivered < this.step) await results.arrived(this.step)
    }
    if (gpu.loss) throw gpu.loss
    await gpu.untilLost(
      arrival().catch((error: unknown) => {
        if (!this.#destroyed) throw error
      }),
    )
  }

  destroy() {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#pauses++
    this.#loop.abandon()
    this.#evaluator.destroy()
    this.#monitor.destroy()
    release(this.#prepared)
  }

  #checkAlive(what: string) {
    if (this.#destroyed) throw new Error(`${what}: the trainer was destroyed`)
    if (this.#prepared.gpu.loss) throw this.#prepared.gpu.loss
  }

  /** Does `work` when the operations on the run before it are done, unless the trainer or its device is gone. */
  #inTurn<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => {
      this.#checkAlive(what)
      return this.#prepared.gpu.untilLost(work())
    })
    this.#turn = result.catch(() => {})
    return result
  }

  /** Does `work`, which changes nothing of the run, as soon as no operation is under way; others need not wait for it. */
  async #guarded<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    await this.#turn
    this.#checkAlive(what)
    return this.#prepared.gpu.untilLost(work())
  }

  /** Begins to train up to `more` steps, unless it was asked to end before its turn came. */
  #begin(more: number, options: RunOptions): Promise<{ finished: Promise<void>; due: Due | undefined; goal: number }> {
    const pauses = this.#pauses
    return this.#inTurn('run', async () => {
      if (this.#loop.running && !this.#loop.stopping) throw new InputError('run: this trainer is running already; pause it first')
      await this.#loop.stop()
      const last = this.step + more
      const { goal = last } = options
      const due = this.#due(options)
      const isOff = pauses !== this.#pauses
      const finished = isOff ? Promise.resolve() : this.#loop.run(last, this.#numbers, options, due)
      finished.catch(() => {}) // a consumer that has left must not see an unhandled rejection
      return { finished, due, goal }
    })
  }

  /** Resolves when nothing trains, nothing evaluates and all results have arrived. */
  async #standStill(): Promise<void> {
    await this.#loop.stop()
    await Promise.all([this.settled(), this.#evaluator.idle()])
    this.#checkAlive('the run')
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
    const { results } = this.#prepared
    const { step } = this
    const [watch, lossSum] = [this.#monitor.carried(), this.#between.upTo(step)]
    const now = { step, seed: this.model.seed, settings: this.#settings, carried: this.#numbers.carried, restored: this.#restored }
    return new TakenSnapshot(this.#prepared, this.#monitor.kept, step, async () => {
      await results.arrived(step)
      return { ...now, watch: await watch(), lossSum: lossSum() }
    })
  }

  /** Goes on from the numbers of another moment, or of another run, whose state `fill` brings to the GPU. */
  async #goOnFrom(numbers: RunNumbers, fill: (parts: Parts) => void): Promise<void> {
    const { step, seed, settings, carried, restored, watch, lossSum } = numbers
    await this.#prepared.results.reset(step)
    this.#generation++
    this.#monitor.goOn(watch)
    fill(partsOf(this.#prepared, this.#monitor.kept))
    this.#loop.reset(step)
    this.#restored = restored
    if (seed !== this.model.seed) this.#record = this.#newRecord(seed)
    this.model.seed = seed
    this.#settings = settings
    this.#numbers = new StepNumbers(settings, seed)
    this.#numbers.carried = carried
    this.#between.goOn(step, lossSum)
    this.#record.rewind(step)
  }

  #newRecord(seed: number) {
    const { gpu, programs, results, train } = this.#prepared
    return new RunRecord({
      about: { seed, adapter: gpu.adapter.description, variants: programs.training.variants },
      resultRows: results.rows,
      samples: train.count,
      classes: this.#classes,
      batchOf: (step) => this.#batchOf(step),
      between: this.#between,
    })
  }

  #batchOf(step: number) {
    const { batchSize, accumulate } = this.model
    return batchOfStep(step, this.#prepared.train.count, batchSize, accumulate)
  }

  #progress(speed: Speed, end: RunEnd = {}): Progress {
    const step = this.#prepared.results.delivered
    return { step, epoch: step / this.stepsPerEpoch, ...this.#record.take(), stepsPerSecond: speed.at(step), ...end }
  }

  /** After which step the parameters are as they are. */
  get #parametersOf() {
    return this.#restored?.at === this.step ? this.#restored.from : this.step
  }

  /** The evaluations that a run is to make; undefined: none. */
  #due({ evaluateEvery, earlyStopping }: RunOptions): Due | undefined {
    if (evaluateEvery !== undefined && !(Number.isSafeInteger(evaluateEvery) && evaluateEvery > 0))
      throw new InputError(`run: evaluateEvery is ${evaluateEvery}, expected a positive integer`)
    const acts = earlyStopping !== undefined || this.#numbers.hasPlateau
    if (!acts && !(evaluateEvery && this.#prepared.test)) return undefined
    this.#monitor.prepare(this.#numbers, earlyStopping)
    return { every: evaluateEvery ?? this.stepsPerEpoch, at: (step) => this.#monitor.at(step) }
  }

  /** The end of a call of `run` that evaluates: of the whole run, or only a pause. */
  async #finish(goal: number, generation: number): Promise<RunEnd> {
    if (generation !== this.#generation) return {}
    if (this.step < goal && !this.#monitor.stopped) {
      await this.#monitor.told()
      return {}
    }
    const end = await this.#monitor.finish(this.step)
    if (end.restored !== undefined) this.#restored = { at: this.step, from: end.restored }
    return end
  }

  #shapeOf(path: string): readonly number[] {
    const spec = this.#prepared.state.specs.find((candidate) => candidate.path === path)
    if (!spec) throw new InputError(`no parameter named ${path}; there are ${this.parameterPaths.join(', ')}`)
    return spec.shape
  }

  #handle(path: string, slice: Slice, shape: readonly number[]): TensorHandle {
    const { device } = this.#prepared.gpu
    const read = async () => fromMemory(new Float32Array(await readBuffer(device, slice.buffer, slice.offset, slice.size)), shape)
    return {
      path,
      shape: [...shape],
      read: () => this.#guarded(path, read),
      view: (): TensorView => tensorView(slice, shape),
    }
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
