import type { Progress, RunOptions, RunSnapshot, Trainer } from '../train/types.ts'
import { explained, type NotFinite } from './not-finite.ts'

export interface NotFiniteOptions {
  /** Milliseconds of training between two snapshots (default 5000): so much is done again where a number goes wrong. */
  every?: number
  /** How the run is run, in as far as its bits depend on it: a plateau schedule on its evaluations. */
  run?: Pick<RunOptions, 'evaluateEvery' | 'earlyStopping' | 'goal'>
}

/** What a run that went wrong is told. */
export interface Diagnosed {
  /** Undefined where the step, done operation by operation, stays finite: it rounds otherwise than the run's own kernels. */
  found: NotFinite | undefined
  /** The run as it was before the step that went wrong; null where it began so. Whoever asks for it destroys it. */
  lastGood: RunSnapshot | null
}

/** Steps before the first loss that is not finite at which a trace begins: its parameters are the update's of the step before. */
const before = 2
/** Steps that are traced at most. */
const traced = 4

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

  /** To be awaited before the first step, and after each change of the run's settings or parameters: what it did before cannot be done again. */
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
    try {
      return await this.#from(bad)
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

  async #from(bad: number): Promise<Diagnosed> {
    const usable = this.#snapshots.filter(({ step }) => step < bad)
    for (const snapshot of usable.toReversed()) {
      const isOldest = snapshot === usable[0]
      // As far as the state stays finite: a moment may have left the numbers' range long before a loss does.
      for (let target = Math.max(snapshot.step, bad - before); ; target = Math.floor((target + snapshot.step) / 2)) {
        await this.#to(snapshot, target)
        if (!(await this.#isFinite())) {
          if (target > snapshot.step) continue
          if (!isOldest) break
        }
        const found = await this.#traced(bad)
        if (!found) return { found, lastGood: null }
        const good = found.step - 1
        const wasFinite = found.step > snapshot.step && (good > target || (await this.#isFinite()))
        if (!wasFinite) return { found, lastGood: null }
        await this.#to(snapshot, good)
        return { found, lastGood: await this.#trainer.snapshot() }
      }
    }
    return { found: undefined, lastGood: null }
  }

  /** The run as it was at a step, from a snapshot before. */
  async #to(snapshot: RunSnapshot, step: number): Promise<void> {
    await this.#trainer.restore(snapshot)
    const steps = step - snapshot.step
    if (steps > 0) for await (const _ of this.#trainer.run({ ...this.#options.run, steps }));
  }

  async #traced(bad: number): Promise<NotFinite | undefined> {
    const step = await this.#trainer.traced()
    try {
      const most = Math.max(traced, bad + 1 - this.#trainer.step)
      for (let i = 0; i < most; i++) {
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
