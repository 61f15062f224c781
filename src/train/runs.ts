import { wrongAt, wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
import { arrived } from './arrived.ts'
import type { Course } from './course.ts'
import type { Due, StepLoop } from './loop.ts'
import type { Monitor, RunEnd } from './monitor.ts'
import { Nap } from './nap.ts'
import type { Operations } from './operations.ts'
import { checkOptions } from './options.ts'
import type { Prepared } from './prepare.ts'
import { Speed } from './speed.ts'
import type { Progress, RunOptions } from './types.ts'

/** Milliseconds between two progresses at least: a frame. */
const frame = 16

/** What a run works with. */
interface Parts {
  prepared: Prepared
  loop: StepLoop
  course: Course
  monitor: Monitor
  operations: Operations
  stepsPerEpoch: number
}

/** A call of `run` that has had its turn. */
interface Begun {
  /** Resolves with its last step. */
  finished: Promise<number>
  due: Due | undefined
  goal: number
  speed: Speed
  /** Whether no other call, reset or restore came since. */
  isCurrent(): boolean
}

/** A trainer's calls of `run`, one at a time: each trains, hands on what arrives, and does at its end what the whole run asks for. */
export class Runs {
  readonly #parts: Parts
  /** Counts what asks a run to end, so that one which waits for its turn hears of it. */
  #pauses = 0
  /** Counts resets and restores: what began before one is over. */
  #generation = 0
  /** Counts calls of `run` that have begun: the end of one is not told in the midst of the next. */
  #begun = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** `Trainer.run`. */
  async *run(options: RunOptions): AsyncGenerator<Progress, void, void> {
    const { course, operations, loop, prepared } = this.#parts
    checkOptions('run', options)
    if (options.earlyStopping) checkOptions('earlyStopping', options.earlyStopping)
    const { signal } = options
    const more = stepsOf(options, this.#parts.stepsPerEpoch)
    signal?.throwIfAborted()
    const onAbort = () => this.pause()
    signal?.addEventListener('abort', onAbort, { once: true })
    const nap = new Nap()
    // Until its turn has come there is nothing of its own to stop.
    let over = true
    let failure: unknown
    let end = 0
    const fail = (error: unknown) => {
      over = true
      failure = error
      nap.wake()
    }
    try {
      const { finished, due, goal, speed, isCurrent } = await this.#begin(more, options)
      over = false
      finished.then((step) => {
        over = true
        end = step
        nap.wake()
      }, fail)
      while (!over) {
        await nap.sleep(frame)
        if (!over && course.record.hasNews) yield this.#progress(speed)
      }
      if (failure && !operations.destroyed) throw failure
      await this.settled(() => (isCurrent() ? end : 0))
      const pauses = this.#pauses
      const isWanted = () => isCurrent() && pauses === this.#pauses
      const mayFinish = due && (!this.#ends(goal) || (await arrived(due.arrival(), isWanted)))
      if (!isCurrent()) return
      const finish: RunEnd = mayFinish ? await operations.inTurn('run', async () => (isCurrent() ? this.#finish(goal) : {})) : {}
      if (!isCurrent()) return
      if (course.record.hasNews || finish.stopped || finish.restored) yield this.#progress(speed, finish)
      signal?.throwIfAborted()
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (!over) await prepared.gpu.untilLost(loop.stop())
    }
  }

  /** Asks the run under way to end, and those that wait for their turn. */
  pause() {
    this.#pauses++
    this.#parts.loop.pause()
  }

  /** To be called where the state of another moment takes the place of the run's: what began before is over. */
  replaced() {
    this.#generation++
  }

  /** Resolves when the results have arrived up to the step that `last` tells. */
  async settled(last: () => number): Promise<void> {
    const { operations } = this.#parts
    const { results, gpu } = this.#parts.prepared
    const arrival = async () => {
      while (!operations.destroyed && results.delivered < last()) await results.arrived(last())
    }
    if (gpu.loss) throw gpu.loss
    await gpu.untilLost(
      arrival().catch((error: unknown) => {
        if (!operations.destroyed) throw error
      }),
    )
  }

  /** Begins to train up to `more` steps, unless it was asked to end before its turn came. */
  #begin(more: number, options: RunOptions): Promise<Begun> {
    const { operations, loop, course, prepared } = this.#parts
    const pauses = this.#pauses
    return operations.inTurn('run', async () => {
      const generation = this.#generation
      if (loop.running && !loop.stopping) throw wrongIn('run', 'run.running')
      await loop.stop()
      const last = loop.step + more
      const { goal = last } = options
      const due = this.#due(options)
      // Counted once nothing refuses it: a refused call leaves the run before alone.
      const run = ++this.#begun
      const isOff = pauses !== this.#pauses
      const finished = isOff ? Promise.resolve(loop.step) : prepared.gpu.untilLost(loop.run(last, course.numbers, options, due))
      finished.catch(() => {}) // a consumer that has left must not see an unhandled rejection
      return {
        finished,
        due,
        goal,
        speed: new Speed(loop.step),
        isCurrent: () => generation === this.#generation && run === this.#begun && !operations.destroyed,
      }
    })
  }

  #progress(speed: Speed, end: RunEnd = {}): Progress {
    const { prepared, course, stepsPerEpoch } = this.#parts
    const step = prepared.results.delivered
    return { step, epoch: step / stepsPerEpoch, ...course.record.take(), stepsPerSecond: speed.at(step), ...end }
  }

  /** The evaluations that a run is to make; undefined: none. */
  #due({ evaluateEvery, earlyStopping }: RunOptions): Due | undefined {
    const { prepared, course, monitor, stepsPerEpoch } = this.#parts
    if (evaluateEvery !== undefined && !(Number.isSafeInteger(evaluateEvery) && evaluateEvery > 0))
      throw wrongAt('evaluateEvery', 'value.wrong', { found: String(evaluateEvery), expected: message('expected.positiveInteger') }).of(
        'run',
      )
    const acts = earlyStopping !== undefined || course.numbers.hasPlateau
    if (!acts && !(evaluateEvery && prepared.test)) return undefined
    monitor.prepare(course.numbers, earlyStopping)
    return {
      every: evaluateEvery ?? stepsPerEpoch,
      isDone: (step) => monitor.evaluated === step,
      arrival: () => (monitor.part === 'test' ? prepared.programs.arrival('test') : undefined),
      at: (step) => monitor.at(step),
    }
  }

  /** Whether the whole run has ended, and not only a call of `run`. */
  #ends(goal: number): boolean {
    return this.#parts.loop.step >= goal || this.#parts.monitor.stopped
  }

  /** The end of a call of `run` that evaluates: of the whole run, or only a pause. */
  async #finish(goal: number): Promise<RunEnd> {
    const { loop, course, monitor } = this.#parts
    if (!this.#ends(goal)) {
      await monitor.told()
      return {}
    }
    const end = await monitor.finish(loop.step)
    if (end.restored !== undefined) course.restored = { at: loop.step, from: end.restored }
    return end
  }
}

/** How many steps a call of `run` is for. */
function stepsOf({ epochs, steps }: RunOptions, stepsPerEpoch: number): number {
  const more = steps ?? (epochs === undefined ? Infinity : Math.ceil(epochs * stepsPerEpoch))
  if (more > 0) return more
  const [option, found] = epochs === undefined ? (['steps', steps] as const) : (['epochs', epochs] as const)
  throw wrongAt(option, 'value.wrong', { found: String(found), expected: message('expected.positive') }).of('run')
}
