import { lossKind } from '../model/catalogue/losses.ts'
import type { HistoryMark } from '../model/history.ts'
import type { ModelFile } from '../model/types.ts'
import type { RunSettings } from '../model/validate.ts'
import { LossBetween } from './loss-between.ts'
import type { Monitor } from './monitor.ts'
import type { Prepared } from './prepare.ts'
import { RunRecord } from './run-record.ts'
import type { RunNumbers } from './run-snapshot.ts'
import { batchOfStep, StepNumbers, type Batch } from './step-row.ts'
import type { SettingsChange } from './types.ts'

/** Changes of settings that are kept. */
export const mostChanges = 1000

/** The course of a run beside the GPU: its settings, the numbers of its steps, its results. */
export class Course {
  readonly #prepared: Prepared
  readonly between = new LossBetween()
  #settings: RunSettings
  #numbers: StepNumbers
  #record: RunRecord
  #changes: readonly SettingsChange[] = []
  /** The step that the parameters are of where they are not the last step's: of the best one. */
  restored: { at: number; from: number } | null = null

  constructor(prepared: Prepared, settings: RunSettings) {
    const { model, results } = prepared
    this.#prepared = prepared
    this.#settings = settings
    this.#numbers = this.#newNumbers(model.seed)
    this.#record = this.#newRecord(model.seed)
    results.onRows = (first, rows) => this.#record.receive(first, rows)
  }

  get settings(): RunSettings {
    return this.#settings
  }

  /** Other settings for the steps after `step`, the last one submitted. */
  change(settings: RunSettings, step: number): void {
    this.#settings = settings
    this.#numbers.settings = settings
    const before = this.#changes.filter((change) => change.step < step)
    this.#changes = [...before.slice(1 - mostChanges), { step, settings }]
  }

  /** The last settings of each step after which they were changed, the oldest first. */
  get changes(): readonly SettingsChange[] {
    return this.#changes
  }

  get numbers(): StepNumbers {
    return this.#numbers
  }

  get record(): RunRecord {
    return this.#record
  }

  /** After which step the parameters are as they are, `step` being the last one submitted. */
  parametersOf(step: number): number {
    return this.restored?.at === step ? this.restored.from : step
  }

  /** Step 0, with the settings as they are. */
  begin(seed: number): void {
    this.#model.seed = seed
    this.restored = null
    this.#changes = []
    this.#numbers = this.#newNumbers(seed)
    this.between.goOn(0, { sum: 0, weight: 0 })
    this.#record = this.#newRecord(seed)
  }

  /** All of the run as it is after `step`, the last one submitted; waits for what is under way. */
  async at(step: number, monitor: Monitor): Promise<RunNumbers> {
    const { results } = this.#prepared
    const [watch, lossSum, record] = [monitor.carried(), this.between.upTo(step), this.#record]
    const { settings, changes, restored } = this
    const now = { step, seed: this.#model.seed, settings, changes, carried: this.#numbers.carried, restored }
    await results.arrived(step)
    const history = record.mark(step)
    return { ...now, watch: await watch, lossSum: lossSum(), history }
  }

  /** Goes on from another moment, or from another run. */
  goOn({ step, seed, settings, changes = [], carried, restored, lossSum, history }: RunNumbers): void {
    this.#record = this.#newRecord(seed, history)
    this.#model.seed = seed
    this.restored = restored
    this.#settings = settings
    this.#changes = changes
    this.#numbers = this.#newNumbers(seed)
    this.#numbers.carried = carried
    this.between.goOn(step, lossSum)
  }

  get #model(): ModelFile {
    return this.#prepared.model
  }

  #newNumbers(seed: number): StepNumbers {
    return new StepNumbers(this.#settings, seed, this.#prepared.block)
  }

  #newRecord(seed: number, mark?: HistoryMark): RunRecord {
    const { gpu, programs, results, train, model } = this.#prepared
    const facts = {
      about: { seed, adapter: gpu.adapter.description, variants: programs.training.variants },
      resultRows: results.rows,
      samples: train.count,
      classes: lossKind(model.loss).ofClasses,
      batchOf: (step: number) => this.#batchOf(step),
      between: this.between,
    }
    return new RunRecord(facts, mark)
  }

  #batchOf(step: number): Batch {
    const { train, model } = this.#prepared
    return batchOfStep(step, train.count, model.batchSize, model.accumulate)
  }
}
