import { Scheduler } from '../gpu/scheduler.ts'
import type { Prepared } from './prepare.ts'
import { batchOfStep, type StepNumbers } from './step-row.ts'
import type { RunOptions } from './types.ts'

/** Milliseconds between two readbacks of results at least: a pending map costs dawn.node a core. */
const readEvery = 30

/** Submits training steps. It waits for finished work only; results arrive when they arrive. */
export class StepLoop {
  /** Steps submitted so far. */
  step = 0
  readonly #prepared: Prepared
  readonly #scheduler: Scheduler
  readonly #onRate: (step: number, learningRate: number) => void
  #stopping = false
  #running: Promise<void> | undefined
  #problem: Error | undefined

  /** Stops hearing the device's errors. */
  readonly release: () => void

  /** `onRate` hears each step's learning rate as it is submitted. */
  constructor(prepared: Prepared, onRate: (step: number, learningRate: number) => void) {
    this.#prepared = prepared
    this.#onRate = onRate
    const { gpu, ring } = prepared
    this.#scheduler = new Scheduler(gpu.device.queue, { maxSteps: ring.rows / 4, naps: gpu.waitingSpins })
    this.release = prepared.gpu.onError(({ kind, message }) => {
      this.#problem ??= new Error(`WebGPU ${kind} error while training: ${message}`)
    })
    void prepared.gpu.lost.then((reason) => {
      this.#problem ??= new Error(`the GPU device was lost: ${reason}`)
    })
  }

  get running() {
    return this.#running !== undefined
  }

  /** Trains up to step `last`; resolves when all its steps have run on the GPU. */
  run(last: number, numbers: StepNumbers, options: RunOptions): Promise<void> {
    if (this.#running) throw new Error('this trainer is running already: pause it first')
    this.#stopping = false
    this.#running = this.#submitUpTo(last, numbers, options).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Ends the run at a step's end. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running?.catch(() => {})
  }

  /** Asks the run to end; does not wait. */
  pause() {
    this.#stopping = true
  }

  async #submitUpTo(last: number, numbers: StepNumbers, options: RunOptions) {
    const { results, ring } = this.#prepared
    const pace = options.stepsPerSecond ? new Pace(options.stepsPerSecond) : undefined
    let read = 0
    while (this.step < last && !this.#stopping) {
      if (this.#problem) throw this.#problem
      const allowed = options.stepsPerSecond ? Math.max(1, Math.ceil(options.stepsPerSecond / 60)) : ring.rows
      const steps = this.#scheduler.next(last - this.step, Math.min(options.stepsPerSubmit ?? ring.rows, allowed))
      while (this.step + steps - results.delivered > results.rows) {
        results.poll(this.step)
        await results.wait()
        if (this.#problem) throw this.#problem
      }
      this.#submit(steps, numbers)
      await this.#scheduler.submitted(steps)
      if (this.#scheduler.mayRead && performance.now() - read >= readEvery) {
        results.poll(this.step)
        read = performance.now()
      }
      if (pace) await until(pace.after(steps), () => this.#stopping)
    }
    await this.#scheduler.idle()
    if (this.#problem) throw this.#problem
  }

  /** One encoder, one pass, one submit. */
  #submit(steps: number, numbers: StepNumbers) {
    const { gpu, ring, results, programs, train, model, shuffle } = this.#prepared
    const { training } = programs
    const perDispatch = Math.min(steps, training.stepsPerDispatch(numbers.settings))
    const rows = ring.write(steps, (i, row, place) => {
      const step = this.step + 1 + i
      const batch = batchOfStep(step, train.count, model.batchSize)
      this.#onRate(step, numbers.training(row, step, batch, train.count, shuffle, (step - 1) % results.rows))
      numbers.dispatch(row, place, perDispatch, i === steps - 1)
    })
    const encoder = gpu.device.createCommandEncoder({ label: 'train' })
    const pass = encoder.beginComputePass({ label: 'train' })
    training.encode(pass, ring.group, rows, numbers.settings)
    pass.end()
    gpu.device.queue.submit([encoder.finish()])
    this.step += steps
  }
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
