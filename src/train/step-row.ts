import { orderKeys, orderMatters } from '../kernels/permutation.ts'
import { stepOffsets as at } from '../kernels/step.ts'
import { completeOptimizer, optimizerKind, type OptimizerNumbers } from '../model/catalogue/optimizers.ts'
import { Plateau, type PlateauState } from '../model/plateau.ts'
import { learningRateAt } from '../model/schedules.ts'
import type { Optimizer } from '../model/types.ts'
import type { RunSettings } from '../model/validate.ts'
import { same } from '../same.ts'
import type { Ends } from './step-watch.ts'

/** What a step leaves in the results: loss, right samples, gradient norm where the plan has it, samples. */
export const resultFloats = 4

/** Which samples a part of a step trains on. */
export interface Batch {
  epoch: number
  /** Of this part: its first sample's position in the epoch, and its samples. */
  start: number
  count: number
  /** Samples of all parts of the step. */
  whole: number
  part: number
  parts: number
}

/**
 * A part (from 0) of a step (from 1): epochs of whole passes, of steps of `accumulate` batches. The last step of an epoch may have fewer batches, and
 * its last batch fewer samples.
 */
export function batchOfStep(step: number, samples: number, batchSize: number, accumulate = 1, part = 0): Batch {
  const each = batchSize * accumulate
  const perEpoch = Math.ceil(samples / each)
  const first = ((step - 1) % perEpoch) * each
  const whole = Math.min(each, samples - first)
  const start = first + part * batchSize
  return {
    epoch: Math.floor((step - 1) / perEpoch),
    start,
    count: Math.min(batchSize, first + whole - start),
    whole,
    part,
    parts: Math.ceil(whole / batchSize),
  }
}

/** The steps that so many parts from the given one on end; `last` is below `first` where they end none. */
export function endsOfSteps(
  from: { step: number; part: number },
  parts: number,
  samples: number,
  batchSize: number,
  accumulate: number,
): Ends {
  const first = from.step
  if (accumulate === 1) return { first, last: first + parts - 1, indexOf: (step) => step - first }
  const indices: number[] = []
  let { step, part } = from
  for (let index = 0; index < parts; index++) {
    const isLast = part === batchOfStep(step, samples, batchSize, accumulate, part).parts - 1
    if (isLast) indices.push(index)
    if (isLast) step++
    part = isLast ? 0 : part + 1
  }
  return { first, last: first + indices.length - 1, indexOf: (ended) => indices[ended - first]! }
}

/** Samples on their own, not part of a step. */
export const alone = (start: number, count: number): Batch => ({ epoch: 0, start, count, whole: count, part: 0, parts: 1 })

/** What `StepNumbers` carries from step to step, beside its settings. */
export interface CarriedNumbers {
  correction1: number
  correction2: number
  plateau: PlateauState | null
}

/**
 * The numbers of each step as `shaders/step.wgsl` reads them, computed in float64. Bias corrections are kept by recurrence,
 * c ← c·β + (1 − β), which equals 1 − βᵗ and stays right when β changes on the way.
 */
export class StepNumbers {
  #settings!: RunSettings
  /** Of the settings' optimizer; 0 where it has none. */
  #numbers!: OptimizerNumbers
  readonly #seed: number
  readonly #block: number
  readonly #seedLow: number
  readonly #seedHigh: number
  #plateau: Plateau | undefined
  #correction1 = 0
  #correction2 = 0
  /** Of the epoch that was asked for last: steps come in order. */
  #order: { epoch: number; keys: readonly number[] } = { epoch: -1, keys: [] }

  /** `block`: samples that arrive together, by which the first epoch takes them; 0 where all are there. */
  constructor(settings: RunSettings, seed: number, block = 0) {
    this.settings = settings
    this.#block = block
    this.#seed = seed
    this.#seedLow = seed >>> 0
    this.#seedHigh = Math.floor(seed / 2 ** 32)
  }

  get settings(): RunSettings {
    return this.#settings
  }

  /** Another schedule begins without what a plateau has found. */
  set settings(settings: RunSettings) {
    const { schedule } = settings
    if (!this.#settings || !same(schedule, this.#settings.schedule))
      this.#plateau = schedule?.type === 'plateau' ? new Plateau(schedule) : undefined
    this.#settings = settings
    this.#numbers = numbersOf(settings.optimizer)
  }

  learningRate(step: number): number {
    const { optimizer, schedule, warmup } = this.#settings
    return learningRateAt(optimizer.learningRate, schedule ?? undefined, step, { warmup, reduced: this.#plateau?.reduced ?? 1 })
  }

  get carried(): CarriedNumbers {
    return { correction1: this.#correction1, correction2: this.#correction2, plateau: this.#plateau?.state ?? null }
  }

  /** Goes on from what another run's numbers carried; a plateau's finding counts where the schedule is one. */
  set carried({ correction1, correction2, plateau }: CarriedNumbers) {
    this.#correction1 = correction1
    this.#correction2 = correction2
    if (this.#plateau && plateau) this.#plateau.state = plateau
  }

  /** The moments begin at zero again. */
  restartMoments() {
    this.#correction1 = 0
    this.#correction2 = 0
  }

  get hasPlateau(): boolean {
    return this.#plateau !== undefined
  }

  /** What the evaluation after a step has found, for a plateau schedule; during the warm-up it does not count. */
  report(step: number, loss: number) {
    if (step > this.#settings.warmup) this.#plateau?.report(loss, this.#settings.optimizer.learningRate)
  }

  /** Writes the row of a training step, or of a part of it; they must come in order. Returns its learning rate. */
  training(row: DataView, step: number, batch: Batch, samples: number, shuffle: boolean, slot: number): number {
    const { optimizer, clipNorm, perturbation } = this.#settings
    const { beta1, beta2, momentum, epsilon } = this.#numbers
    const learningRate = this.learningRate(step)
    if (batch.part === 0) {
      this.#correction1 = this.#correction1 * beta1 + (1 - beta1)
      this.#correction2 = this.#correction2 * beta2 + (1 - beta2)
    }
    this.#gathering(row, step, batch, samples, shuffle, slot, true)
    row.setFloat32(at.learningRate, learningRate, true)
    row.setFloat32(at.weightDecay, optimizer.weightDecay ?? 0, true)
    row.setFloat32(at.momentum, momentum, true)
    row.setFloat32(at.beta1, beta1, true)
    row.setFloat32(at.beta2, beta2, true)
    row.setFloat32(at.oneMinusBeta1, 1 - beta1, true)
    row.setFloat32(at.oneMinusBeta2, 1 - beta2, true)
    row.setFloat32(at.epsilon, epsilon, true)
    row.setFloat32(at.correction1, this.#correction1, true)
    row.setFloat32(at.correction2, Math.sqrt(this.#correction2), true)
    row.setFloat32(at.clipNorm, clipNorm ?? 0, true)
    row.setFloat32(at.perturbation, perturbation, true)
    return learningRate
  }

  /** Writes where the row lies in the ring, how many steps a dispatch may take from it on, and whether its own is looked at. */
  dispatch(row: DataView, place: number, steps: number, observe: boolean) {
    row.setUint32(at.row, place, true)
    row.setUint32(at.steps, steps, true)
    row.setUint32(at.observe, Number(observe), true)
  }

  /** Writes the row of one evaluated batch. */
  evaluation(row: DataView, batch: Batch, samples: number) {
    this.#gathering(row, 0, batch, samples, false, 0, false)
  }

  #orderOf(epoch: number): readonly number[] {
    if (epoch !== this.#order.epoch) this.#order = { epoch, keys: orderKeys(this.#seed, epoch) }
    return this.#order.keys
  }

  #gathering(row: DataView, step: number, batch: Batch, samples: number, shuffle: boolean, slot: number, training: boolean) {
    const shuffled = shuffle && orderMatters(batch.count, samples)
    row.setUint32(at.step, step, true)
    row.setUint32(at.batchStart, batch.start, true)
    row.setUint32(at.batchCount, batch.count, true)
    row.setUint32(at.seedLow, this.#seedLow, true)
    row.setUint32(at.seedHigh, this.#seedHigh, true)
    row.setUint32(at.slot, slot, true)
    row.setUint32(at.shuffle, Number(shuffled), true)
    row.setUint32(at.training, Number(training), true)
    row.setUint32(at.sampleCount, samples, true)
    row.setUint32(at.meanOver, batch.whole, true)
    row.setUint32(at.part, batch.part, true)
    row.setUint32(at.parts, batch.parts, true)
    if (!shuffled) return
    const keys = this.#orderOf(batch.epoch)
    row.setUint32(at.order0, keys[0]!, true)
    row.setUint32(at.order1, keys[1]!, true)
    row.setUint32(at.order2, keys[2]!, true)
    row.setUint32(at.order3, keys[3]!, true)
    row.setUint32(at.orderBlock, batch.epoch === 0 ? this.#block : 0, true)
  }
}

const numbersOf = (optimizer: Optimizer): OptimizerNumbers => ({
  ...noNumbers,
  ...optimizerKind(optimizer).numbers(completeOptimizer(optimizer) as never),
})
const noNumbers: OptimizerNumbers = { momentum: 0, beta1: 0, beta2: 0, epsilon: 0 }
