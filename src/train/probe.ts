import { wrongAt } from '../errors.ts'
import { ownedWhile, type Own, type Owned } from '../gpu/owned.ts'
import { StepRing } from '../gpu/step-ring.ts'
import type { State } from '../graph/state.ts'
import type { RunSettings } from '../model/validate.ts'
import { message } from '../words/say.ts'
import { scratch, whole } from './buffers.ts'
import { stateOf, type Prepared } from './prepare.ts'
import { probePlans, type ProbePlans } from './probe-plans.ts'
import { batchOfStep, resultFloats, StepNumbers, type Batch, type CarriedNumbers } from './step-row.ts'

export interface ProbeOptions {
  /** So many training samples, the first ones in the order of the first epoch, in whole batches of the model's size. Absent: the samples of one step. */
  samples?: number
  /** Of this step are the batch, the dropout masks and the random moves of images; the last one unless given. */
  step?: number
  /** Gradients as the run itself computes them: the same kernels, the small network's and half precision too. Else the plainest ones, in single precision. */
  asRun?: boolean
}

/** Where a run stood when a probe took its parameters. */
export interface Moment {
  /** After which step. */
  step: number
  /** Of the next step. */
  learningRate: number
  settings: RunSettings
  carried: CarriedNumbers
}

/** What a probe is told of its run. */
export interface ProbedRun {
  prepared: Prepared
  /** Does a task where the state is that of a whole step. */
  between<Result>(task: () => Result): Promise<Result>
  moment(): Moment
  /** Throws where the run is gone. */
  check(): void
}

/**
 * Loss and gradient of fixed training samples at any parameters, computed in the training mode of a step, without an update and without touching the
 * run: it has parameters, gradients, running statistics and activations of its own. Data and compiled kernels are the run's.
 */
export class Probe {
  /** Samples that the loss is the mean of. */
  readonly samples: number
  /** Its parameters, with the moments as they were captured, and their gradients. */
  readonly state: State
  /** What `capture` found: the arena of the run. */
  readonly base: GPUBuffer
  readonly device: GPUDevice
  readonly prepared: Prepared
  readonly #run: ProbedRun
  readonly #plans: ProbePlans
  readonly #ring: StepRing
  readonly #rows: readonly number[]
  readonly #parts: readonly Owned[]
  readonly #batchRows: number
  #moment: Moment
  #destroyed = false

  private constructor(run: ProbedRun, made: Made) {
    this.#run = run
    this.prepared = run.prepared
    this.device = run.prepared.gpu.device
    this.state = made.state
    this.base = made.base
    this.#plans = made.plans
    this.#ring = made.ring
    this.#rows = made.rows
    this.samples = made.batches[0]!.whole
    this.#batchRows = run.prepared.model.batchSize
    this.#parts = made.parts
    this.#moment = run.moment()
  }

  /** Builds one, with the parameters as they are now; waits for the samples that it needs. */
  static async open(run: ProbedRun, options: ProbeOptions = {}): Promise<Probe> {
    const seen = seenBy(run, options)
    await arrivalOf(run.prepared, seen.batches)
    const asRun = options.asRun ?? false
    const probe = await ownedWhile(async (own, parts) => new Probe(run, { ...(await made(run.prepared, seen, asRun, own)), parts }))
    try {
      await probe.capture()
      return probe
    } catch (error) {
      probe.destroy()
      throw error
    }
  }

  /** Where the run stood at the last `capture`. */
  get moment(): Moment {
    return this.#moment
  }

  /** Takes the run's parameters, moments and statistics as they are after the step under way, and makes them its own. */
  capture(): Promise<Moment> {
    return this.#run.between(() => {
      this.#check()
      const { arena } = this.#run.prepared.state
      const encoder = this.device.createCommandEncoder({ label: 'capture' })
      encoder.copyBufferToBuffer(arena, 0, this.base, 0, arena.size)
      encoder.copyBufferToBuffer(arena, 0, this.state.arena, 0, arena.size)
      this.device.queue.submit([encoder.finish()])
      this.#moment = this.#run.moment()
      return this.#moment
    })
  }

  /** Encodes the captured parameters, moments and statistics back into its own. */
  encodeReset(encoder: GPUCommandEncoder): void {
    encoder.copyBufferToBuffer(this.base, 0, this.state.arena, 0, this.base.size)
  }

  /** Encodes the gradient of the mean loss at its own parameters, which stay as they are; it lies in `state.gradients` then. */
  encodeGradient(pass: GPUComputePassEncoder): void {
    for (const row of this.#rows) {
      this.#plans.gradient.encode(pass, this.#ring.group, row)
      this.#plans.sum?.encode(pass, this.#ring.group, row)
    }
  }

  /** Bytes that the samples' losses take. */
  get lossBytes(): number {
    return this.#rows.length * this.#batchRows * 8
  }

  /** Encodes the samples' losses at its own parameters, and their copy to a place of `lossBytes` bytes. */
  encodeLosses(encoder: GPUCommandEncoder, to: GPUBuffer, offset = 0): void {
    const bytes = this.#batchRows * 8
    for (const [i, row] of this.#rows.entries()) {
      const pass = encoder.beginComputePass({ label: 'losses' })
      this.#plans.losses.encode(pass, this.#ring.group, row)
      pass.end()
      const { buffer, offset: from } = this.#plans.rowResult
      encoder.copyBufferToBuffer(buffer, from, to, offset + i * bytes, bytes)
    }
  }

  destroy(): void {
    this.#destroyed = true
    for (const part of this.#parts) part.destroy()
  }

  #check() {
    this.#run.check()
    if (this.#destroyed) throw new Error('the probe was destroyed')
  }
}

interface Made {
  state: State
  base: GPUBuffer
  plans: ProbePlans
  ring: StepRing
  rows: readonly number[]
  batches: readonly Batch[]
  parts: readonly Owned[]
}

/** The batches whose losses a probe takes the mean of, and the step whose dropout masks they meet. */
interface Seen {
  step: number
  batches: readonly Batch[]
}

function seenBy(
  { prepared, moment }: ProbedRun,
  { samples, step = samples === undefined ? Math.max(1, moment().step) : 1 }: ProbeOptions,
): Seen {
  const { train, model } = prepared
  const isCount = (value: number) => Number.isSafeInteger(value) && value > 0
  for (const [name, value] of Object.entries({ samples: samples ?? 1, step }))
    if (!isCount(value))
      throw wrongAt(name, 'value.wrong', { found: String(value), expected: message('expected.positiveInteger') }).of('probe')
  const parts = samples === undefined ? (model.accumulate ?? 1) : Math.ceil(Math.min(samples, train.count) / model.batchSize)
  const whole = samples === undefined ? step : 1
  const { parts: count } = batchOfStep(whole, train.count, model.batchSize, parts)
  const batches = Array.from({ length: count }, (_, part) => batchOfStep(whole, train.count, model.batchSize, parts, part))
  return { step, batches }
}

async function arrivalOf({ train, dataset, block }: Prepared, batches: readonly Batch[]): Promise<void> {
  const { epoch, start, count } = batches.at(-1)!
  const inTurn = epoch === 0 && block === dataset.train.blocks?.size
  const needed = inTurn ? start + count : train.count
  if (train.held < needed) await train.until(needed)
}

async function made(prepared: Prepared, { step, batches }: Seen, asRun: boolean, own: Own): Promise<Omit<Made, 'parts'>> {
  const { gpu, pipelines, model, train, shuffle, block } = prepared
  const { state, base, ring, results } = await gpu.checked('a probe', () => {
    const state = own(stateOf(gpu.device, model))
    return {
      state,
      base: own(scratch(gpu, 'captured state', state.arena.size)),
      ring: own(new StepRing(gpu.device, pipelines, batches.length)),
      results: own(scratch(gpu, 'results of a probe', resultFloats * 4)),
    }
  })
  const plans = await probePlans(prepared, { state, ring: ring.slice, results: whole(results), asRun, parts: batches.length }, own)
  // A rate of 0: the small network's kernel updates in the same breath, and what it updates is to stay.
  const still = { ...model.optimizer, learningRate: 0, weightDecay: 0 }
  const numbers = new StepNumbers({ optimizer: still, schedule: null, warmup: 0, clipNorm: null, perturbation: 0 }, model.seed, block)
  const rows = ring.write(batches.length, (i, row, place) => {
    numbers.training(row, step, batches[i]!, train.count, shuffle, 0)
    numbers.dispatch(row, place, 1, true)
  })
  return { state, base, plans, ring, rows, batches }
}
