/** An engine without a GPU, whose trainers notice when they are used as no trainer may be, and whose parameters tell the order of what was done to them. */
import type { PresetRun, Services } from '../../src/app/run/services.ts'
import { suggested } from '../../src/app/run/describe.ts'
import type { Dataset } from '../../src/data/types.ts'
import { wrong, wrongAt } from '../../src/errors.ts'
import { message } from '../../src/words/say.ts'
import { DeviceLost } from '../../src/gpu/device-loss.ts'
import type { ObservedParameter, Observation, TensorView } from '../../src/graph/observation.ts'
import type { Engine } from '../../src/train/engine.ts'
import type { ModelFile, Network } from '../../src/model/types.ts'
import type { Evaluation, Progress, RunOptions, StoppedEarly, Trainer, TrainerOptions } from '../../src/train/types.ts'

export const stepsPerEpoch = 4

/** How parameters come about: of a beginning and of what was done since. */
const after = (value: string, deed: string): string => {
  let hash = 2166136261
  for (const character of value + deed) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0
  return hash.toString(36)
}
export const cleanRun = (seed: number, steps: number): string => {
  let value = `seed ${seed}`
  for (let step = 1; step <= steps; step++) value = after(value, `step ${step}`)
  return value
}

export class FakeTrainer {
  readonly stepsPerEpoch = stepsPerEpoch
  readonly model: ModelFile
  step = 0
  value: string
  running = false
  destroyed = false
  learningRate: number
  /** What `run` was called with, and `set`. */
  readonly runs: RunOptions[] = []
  readonly sets: object[] = []
  /** Where a run with early stopping ends, once. */
  stopsAt = Infinity
  /** What the next `run` tells, without a step. */
  tells: Progress | null = null
  /** How many were begun. */
  evaluations = 0
  readonly cost = { allocatedBytes: 1e6, flopsPerStep: 10, optimizerBytes: 0 }
  readonly #world: World
  #at: string | null = null
  #pausing = false

  constructor(world: World, model: ModelFile, parameters?: Record<string, Float32Array>) {
    this.#world = world
    this.model = model
    this.learningRate = model.optimizer.learningRate
    this.value = parameters ? loadedValue(parameters) : `seed ${model.seed}`
  }

  get epoch() {
    return this.step / this.stepsPerEpoch
  }
  get history() {
    return { step: [], loss: [], trainAccuracy: [], testLoss: [], testAccuracy: [] }
  }

  async *run(options: RunOptions = {}): AsyncGenerator<Progress, void, void> {
    this.#enter('run')
    this.running = true
    this.runs.push(options)
    this.#pausing = false
    const last = this.step + (options.steps ?? Infinity)
    const stops = options.earlyStopping ? this.stopsAt : Infinity
    if (this.step >= stops) throw new Error(`a run that has ended at step ${stops} is run on`)
    try {
      if (this.tells) {
        const { tells } = this
        this.tells = null
        return yield tells
      }
      while (this.step < last && this.step < stops && !this.#pausing) {
        await this.#turn('step')
        this.step++
        this.value = after(this.value, `step ${this.step}`)
        const stopped = this.step >= stops
        if (stopped) this.stopsAt = Infinity
        yield this.#progress(stopped)
      }
    } finally {
      this.running = false
      this.#leave()
    }
  }
  pause() {
    this.#pausing = true
  }
  async reset() {
    this.#enter('reset')
    this.value = 'half reset'
    await this.#turn('reset')
    this.value = `seed ${this.model.seed}`
    await this.#turn('reset, step')
    this.step = 0
    this.#leave()
  }
  async load(parameters: Record<string, Float32Array>) {
    this.#enter('load')
    await this.#turn('load')
    this.value = loadedValue(parameters)
    this.#leave()
  }
  async evaluate(): Promise<Evaluation> {
    this.evaluations++
    const { step } = this
    await this.#world.turn('evaluate')
    return { step, loss: 0.25, accuracy: null, correct: null, count: 4 }
  }
  observation(): Observation {
    const parameter = (path: string) => ({ path, kind: path.endsWith('weight') ? 'weight' : 'bias' }) as ObservedParameter
    const column = (path: string) => ({ path, label: path, width: 2, shape: [2], activation: {} as TensorView })
    return {
      step: this.step,
      batch: 1,
      columns: [column('input'), column('output')],
      blocks: [],
      links: [],
      containers: [],
      parameters: this.model.layers
        .flatMap(({ type }, i) => (type === 'dense' ? [`layers.${i}.weight`, `layers.${i}.bias`] : []))
        .map(parameter),
    }
  }
  set(change: { learningRate?: number }) {
    this.#check('set')
    this.sets.push(change)
    this.learningRate = change.learningRate ?? this.learningRate
  }
  destroy() {
    if (this.#at) this.#world.faults.push(`destroyed within ${this.#at}`)
    this.destroyed = true
  }

  #progress(stops: boolean): Progress {
    const { step, epoch } = this
    const stopped: StoppedEarly = { step, part: 'test', best: { step: 1, loss: 0.5 } }
    const losses = Float32Array.of(1 / step)
    return { step, epoch, loss: 1 / step, accuracy: null, losses, evaluations: [], stepsPerSecond: 10, ...(stops && { stopped }) }
  }
  #check(what: string) {
    if (this.destroyed) this.#world.faults.push(`${what} after destroy`)
    if (this.#world.isLost) throw deviceLost()
  }
  #enter(what: string) {
    this.#check(what)
    if (this.#at) this.#world.faults.push(`${what} within ${this.#at}`)
    this.#at = what
  }
  #leave() {
    this.#at = null
  }
  async #turn(what: string) {
    try {
      await this.#world.turn(what)
      this.#check(what)
    } catch (error) {
      this.#leave()
      throw error
    }
  }
}

const loadedValue = (parameters: Record<string, Float32Array>): string =>
  `loaded ${Object.entries(parameters)
    .map(([path, values]) => `${path} ${values.join()}`)
    .join()}`

const deviceLost = () => new DeviceLost('gone')

const dataset = (name: string): Dataset => ({
  name,
  inputShape: [2],
  outputs: 1,
  train: { count: 16, x: new Float32Array(32), y: new Float32Array(16) },
})
export const datasets = { one: dataset('one'), two: dataset('two'), compared: dataset('compared') }

const network = (units: number) => [{ type: 'dense' as const, units }, { type: 'tanh' as const }, { type: 'dense' as const, units: 1 }]

export function presetRun(name: keyof typeof datasets): PresetRun {
  const description = { ...suggested(datasets[name]), layers: network(4), epochs: 3 }
  if (name !== 'compared') return { dataset: datasets[name], description, speed: null }
  const list = [4, 5].map((units) => ({ title: message('experiments.named', { name: `of ${units}` }), change: { layers: network(units) } }))
  const run = { layers: network(3), training: description.training }
  return { dataset: datasets[name], description: { ...description, experiments: { list, shown: 1, run } }, speed: null }
}

/** `turn` resolves when whatever waits for the GPU or the network goes on. */
export class World {
  readonly faults: string[] = []
  readonly made: FakeTrainer[] = []
  /** The next network that is compiled does not fit. */
  refusesNext = false
  isLost = false
  readonly engine: Engine
  readonly services: Services
  readonly turn: (what: string) => Promise<void>
  #lose!: (reason: string) => void

  constructor(turn: (what: string) => Promise<void>) {
    this.turn = turn
    this.engine = {
      adapter: { software: false, description: 'fake' },
      lost: new Promise<string>((resolve) => (this.#lose = resolve)),
      trainer: (own: Network, data: Dataset, options: TrainerOptions) => this.#trainer(own, data, options),
    } as unknown as Engine
    this.services = {
      loadPreset: async (name: string) => {
        await turn(`load ${name}`)
        if (!(name in datasets)) throw wrong('preset.unknown', { found: name, choices: Object.keys(datasets) })
        return presetRun(name as keyof typeof datasets)
      },
      own: {},
      presetNames: Object.keys(datasets),
    } as unknown as Services
  }

  /** Those that still hold memory. */
  get alive(): Trainer[] {
    return this.made.filter(({ destroyed }) => !destroyed) as unknown as Trainer[]
  }

  lose() {
    this.isLost = true
    this.#lose('gone')
  }

  async #trainer({ input, layers }: Network, _: Dataset, options: TrainerOptions): Promise<Trainer> {
    const refuses = this.refusesNext
    this.refusesNext = false
    for (const what of ['tune', 'compile']) await this.turn(what)
    if (this.isLost) throw deviceLost()
    if (refuses) throw wrongAt('layers.0', 'limits.activations', { shape: '8 × 3', bytes: '96 B', limit: '64 B' })
    const { optimizer, loss, batchSize = 32, seed = 1, parameters } = options
    const model = structuredClone({ format: 'gradscope-model/1', input, layers, optimizer, loss, batchSize, seed }) as ModelFile
    const trainer = new FakeTrainer(this, model, parameters)
    this.made.push(trainer)
    return trainer as unknown as Trainer
  }
}
