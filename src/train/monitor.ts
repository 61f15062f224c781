import { Snapshot } from '../graph/snapshot.ts'
import { EarlyStop } from './early-stop.ts'
import type { Evaluator } from './evaluator.ts'
import type { Prepared } from './prepare.ts'
import type { StepNumbers } from './step-row.ts'
import type { EarlyStopping, Evaluation, Finding, Progress } from './types.ts'

/** How a run that is watched ends. */
export type RunEnd = Pick<Progress, 'stopped' | 'restored'>

/** What the monitor asks of its trainer. */
export interface Watched {
  prepared: Prepared
  evaluator: Evaluator
  /** Hears an evaluation of the test part as it arrives. */
  onEvaluation(evaluation: Evaluation): void
  /** The mean training loss of the steps after `first` up to `last`, weighted by their samples; waits for their results. */
  meanLoss(first: number, last: number): Promise<number>
}

/**
 * Evaluates every so many steps while training goes on, and acts on what is found: it lowers the rate on a plateau, ends the run early, keeps the
 * best parameters. What an evaluation finds counts from the next evaluation on: so training waits for none that is done by then, and the same run
 * gives the same bits however late a result arrives.
 */
export class Monitor {
  readonly #watched: Watched
  readonly #part: Finding['part']
  #numbers!: StepNumbers
  /** Asked for when the next evaluation begins. */
  #pending: (() => Promise<Finding>) | undefined
  #evaluated = 0
  #early: { options: EarlyStopping; stop: EarlyStop } | undefined
  #kept: { candidate: Snapshot; best: Snapshot } | undefined
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
    else if (JSON.stringify(earlyStopping) !== JSON.stringify(this.#early?.options))
      this.#early = { options: earlyStopping, stop: new EarlyStop(earlyStopping) }
    else if (this.#stopped) this.#early?.stop.goOn()
    this.#stopped = false
    if (earlyStopping?.restoreBest && !this.#kept) {
      const { gpu, state } = this.#watched.prepared
      this.#kept = { candidate: new Snapshot(gpu.device, state, 'candidate'), best: new Snapshot(gpu.device, state, 'best parameters') }
    }
  }

  /** Whether the run was ended early. */
  get stopped(): boolean {
    return this.#stopped
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

  /** The run has come to its end at `step`: evaluates once more unless it was done there, and puts the best parameters back if that was asked for. */
  async finish(step: number): Promise<RunEnd> {
    if (this.#evaluated !== step) {
      await this.#judge()
      await this.#begin(step)
    }
    await this.#judge({ always: true })
    if (!this.#early) return {}
    const { best } = this.#early.stop
    const restores = this.#early.options.restoreBest === true && best.step > 0 && best.step !== step
    if (restores) this.#submit((encoder) => this.#kept!.best.restore(encoder))
    return {
      ...(this.#stopped && { stopped: { step, part: this.#part, best: { ...best } } }),
      ...(restores && { restored: best.step }),
    }
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

  async #begin(step: number) {
    const first = this.#evaluated
    this.#evaluated = step
    if (this.#part === 'test') {
      const { result } = await this.#watched.evaluator.begin('test', this.#numbers)
      const run = this.#run
      const heard = result.then((evaluation) => {
        if (run === this.#run) this.#watched.onEvaluation(evaluation)
        return { step, loss: evaluation.loss, part: this.#part }
      })
      heard.catch(() => {}) // whoever waits for it hears of it
      this.#pending = () => heard
    } else
      this.#pending = async () => ({
        step,
        loss: await this.#watched.meanLoss(first, step),
        part: this.#part,
      })
    // No step is submitted before this is: the candidate is what was evaluated.
    if (this.#early?.options.restoreBest) this.#submit((encoder) => this.#kept!.candidate.take(encoder))
  }

  /** Acts on the evaluation before, if anything depends on it. */
  async #judge({ always = false } = {}) {
    const pending = this.#pending
    this.#pending = undefined
    if (!pending || !(always || this.#early || this.#numbers.hasPlateau)) return
    const { step, loss } = await pending()
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
