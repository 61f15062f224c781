import type { History } from '../model/history.ts'
import { mostChanges } from '../train/course.ts'
import type { Progress, RunOptions, RunSnapshot, SettingsChange, Trainer } from '../train/types.ts'
import { explained, type NotFinite } from './not-finite.ts'

export interface NotFiniteOptions {
  /** Milliseconds of training between two snapshots (default 5000): so much is done again where a number goes wrong. */
  every?: number
  /** How the run is run, in as far as its bits depend on it: a plateau schedule on its evaluations. */
  run?: Pick<RunOptions, 'evaluateEvery' | 'earlyStopping' | 'goal'>
}

/** What a run that went wrong is told. */
export interface Diagnosed {
  /** Null where all is finite, and where `unfound` says why nothing was found. */
  found: NotFinite | null
  /** `rounding`: done operation by operation, the steps stay finite; `tooLate`: no copy is left of the run before them. */
  unfound?: 'rounding' | 'tooLate'
  /** The run as it was before it went wrong and before its loss rose to it, with the settings of then; null where it began so. Whoever asks destroys it. */
  lastGood: RunSnapshot | null
}

/** Steps before the first loss that is not finite at which a trace begins: its parameters are the update's of the step before. */
const before = 2
/** Steps that are traced at most. */
const traced = 4
/** Of so many last losses the lowest twentieth says what is low; a good step's is at most so many times that. */
const low = { steps: 300, share: 1 / 20, times: 2 }

/**
 * Finds the first number of a run that is not finite. While all is well it costs two copies of the state on the GPU and one more every few seconds, and a
 * look at the losses that arrive anyway. Where a loss is not finite the run is brought back to the last copy, trained to the step before, to the same bits,
 * and goes on from there operation by operation.
 */
export class NotFiniteWatch {
  readonly #trainer: Trainer
  readonly #options: NotFiniteOptions
  /** The oldest first. */
  #snapshots: RunSnapshot[] = []
  #taking: Promise<void> | undefined
  #taken = -Infinity
  /** The first step whose loss was not finite. */
  #bad: number | undefined

  constructor(trainer: Trainer, options: NotFiniteOptions = {}) {
    this.#trainer = trainer
    this.#options = options
  }

  /** To be awaited before the first step, and wherever a run begins anew or gets other parameters: what it did before cannot be done again. */
  async begin(): Promise<void> {
    this.#bad = undefined
    await this.#taking
    const old = this.#snapshots.splice(0)
    await this.#take()
    for (const snapshot of old) snapshot.destroy()
  }

  /** Looks at what a run has told; whether a loss is not finite. Takes a snapshot now and then, beside the run. */
  see(progress: Pick<Progress, 'step' | 'losses'>): boolean {
    if (this.#bad !== undefined) return true
    const { step, losses } = progress
    const at = losses.findIndex((loss) => !Number.isFinite(loss))
    if (at >= 0) {
      this.#bad = step - losses.length + at + 1
      return true
    }
    if (performance.now() - this.#taken >= (this.#options.every ?? 5000)) this.#taking ??= this.#take().catch(() => {})
    return false
  }

  /** The first step whose loss was not finite, once `see` has told of it. */
  get step(): number | undefined {
    return this.#bad
  }

  /**
   * Says what went wrong, and where; the run must be paused, and is afterwards as it was. Of a run whose losses are all finite it looks at the step to
   * come: its parameters may not be.
   */
  async diagnose(): Promise<Diagnosed> {
    await this.#taking
    const failed = await this.#trainer.snapshot()
    const bad = this.#bad ?? failed.step + 1
    const { settingsChanges, history } = this.#trainer
    try {
      return await this.#from(bad, settingsChanges, calmBefore(bad, history))
    } finally {
      await this.#trainer.restore(failed)
      failed.destroy()
    }
  }

  destroy(): void {
    for (const snapshot of this.#snapshots.splice(0)) snapshot.destroy()
  }

  async #take(): Promise<void> {
    this.#taken = performance.now()
    const snapshot = await this.#trainer.snapshot()
    this.#snapshots.push(snapshot)
    // The newest may be of a step whose loss has not arrived yet: the one before it is known to be good.
    while (this.#snapshots.length > 2) this.#snapshots.shift()!.destroy()
    this.#taking = undefined
  }

  /** `calm`: the step to go back to where that can be done. */
  async #from(bad: number, changes: readonly SettingsChange[], calm: number): Promise<Diagnosed> {
    const forgotten = changes.length < mostChanges ? 0 : changes[0]!.step
    const usable = this.#snapshots.filter(({ step }) => step < bad && step >= forgotten)
    for (const snapshot of usable.toReversed()) {
      const isOldest = snapshot === usable[0]
      // As far as the state stays finite: a moment may have left the numbers' range long before a loss does.
      for (let target = Math.max(snapshot.step, bad - before); ; target = Math.floor((target + snapshot.step) / 2)) {
        await this.#to(snapshot, target, changes)
        if (!(await this.#isFinite())) {
          if (target > snapshot.step) continue
          if (!isOldest) break
        }
        const found = await this.#traced(bad, changes)
        if (!found && this.#bad === undefined) return { found: null, lastGood: null }
        if (!found) return { found: null, unfound: 'rounding', lastGood: await this.#goodBy(target, calm, usable, changes) }
        return { found, lastGood: await this.#goodBy(found.step - 1, calm, usable, changes) }
      }
    }
    return { found: null, unfound: 'tooLate', lastGood: null }
  }

  /** The run as it was after the step before which it was calm, or as near as the snapshots reach, and `last` at the latest. */
  async #goodBy(
    last: number,
    calm: number,
    usable: readonly RunSnapshot[],
    changes: readonly SettingsChange[],
  ): Promise<RunSnapshot | null> {
    const wanted = Math.min(last, calm)
    const from = usable.findLast(({ step }) => step <= wanted) ?? usable[0]!
    const step = Math.max(wanted, from.step)
    if (step > last) return null
    await this.#to(from, step, changes)
    return (await this.#isFinite()) ? this.#trainer.snapshot() : null
  }

  /** The run as it was after a step, with the settings of that step, from a snapshot before. */
  async #to(snapshot: RunSnapshot, step: number, changes: readonly SettingsChange[]): Promise<void> {
    const trainer = this.#trainer
    await trainer.restore(snapshot)
    for (const change of changes.filter((one) => one.step >= snapshot.step && one.step < step)) {
      await this.#upTo(change.step)
      const { optimizer, ...others } = change.settings
      trainer.set({ ...optimizer, ...others })
    }
    await this.#upTo(step)
  }

  async #upTo(step: number): Promise<void> {
    const steps = step - this.#trainer.step
    if (steps > 0) for await (const _ of this.#trainer.run({ ...this.#options.run, steps }));
  }

  async #traced(bad: number, changes: readonly SettingsChange[]): Promise<NotFinite | undefined> {
    const step = await this.#trainer.traced()
    try {
      const from = this.#trainer.step
      const most = Math.max(traced, bad + 1 - from)
      for (let i = 0; i < most; i++) {
        const change = changes.find((one) => one.step === from + i)
        if (change) step.set(change.settings)
        const halt = await step.next()
        if (halt) return await explained(step, halt)
      }
      return undefined
    } finally {
      step.destroy()
    }
  }

  /** Whether all parameters of the run are finite now. */
  async #isFinite(): Promise<boolean> {
    for (const path of this.#trainer.parameterPaths) if (!(await this.#trainer.parameter(path).read()).every(Number.isFinite)) return false
    return true
  }
}

/** The last step before `bad` whose parameters gave a low loss: it is measured before the update of the step after. */
function calmBefore(bad: number, { step, loss }: History): number {
  const end = step.findIndex((one) => one >= bad)
  const to = end < 0 ? step.length : end
  const from = Math.max(0, to - low.steps)
  const losses = loss.slice(from, to).map((one) => one ?? Infinity)
  const sorted = losses.toSorted((a, b) => a - b)
  const bound = low.times * sorted[Math.floor((sorted.length - 1) * low.share)]!
  const last = losses.findLastIndex((one) => one <= bound)
  return last < 0 ? 0 : step[from + last]! - 1
}
