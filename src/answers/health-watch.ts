/** Reads the health of every layer from a trainer while it trains: at a pace, for a page; or after every so many steps, the same in every run. */
import { DeviceLost } from '../gpu/device-loss.ts'
import { healthOf } from '../inspect/health-decode.ts'
import { HealthMeter, type Slot } from '../inspect/health-meter.ts'
import type { Health, HealthWatch } from '../inspect/health.ts'
import { ReaderDestroyed } from '../inspect/staging.ts'
import { lossKind } from '../model/catalogue/losses.ts'
import type { StepWatch, WatchedStep } from '../train/step-watch.ts'
import type { Trainer } from '../train/types.ts'

export interface HealthOptions {
  /** Reads after every so many steps, counted from step 0, or after those that a function names: the next one after a step. Unless given it reads at a pace, as `Paced` says. */
  every?: number | ((step: number) => number)
  /** Training waits at each such step until its reading was heard: a run that a listener pauses ends there. */
  waits?: boolean
  paced?: Paced
}

export interface Paced {
  /** Milliseconds between two readings at least; 250 unless given. */
  interval?: number
  /** Of the run's work at most; 0.03 unless given. */
  share?: number
  /** Asked before each: whether somebody looks. */
  isWanted?: () => boolean
  /** Whether the GPU has time to spare, as where steps are made slowly or one at a time: then the interval alone counts. */
  isIdle?: () => boolean
  /** Whether steps are made one at a time: then each is read. */
  isStill?: () => boolean
}

/** Samples for which a neuron is watched at most, and in how many readings. */
const longestWindow = { samples: 2048, readings: 32 }
/** Readings that may be on their way. */
const slotCount = 4
/** Floating-point operations of a step that take as long as to measure one number: found on a software adapter, on which either is slow. */
const operationsPerNumber = 40

/** Begins to read once its kernels are compiled. `device` is the engine's. */
export async function watchHealth(device: GPUDevice, trainer: Trainer, options: HealthOptions = {}): Promise<HealthWatch> {
  const watch = new Watch(device, trainer, options)
  try {
    await watch.begin()
    return watch
  } catch (error) {
    watch.destroy()
    throw error
  }
}

interface Taken {
  slot: Slot
  about: Pick<Health, 'step' | 'epoch' | 'learningRate' | 'batch' | 'window'>
  generation: number
}

class Watch implements HealthWatch, StepWatch {
  last: Health | null = null
  readonly #trainer: Trainer
  readonly #meter: HealthMeter
  readonly #batch: number
  /** The next step to read after one. */
  readonly #every: ((step: number) => number) | undefined
  readonly #waits: boolean
  readonly #paced: Paced
  /** Steps between two paced readings at least. */
  readonly #apart: number
  readonly #free: Slot[]
  readonly #hasClasses: boolean
  #encoded: Taken[] = []
  /** Grows when what was read before says nothing of what comes. */
  #generation = 0
  #samples = 0
  #read = { step: -Infinity, time: -Infinity }
  #underWay = 0
  /** Resolves when all that was submitted was told. */
  #told: Promise<void> = Promise.resolve()
  #problem: unknown
  #leave: () => void = () => {}
  #destroyed = false
  readonly #listeners = new Set<(health: Health) => void>()

  constructor(device: GPUDevice, trainer: Trainer, { every, waits = false, paced = {} }: HealthOptions) {
    const observation = trainer.observation()
    this.#trainer = trainer
    this.#every = typeof every === 'number' ? (step) => (Math.floor(step / every) + 1) * every : every
    this.#waits = waits
    this.#paced = paced
    this.#batch = observation.batch
    this.#hasClasses = lossKind(trainer.model.loss).ofClasses
    this.#meter = new HealthMeter(device, observation, trainer.model, slotCount)
    this.#free = [...this.#meter.slots]
    const { numbers, dispatches } = this.#meter.cost
    const { flopsPerStep, dispatchesPerStep } = trainer.cost
    const steps = (operationsPerNumber * numbers) / flopsPerStep + dispatches / dispatchesPerStep
    this.#apart = steps / (paced.share ?? 0.03)
  }

  async begin(): Promise<void> {
    await this.#meter.compile()
    if (!this.#destroyed) this.#leave = this.#trainer.watch(this)
  }

  onReading(listener: (health: Health) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async settled(): Promise<void> {
    await this.#told
    if (this.#problem) throw this.#problem
  }

  mayReach(next: number): number {
    if (this.#every === undefined || this.#problem) return Infinity
    let due = this.#every(next - 1)
    if (this.#waits) return this.#underWay > 0 ? next - 1 : due
    for (const _ of this.#free) due = this.#every(due)
    return due - 1
  }

  ready(): Promise<unknown> {
    return this.#told
  }

  steps(first: number, last: number): readonly number[] {
    if (this.#problem || last < first) return []
    if (this.#every === undefined) return this.#isDue(last) ? [last] : []
    const steps: number[] = []
    for (let step = this.#every(first - 1); step <= last; step = this.#every(step)) steps.push(step)
    return steps
  }

  #isDue(step: number): boolean {
    const { interval = 250, isWanted = () => true, isIdle = () => false, isStill = () => false } = this.#paced
    if (this.#free.length === 0 || !isWanted()) return false
    if (isStill()) return true
    if (performance.now() < this.#read.time + interval) return false
    return step >= this.#read.step + this.#apart || isIdle()
  }

  before(encoder: GPUCommandEncoder): void {
    this.#meter.before(encoder)
  }

  after(encoder: GPUCommandEncoder, { step, epoch, learningRate, samples, epochSamples, result }: WatchedStep): void {
    const slot = this.#free.shift()
    if (!slot) throw new Error(`step ${step} is to be read, but all readings are under way`)
    const batch = Math.min(samples, this.#batch)
    const of = Math.min(epochSamples, longestWindow.samples, longestWindow.readings * this.#batch)
    this.#samples = Math.min(of, this.#samples + batch)
    const window = { samples: this.#samples, of }
    this.#meter.after(encoder, slot, batch, window.samples, result)
    this.#read = { step, time: performance.now() }
    this.#encoded.push({ slot, about: { step, epoch, learningRate, batch, window }, generation: this.#generation })
  }

  submitted(): void {
    for (const taken of this.#encoded.splice(0)) {
      this.#underWay++
      const read = taken.slot.staging.read()
      read.catch(() => {}) // heard when its turn comes
      this.#told = this.#told.then(() => this.#tell(taken, read))
    }
  }

  async #tell({ slot, about, generation }: Taken, read: Promise<ArrayBuffer>): Promise<void> {
    try {
      const data = await read
      if (this.#destroyed || generation !== this.#generation) return
      const health = healthOf(this.#meter, data, { ...about, hasClasses: this.#hasClasses })
      this.last = health
      for (const listener of this.#listeners) listener(health)
    } catch (error) {
      // A run that ends with its watch, or with its device, has nothing more to tell.
      if (!(error instanceof ReaderDestroyed || error instanceof DeviceLost)) this.#problem ??= error
    } finally {
      this.#underWay--
      this.#free.push(slot)
    }
  }

  replaced(): void {
    this.#generation++
    this.#samples = 0
    this.#read = { step: -Infinity, time: -Infinity }
    this.last = null
    this.#meter.forget()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#leave()
    this.#meter.destroy()
  }
}
