import { learningRateAt } from '../model/schedules.ts'
import type { Optimizer, Schedule } from '../model/types.ts'

/** What a step leaves in the results: loss, right samples, gradient norm where the plan has it, samples. */
export const resultFloats = 4

/** Which samples a step trains on. */
export interface Batch {
  epoch: number
  start: number
  count: number
}

/** The batch of a step (from 1): epochs of whole passes, the last batch of an epoch may be short. */
export function batchOfStep(step: number, samples: number, batchSize: number): Batch {
  const perEpoch = Math.ceil(samples / batchSize)
  const epoch = Math.floor((step - 1) / perEpoch)
  const start = ((step - 1) % perEpoch) * batchSize
  return { epoch, start, count: Math.min(batchSize, samples - start) }
}

/** What may change between two steps without compiling. */
export interface Settings {
  optimizer: Optimizer
  schedule: Schedule | null
  clipNorm: number | null
  perturbation: number
}

/**
 * The numbers of each step as `shaders/step.wgsl` reads them, computed in float64. Bias corrections are kept by recurrence,
 * c ← c·β + (1 − β), which equals 1 − βᵗ and stays right when β changes on the way.
 */
export class StepNumbers {
  #settings!: Settings
  /** Of the settings' optimizer; 0 where it has none. */
  #numbers!: ReturnType<typeof numbersOf>
  readonly #seedLow: number
  readonly #seedHigh: number
  #correction1 = 0
  #correction2 = 0

  constructor(settings: Settings, seed: number) {
    this.settings = settings
    this.#seedLow = seed >>> 0
    this.#seedHigh = Math.floor(seed / 2 ** 32)
  }

  get settings(): Settings {
    return this.#settings
  }

  set settings(settings: Settings) {
    this.#settings = settings
    this.#numbers = numbersOf(settings.optimizer)
  }

  learningRate(step: number): number {
    return learningRateAt(this.settings.optimizer.learningRate, this.settings.schedule ?? undefined, step)
  }

  /** Writes the row of a training step; steps must come in order. Returns its learning rate. */
  training(row: DataView, step: number, batch: Batch, samples: number, shuffle: boolean, slot: number): number {
    const { optimizer, clipNorm, perturbation } = this.#settings
    const { beta1, beta2, momentum, epsilon } = this.#numbers
    const learningRate = this.learningRate(step)
    this.#correction1 = this.#correction1 * beta1 + (1 - beta1)
    this.#correction2 = this.#correction2 * beta2 + (1 - beta2)
    this.#gathering(row, step, batch, samples, shuffle, slot, true)
    floats(row, 32, learningRate, optimizer.weightDecay ?? 0, momentum, beta1, beta2, 1 - beta1, 1 - beta2, epsilon)
    floats(row, 64, this.#correction1, Math.sqrt(this.#correction2), clipNorm ?? 0, perturbation)
    return learningRate
  }

  /** Writes where the row lies in the ring, how many steps a dispatch may take from it on, and whether its own is looked at. */
  dispatch(row: DataView, place: number, steps: number, observe: boolean) {
    integers(row, 88, place, steps, observe ? 1 : 0)
  }

  /** Writes the row of one evaluated batch. */
  evaluation(row: DataView, batch: Batch, samples: number) {
    this.#gathering(row, 0, batch, samples, false, 0, false)
  }

  #gathering(row: DataView, step: number, batch: Batch, samples: number, shuffle: boolean, slot: number, training: boolean) {
    integers(row, 0, step, batch.epoch, batch.start, batch.count, this.#seedLow, this.#seedHigh, slot, shuffle ? 1 : 0)
    integers(row, 80, training ? 1 : 0, samples)
  }
}

function numbersOf(optimizer: Optimizer) {
  const numbers = { momentum: 0, beta1: 0, beta2: 0, epsilon: 0 }
  switch (optimizer.type) {
    case 'sgd':
      return { ...numbers, momentum: optimizer.momentum ?? 0 }
    case 'adam':
    case 'adamw':
      return { ...numbers, beta1: optimizer.beta1 ?? 0.9, beta2: optimizer.beta2 ?? 0.999, epsilon: optimizer.eps ?? 1e-8 }
    case 'rmsprop':
      return { ...numbers, beta1: optimizer.decay ?? 0.99, epsilon: optimizer.eps ?? 1e-8 }
    case 'adagrad':
      return { ...numbers, epsilon: optimizer.eps ?? 1e-10 }
  }
}

// A row is written for every step, of small networks 100,000 a second.
function integers(row: DataView, at: number, ...values: number[]) {
  for (let i = 0; i < values.length; i++) row.setUint32(at + 4 * i, values[i]!, true)
}

function floats(row: DataView, at: number, ...values: number[]) {
  for (let i = 0; i < values.length; i++) row.setFloat32(at + 4 * i, values[i]!, true)
}
