import { InputError } from '../errors.ts'
import type { Slice } from '../gpu/kernel.ts'
import { fromMemory } from '../graph/layout.ts'
import { readBuffer } from '../gpu/readback.ts'
import type { Observation, TensorView } from '../graph/observation.ts'
import { HistoryRecorder } from '../model/history.ts'
import type { ModelFile } from '../model/types.ts'
import { costOf } from './cost.ts'
import { Evaluator } from './evaluator.ts'
import { Speed } from './speed.ts'
import { StepLoop, type Due } from './loop.ts'
import { observationOf, tensorView } from './observe.ts'
import { begin, release, write, type Prepared } from './prepare.ts'
import { Monitor, type RunEnd } from './monitor.ts'
import { batchOfStep, resultFloats, StepNumbers, type Settings } from './step-row.ts'
import { checkSettings } from './settings.ts'
import type { Cost, Evaluation, History, Progress, RunOptions, TensorHandle, Trainer, TrainerOptions } from './types.ts'

/** Milliseconds between two progresses at least: a frame. */
const frame = 16

/** Trains a network on the GPU; `Trainer` says what each member does. */
export class GpuTrainer implements Trainer {
  readonly model: ModelFile
  readonly stepsPerEpoch: number
  readonly cost: Cost
  readonly parameterPaths: string[]
  readonly #prepared: Prepared
  readonly #loop: StepLoop
  readonly #evaluator: Evaluator
  readonly #monitor: Monitor
  readonly #observation: Omit<Observation, 'step'>
  readonly #given: Record<string, Float32Array> | undefined
  readonly #classes: boolean
  #settings: Settings
  #numbers: StepNumbers
  #recorder: HistoryRecorder
  #learningRates = new Map<number, number>()
  #losses: number[] = []
  #evaluations: Evaluation[] = []
  /** The step that the parameters are of where they are not the last step's: of the best one. */
  #restored: { at: number; from: number } | null = null
  #last: { loss: number; accuracy: number | null } = { loss: NaN, accuracy: null }
  #destroyed = false

  private constructor(prepared: Prepared, options: TrainerOptions) {
    const { model, programs, state, ring, gpu, train, test, results } = prepared
    this.#prepared = prepared
    this.model = model
    this.stepsPerEpoch = Math.ceil(train.count / (model.batchSize * (model.accumulate ?? 1)))
    this.parameterPaths = state.specs.map((spec) => spec.path)
    this.cost = costOf(prepared)
    this.#given = options.parameters
    this.#classes = model.loss === 'crossEntropy' || model.loss === 'binaryCrossEntropy'
    this.#settings = {
      optimizer: model.optimizer,
      schedule: model.schedule ?? null,
      warmup: model.warmup ?? 0,
      clipNorm: model.clipNorm ?? null,
      perturbation: options.perturbation ?? 0,
    }
    this.#numbers = this.#newNumbers(model.seed)
    this.#recorder = this.#newRecorder(model.seed)
    this.#loop = new StepLoop(prepared, (step, rate) => this.#learningRates.set(step, rate))
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
      onEvaluation: (evaluation) => {
        this.#recorder.measure(evaluation.step, evaluation.loss, evaluation.accuracy)
        this.#evaluations.push(evaluation)
      },
      meanLoss: (first, last) => this.#meanLoss(first, last),
    })
    this.#observation = observationOf(programs, state)
    results.onRows = (first, rows) => this.#receive(first, rows)
  }

  /** Writes the initial values and hands over a trainer at step 0. */
  static async create(prepared: Prepared, options: TrainerOptions): Promise<GpuTrainer> {
    await begin(prepared, prepared.model.seed, options.parameters)
    return new GpuTrainer(prepared, options)
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
    return this.#recorder.toJSON()
  }

  async *run(options: RunOptions = {}): AsyncGenerator<Progress, void, void> {
    const { epochs, steps, signal } = options
    const more = steps ?? (epochs === undefined ? Infinity : Math.ceil(epochs * this.stepsPerEpoch))
    if (!(more > 0))
      throw new InputError(`run: ${epochs !== undefined ? `epochs is ${epochs}` : `steps is ${steps}`}, expected a positive number`)
    signal?.throwIfAborted()
    const onAbort = () => this.pause()
    signal?.addEventListener('abort', onAbort, { once: true })
    const last = this.step + more
    const due = this.#due(options)
    const finished = this.#loop.run(last, this.#numbers, options, due).then(() => true)
    finished.catch(() => {}) // awaited below; a consumer that has left must not see an unhandled rejection
    const speed = new Speed(this.step)
    try {
      while (!(await Promise.race([finished, new Promise<boolean>((resolve) => setTimeout(resolve, frame, false))]))) {
        if (this.#losses.length) yield this.#progress(speed)
      }
      await this.settled()
      const end = due && (await this.#finish(last))
      if (this.#losses.length || this.#evaluations.length || end?.stopped || end?.restored) yield this.#progress(speed, end)
      signal?.throwIfAborted()
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await this.#loop.stop()
    }
  }

  pause() {
    this.#loop.pause()
  }

  async reset(seed = this.model.seed): Promise<void> {
    await this.#loop.stop()
    await Promise.all([this.settled(), this.#evaluator.idle()])
    this.#monitor.reset()
    this.model.seed = seed
    await begin(this.#prepared, seed, this.#given)
    await this.#prepared.results.reset()
    this.#loop.reset()
    this.#restored = null
    this.#numbers = this.#newNumbers(seed)
    this.#recorder = this.#newRecorder(seed)
    this.#learningRates.clear()
    this.#losses = []
    this.#evaluations = []
    this.#last = { loss: NaN, accuracy: null }
  }

  async evaluate(part: 'train' | 'test' = 'test', { outputs = false } = {}): Promise<Evaluation> {
    const recorder = this.#recorder
    const evaluation = await this.#evaluator.evaluate(part, this.#numbers, outputs)
    const { step, loss, accuracy } = evaluation
    if (part === 'test' && step > 0) recorder.measure(step, loss, accuracy)
    return evaluation
  }

  predict(x: Float32Array) {
    return this.#evaluator.predict(x, this.#numbers)
  }

  outputs(part: 'train' | 'test') {
    return this.#evaluator.outputsOf(part, this.#numbers)
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

  async load(parameters: Record<string, Float32Array>): Promise<void> {
    for (const path of Object.keys(parameters)) this.#shapeOf(path)
    write(this.#prepared.gpu.device, this.#prepared.state, parameters)
  }

  set(change: Parameters<Trainer['set']>[0]) {
    this.#settings = checkSettings(this.#settings, change)
    this.#numbers.settings = this.#settings
  }

  observation(): Observation {
    return { ...this.#observation, step: this.step }
  }

  async settled(): Promise<void> {
    const { results } = this.#prepared
    while (!this.#destroyed && results.delivered < this.step) if (!(await results.arrived(this.step))) return // the device is gone
  }

  destroy() {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#loop.abandon()
    this.#evaluator.destroy()
    this.#monitor.destroy()
    release(this.#prepared)
  }

  #newNumbers(seed: number) {
    return new StepNumbers(this.#settings, seed, this.#prepared.dataset.train.blocks?.size)
  }

  #newRecorder(seed: number) {
    return new HistoryRecorder({
      seed,
      adapter: this.#prepared.gpu.adapter.description,
      variants: this.#prepared.programs.training.variants,
    })
  }

  #receive(first: number, rows: Float32Array) {
    for (let i = 0; i * resultFloats < rows.length; i++) {
      const [loss, correct, , count] = rows.subarray(i * resultFloats) as unknown as [number, number, number, number]
      const step = first + i + 1
      const { epoch, start } = this.#batchOf(step)
      const accuracy = this.#classes ? correct / count : null
      this.#recorder.add(step, epoch + (start + count) / this.#prepared.train.count, loss, this.#learningRates.get(step) ?? NaN, accuracy)
      this.#learningRates.delete(step)
      this.#losses.push(loss)
      this.#last = { loss, accuracy }
    }
  }

  #batchOf(step: number) {
    const { batchSize, accumulate } = this.model
    return batchOfStep(step, this.#prepared.train.count, batchSize, accumulate)
  }

  #progress(speed: Speed, end: RunEnd = {}): Progress {
    const losses = Float32Array.from(this.#losses)
    const evaluations = this.#evaluations
    this.#losses = []
    this.#evaluations = []
    const step = this.#prepared.results.delivered
    const stepsPerSecond = speed.at(step)
    return { step, epoch: step / this.stepsPerEpoch, ...this.#last, losses, evaluations, stepsPerSecond, ...end }
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

  /** The end of a run that evaluates, unless it was only paused. */
  async #finish(last: number): Promise<RunEnd> {
    if (this.step < last && !this.#monitor.stopped) return {}
    const end = await this.#monitor.finish(this.step)
    if (end.restored !== undefined) this.#restored = { at: this.step, from: end.restored }
    return end
  }

  async #meanLoss(first: number, last: number): Promise<number> {
    if (!(await this.#prepared.results.arrived(last))) throw new Error('the GPU device was lost before its results arrived')
    return this.#recorder.meanLoss(first + 1, last, (step) => this.#batchOf(step).whole)
  }

  #shapeOf(path: string): readonly number[] {
    const spec = this.#prepared.state.specs.find((candidate) => candidate.path === path)
    if (!spec) throw new InputError(`no parameter named ${path}; there are ${this.parameterPaths.join(', ')}`)
    return spec.shape
  }

  #handle(path: string, slice: Slice, shape: readonly number[]): TensorHandle {
    const { device } = this.#prepared.gpu
    return {
      path,
      shape: [...shape],
      read: async () => fromMemory(new Float32Array(await readBuffer(device, slice.buffer, slice.offset, slice.size)), shape),
      view: (): TensorView => tensorView(slice, shape),
    }
  }
}
