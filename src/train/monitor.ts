import { Snapshot } from '../graph/snapshot.ts'
import { same } from '../same.ts'
import { completeEarlyStopping, EarlyStop, type EarlyStopState } from './early-stop.ts'
import type { Evaluator } from './evaluator.ts'
import { meanOf, type LossBetween } from './loss-between.ts'
import type { Prepared } from './prepare.ts'
import type { StepNumbers } from './step-row.ts'
import type { EarlyStopping, Evaluation, EvaluatedLoss, Progress } from './types.ts'

/** How a run that is watched ends. */
export type RunEnd = Pick<Progress, 'stopped' | 'restored'>

/** Copies of parameters: those evaluated last, and those of the best evaluation. */
interface Kept {
  candidate: Snapshot
  best: Snapshot
}

/** What the monitor asks of its trainer. */
export interface Watched {
  prepared: Prepared
  evaluator: Evaluator
  /** Hears an evaluation of the test part as it arrives. */
  onEvaluation(evaluation: Evaluation): void
  /** The training loss between evaluations. */
  between: LossBetween
}

/** An evaluation that has begun, and counts at the next one. */
interface Pending {
  step: number
  finding(): Promise<EvaluatedLoss>
}

/** What a monitor carries from step to step. */
export interface CarriedWatch {
  /** The step evaluated last by the run's own schedule. */
  evaluated: number
  pending: EvaluatedLoss | null
  early: (EarlyStopState & { options: EarlyStopping; stopped: boolean }) | null
}

/**
 * Evaluates every so many steps while training goes on, and acts on what is found: it lowers the rate on a plateau, ends the run early, keeps the
 * best parameters. What an evaluation finds counts from the next evaluation on: so training waits for none that is done by then, and the same run
 * gives the same bits however late a result arrives, and however many calls of `run` it is made of.
 */
export class Monitor {
  readonly #watched: Watched
  readonly #part: EvaluatedLoss['part']
  #numbers!: StepNumbers
  #pending: Pending | undefined
  #evaluated = 0
  #early: { options: EarlyStopping; stop: EarlyStop } | undefined
  #kept: Kept | undefined
  #stopped = false
  /** Counts resets. */
  #run = 0

  constructor(watched: Watched) {
    this.#watched = watched
    this.#part = watched.prepared.test ? 'test' : 'training'
  }

  /** For a run that begins or goes on; a run that was stopped early before has its patience again. Throws an InputError on bad options. */
  prepare(numbers: StepNumbers, earlyStopping: EarlyStopping | undefined) {
    this.#numbers = numbers
    if (!earlyStopping) this.#early = undefined
    else if (!same(completeEarlyStopping(earlyStopping), this.#early && completeEarlyStopping(this.#early.options)))
      this.#early = { options: earlyStopping, stop: new EarlyStop(earlyStopping) }
    else if (this.#stopped) this.#early?.stop.goOn()
    this.#stopped = false
    if (earlyStopping?.restoreBest) this.#keep()
  }

  /** The part whose loss counts. */
  get part(): EvaluatedLoss['part'] {
    return this.#part
  }

  /** The step evaluated last by the run's own schedule. */
  get evaluated(): number {
    return this.#evaluated
  }

  /** Whether the run was ended early. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Copies of parameters that the best evaluation may have been of; undefined where none are kept. */
  get kept(): Kept | undefined {
    return this.#kept
  }

  /** Begins the evaluation due after `step`, the last one submitted; resolves when training may go on, to whether it shall. */
  async at(step: number): Promise<boolean> {
    await this.#judge()
    const mayEnd = this.#early?.stop.exhausted ?? false
    await this.#begin(step)
    if (!mayEnd) return true
    // Unless this last one is better after all.
    await this.#judge()
    this.#stopped = this.#early?.stop.exhausted ?? false
    return !this.#stopped
  }

  /** Resolves when the evaluation that has begun is told. */
  async told(): Promise<void> {
    await this.#pending?.finding()
  }

  /**
   * The run has come to its end at `step`, and all its results have arrived: evaluates there unless that was done, and puts the best parameters back
   * if that was asked for. What it finds counts for nothing else: a run that goes on does as if it had not ended here.
   */
  async finish(step: number): Promise<RunEnd> {
    const pending = await this.#pending?.finding()
    const final = this.#evaluated === step ? undefined : await this.#evaluateEnd(step)
    if (!this.#early) return {}
    const { stop, options } = this.#early
    const rivals: (EvaluatedLoss & { from: Snapshot | undefined })[] = [
      { ...stop.best, part: this.#part, from: this.#kept?.best },
      ...(pending ? [{ ...pending, from: this.#kept?.candidate }] : []),
      ...(final ? [{ ...final, from: undefined }] : []),
    ]
    const best = rivals.reduce((best, rival) => (stop.isBetter(rival.loss, best.loss) ? rival : best))
    const restores = options.restoreBest === true && best.step > 0 && best.step !== step && best.from !== undefined
    if (restores) this.#submit((encoder) => best.from!.restore(encoder))
    return {
      ...(this.#stopped && { stopped: { step, part: this.#part, best: { step: best.step, loss: best.loss } } }),
      ...(restores && { restored: best.step }),
    }
  }

  /** What a copy of the run needs to know, once the evaluation under way has ended. */
  async carried(): Promise<CarriedWatch> {
    const [pending, evaluated, stopped] = [this.#pending, this.#evaluated, this.#stopped]
    const early = this.#early && { ...this.#early.stop.state, options: { ...this.#early.options }, stopped }
    return { evaluated, pending: (await pending?.finding()) ?? null, early: early ?? null }
  }

  /** Goes on from what another run carried; the copies it kept are to be written by the caller. */
  goOn({ evaluated, pending, early }: CarriedWatch) {
    this.reset()
    this.#evaluated = evaluated
    this.#pending = pending ? { step: pending.step, finding: () => Promise.resolve(pending) } : undefined
    if (!early) return
    const { options, stopped, ...state } = early
    this.#early = { options, stop: new EarlyStop(options) }
    this.#early.stop.state = state
    this.#stopped = stopped
    if (options.restoreBest) this.#keep()
  }

  /** Back to step 0; what was measured of the run before is told nobody. */
  reset() {
    this.#run++
    this.#pending = undefined
    this.#early = undefined
    this.#evaluated = 0
    this.#stopped = false
  }

  destroy() {
    this.#kept?.candidate.destroy()
    this.#kept?.best.destroy()
  }

  #keep() {
    const { gpu, state } = this.#watched.prepared
    this.#kept ??= { candidate: new Snapshot(gpu.device, state, 'candidate'), best: new Snapshot(gpu.device, state, 'best parameters') }
  }

  async #begin(step: number) {
    this.#evaluated = step
    const { prepared, between } = this.#watched
    const mean = between.end(step)
    if (this.#part === 'test') {
      const { heard } = await this.#evaluateTest(step)
      this.#pending = { step, finding: () => heard }
    } else
      this.#pending = {
        step,
        finding: async () => {
          await prepared.results.arrived(step)
          return { step, loss: mean(), part: this.#part }
        },
      }
    // No step is submitted before this is: the candidate is what was evaluated.
    if (this.#early?.options.restoreBest) this.#submit((encoder) => this.#kept!.candidate.take(encoder))
  }

  /** Begins an evaluation of the test part; resolves when it has its copy of the parameters. */
  async #evaluateTest(step: number): Promise<{ heard: Promise<EvaluatedLoss> }> {
    const { result } = await this.#watched.evaluator.begin('test', this.#numbers)
    const run = this.#run
    const heard = result.then((evaluation) => {
      if (run === this.#run) this.#watched.onEvaluation(evaluation)
      return { step, loss: evaluation.loss, part: this.#part }
    })
    heard.catch(() => {}) // whoever waits for it hears of it
    return { heard }
  }

  /** At a run's end that its schedule does not evaluate. */
  async #evaluateEnd(step: number): Promise<EvaluatedLoss> {
    if (this.#part === 'test') return (await this.#evaluateTest(step)).heard
    return { step, loss: meanOf(this.#watched.between.upTo(step)()), part: this.#part }
  }

  /** Acts on the evaluation before, if anything depends on it. */
  async #judge() {
    const pending = this.#pending
    this.#pending = undefined
    if (!pending || !(this.#early || this.#numbers.hasPlateau)) return
    const { step, loss } = await pending.finding()
    this.#numbers.report(step, loss)
    if (!this.#early?.stop.report(step, loss) || !this.#kept) return
    const { candidate, best } = this.#kept
    this.#kept = { candidate: best, best: candidate }
  }

  #submit(encode: (encoder: GPUCommandEncoder) => void) {
    const { device } = this.#watched.prepared.gpu
    const encoder = device.createCommandEncoder({ label: 'best parameters' })
    encode(encoder)
    device.queue.submit([encoder.finish()])
  }
}
