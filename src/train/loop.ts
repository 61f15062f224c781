import { Scheduler } from '../gpu/scheduler.ts'
import { arrived } from './arrived.ts'
import type { Prepared } from './prepare.ts'
import { batchOfStep, endsOfSteps, resultFloats, type StepNumbers } from './step-row.ts'
import { StepWatches, type WatchedStep } from './step-watch.ts'
import type { RunOptions } from './types.ts'

/** Milliseconds between two readbacks of results at least: a pending map costs dawn.node a core. */
const readEvery = 30

/** Submits training steps. It waits for finished work only; results arrive when they arrive. */
export class StepLoop {
  /** Steps submitted so far, to their end. */
  step = 0
  /** Parts of the next step that were submitted. */
  #part = 0
  readonly watches = new StepWatches()
  readonly #prepared: Prepared
  readonly #scheduler: Scheduler
  readonly #onRate: (step: number, learningRate: number) => void
  #stopping = false
  #running: Promise<number> | undefined
  #problem: Error | undefined
  /** Wait for the end of a step, and of the evaluation that is due after it. */
  #between: (() => void)[] = []

  /** Stops hearing the device's errors and its loss. */
  readonly #release: () => void
  #abandoned = false

  /** `onRate` hears each step's learning rate as it is submitted. */
  constructor(prepared: Prepared, onRate: (step: number, learningRate: number) => void) {
    this.#prepared = prepared
    this.#onRate = onRate
    const { gpu, ring } = prepared
    // What the scheduler calls a step is a part here: one batch.
    this.#scheduler = new Scheduler(gpu.device.queue, { maxSteps: ring.rows / 4, naps: gpu.waitingSpins })
    const stopErrors = gpu.onError(({ kind, message }) => {
      this.#problem ??= new Error(`WebGPU ${kind} error while training: ${message}`)
    })
    const stopLoss = gpu.onLost((loss) => {
      this.#problem = loss
    })
    this.#release = () => {
      stopErrors()
      stopLoss()
    }
  }

  get running() {
    return this.#running !== undefined
  }

  /** Whether the run under way was asked to end. */
  get stopping() {
    return this.#stopping
  }

  /** Trains up to step `last`, stopping to ask where something is due; resolves when all its steps have run on the GPU, with the last one. */
  run(last: number, numbers: StepNumbers, options: RunOptions, due?: Due): Promise<number> {
    this.#stopping = false
    // What another work on the device did wrong before is not this run's.
    this.#problem = this.#prepared.gpu.loss
    this.#running = this.#submitUpTo(last, numbers, options, due).finally(() => {
      this.#running = undefined
      this.#doBetween()
    })
    return this.#running
  }

  /** Ends the run at a step's end. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running?.catch(() => {})
  }

  /** Ends the run before the buffers are gone; nothing is submitted any more. */
  abandon() {
    this.#abandoned = true
    this.#stopping = true
    this.#release()
  }

  /** Asks the run to end; does not wait. */
  pause() {
    this.#stopping = true
  }

  /** Goes on after `step`. */
  reset(step = 0) {
    this.step = step
    this.#part = 0
    this.watches.replaced()
  }

  /** Does `task` where the state is that of a whole step: at once where nothing trains, else at the end of the step under way, which goes on afterwards. */
  between<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const now = () => {
        try {
          resolve(task())
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      if (this.#running) this.#between.push(now)
      else now()
    })
  }

  #doBetween() {
    for (const task of this.#between.splice(0)) task()
  }

  async #submitUpTo(last: number, numbers: StepNumbers, options: RunOptions, due?: Due): Promise<number> {
    const { results, ring } = this.#prepared
    const pace = options.stepsPerSecond ? new Pace(options.stepsPerSecond) : undefined
    let read = 0
    /** Whether something is to be done before the next step. */
    const isDue = () => due !== undefined && this.#part === 0 && this.step > 0 && this.step % due.every === 0 && !due.isDone(this.step)
    while (!this.#abandoned && (this.#part > 0 || ((this.step < last || isDue()) && !this.#stopping))) {
      if (this.#problem) throw this.#problem
      if (due && isDue()) {
        // What it needs may be on its way: the run can be ended before, and does it when it goes on.
        if (!(await arrived(due.arrival(), this.#isWanted))) continue
        if (!(await due.at(this.step))) this.#stopping = true
        if (this.#abandoned) return this.step
        this.#doBetween()
        continue
      }
      const allowed = options.stepsPerSecond ? Math.max(1, Math.ceil(options.stepsPerSecond / 60)) : ring.rows
      const wanted = Math.min(options.stepsPerSubmit ?? ring.rows, allowed)
      const reach = this.watches.mayReach(this.step + 1)
      if (reach <= this.step && this.#part === 0) {
        await arrived(this.watches.ready(this.step + 1), this.#isWanted)
        continue
      }
      const end = Math.min(last, Math.max(reach, this.step + 1), due ? (Math.floor(this.step / due.every) + 1) * due.every : last)
      const parts = await this.#arrived(this.#scheduler.next((end - this.step) * this.#accumulate - this.#part, wanted * this.#accumulate))
      if (parts === 0) continue
      while (this.step + parts - results.delivered > results.rows) {
        results.poll(this.step)
        await results.wait().catch((error: unknown) => {
          if (!this.#abandoned) throw error
        })
        if (this.#problem) throw this.#problem
        if (this.#abandoned) return this.step
      }
      const before = this.step
      const submitted = this.#submit(parts, end, numbers)
      await this.#scheduler.submitted(submitted)
      if (this.#abandoned) return this.step
      const steps = this.step - before
      if (this.#scheduler.mayRead && performance.now() - read >= readEvery) {
        results.poll(this.step)
        read = performance.now()
      }
      if (this.#part === 0 && !isDue()) this.#doBetween()
      if (pace && steps > 0)
        await until(pace.after(steps), () => {
          if (this.#part === 0 && !isDue()) this.#doBetween()
          return this.#stopping
        })
    }
    await this.#scheduler.idle()
    if (this.#problem) throw this.#problem
    return this.step
  }

  /** Whether to go on waiting for what a step needs; between two steps others have their turn. */
  readonly #isWanted = () => {
    if (this.#abandoned || (this.#stopping && this.#part === 0)) return false
    if (this.#part === 0) this.#doBetween()
    return true
  }

  /** Of so many parts from the next one on, those whose samples are there; waits for one, and answers 0 where the run is to end meanwhile. */
  async #arrived(parts: number): Promise<number> {
    const { train, model, dataset, block } = this.#prepared
    if (train.held === train.count) return parts
    const { epoch, start, count } = batchOfStep(this.step + 1, train.count, model.batchSize, this.#accumulate, this.#part)
    // A run that began with its samples in other blocks takes any of them.
    const inTurn = epoch === 0 && block === dataset.train.blocks?.size
    const needed = inTurn ? start + count : train.count
    if (!(await arrived(train.held < needed ? train.until(needed) : undefined, this.#isWanted))) return 0
    return train.held === train.count ? parts : Math.min(parts, Math.max(1, Math.floor((train.held - start) / model.batchSize)))
  }

  /** One encoder and one submit of so many parts at most, not beyond step `end`; one pass, unless watched. Returns how many they were. */
  #submit(atMost: number, end: number, numbers: StepNumbers): number {
    const { gpu, ring, results, programs, train, model, shuffle } = this.#prepared
    const { training } = programs
    const parts = this.#partsUpTo(atMost, end)
    const sections = this.watches.isEmpty ? [{ from: 0, to: parts, watches: [] }] : this.watches.sections(parts, this.#endsOf(parts))
    const most = training.stepsPerDispatch(numbers.settings)
    const written: Omit<WatchedStep, 'result'>[] = []
    const ends: boolean[] = []
    let section = 0
    const rows = ring.write(parts, (i, row, place) => {
      const step = this.step + 1
      const batch = batchOfStep(step, train.count, model.batchSize, this.#accumulate, this.#part)
      const learningRate = numbers.training(row, step, batch, train.count, shuffle, (step - 1) % results.rows)
      this.#onRate(step, learningRate)
      if (i === sections[section]!.to) section++
      const { from, to } = sections[section]!
      numbers.dispatch(row, place, Math.min(to - from, most), i === to - 1)
      const isLast = batch.part === batch.parts - 1
      ends.push(isLast)
      if (i === to - 1)
        written.push({
          step,
          epoch: batch.epoch + (batch.start + batch.count) / train.count,
          learningRate,
          samples: batch.count,
          epochSamples: train.count,
        })
      this.#part = isLast ? 0 : this.#part + 1
      if (isLast) this.step = step
    })
    const encoder = gpu.device.createCommandEncoder({ label: 'train' })
    sections.forEach(({ from, to, watches }, n) => {
      for (const watch of watches) watch.before(encoder)
      const pass = encoder.beginComputePass({ label: 'train' })
      training.encode(pass, ring.group, rows.slice(from, to), numbers.settings, (i) => ends[from + i]!)
      pass.end()
      const last = written[n]!
      const offset = ((last.step - 1) % results.rows) * resultFloats * 4
      for (const watch of watches) watch.after(encoder, { ...last, result: { buffer: results.buffer, offset } })
    })
    gpu.device.queue.submit([encoder.finish()])
    this.watches.submitted()
    return parts
  }

  #endsOf(parts: number) {
    const { train, model } = this.#prepared
    return endsOfSteps({ step: this.step + 1, part: this.#part }, parts, train.count, model.batchSize, this.#accumulate)
  }

  get #accumulate() {
    return this.#prepared.model.accumulate ?? 1
  }

  /** Whole steps where one fits, so that what lies in the buffers then is of all its parts. The last step of an epoch may have fewer than the others. */
  #partsUpTo(atMost: number, end: number): number {
    if (this.#accumulate === 1) return atMost
    const { train, model } = this.#prepared
    let [parts, whole] = [0, 0]
    let part = this.#part
    for (let { step } = this; step < end && parts < atMost; step++) {
      const batch = batchOfStep(step + 1, train.count, model.batchSize, this.#accumulate)
      parts += batch.parts - part
      part = 0
      if (parts <= atMost) whole = parts
    }
    return whole || Math.min(parts, atMost)
  }
}

/** What is to be done after every so many steps, counted from step 0. Training goes on when it resolves to true, and else ends there. */
export interface Due {
  every: number
  /** Whether it was done after a step. */
  isDone(step: number): boolean
  /** What it waits for; undefined: nothing. */
  arrival(): Promise<void> | undefined
  at(step: number): Promise<boolean>
}

/** Milliseconds behind its pace that a run catches up with; what a longer stall took is lost, or the run would race after it. */
const caughtUp = 100

/** Steps a second at most. */
class Pace {
  readonly #each: number
  #due = performance.now()

  constructor(stepsPerSecond: number) {
    this.#each = 1000 / stepsPerSecond
  }

  /** When the next steps may be submitted, after these. */
  after(steps: number): number {
    this.#due = Math.max(this.#due + steps * this.#each, performance.now() - caughtUp)
    return this.#due
  }
}

/** Sleeps until a time of `performance.now()`, at most, in naps short enough to hear `stop`. */
async function until(time: number, stop: () => boolean) {
  for (let left = time - performance.now(); left > 0 && !stop(); left = time - performance.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 50)))
}
