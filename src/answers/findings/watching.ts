/** Watches a trainer: trains it from look to look, reads the health of its layers at each, and judges. The same run is seen the same. */
import type { Dataset } from '../../data/types.ts'
import { watchHealth } from '../health-watch.ts'
import { NotFiniteWatch } from '../not-finite-watch.ts'
import type { HealthWatch } from '../../inspect/health.ts'
import type { Progress, RunOptions, Trainer } from '../../train/types.ts'
import { factsOf, type DataFacts } from './facts.ts'
import type { Finding, Kind } from './finding.ts'
import { nextLook } from './looks.ts'
import type { Thresholds } from './rules.ts'
import { Watch } from './watch.ts'

export interface WatchingOptions {
  /** Changed thresholds, by `kind.name`: `{ 'vanishing.share': 1e-4 }`. */
  thresholds?: Thresholds
  /** Ends the run at the look that finds one of these. */
  stopOn?: readonly Kind[]
  /** Hears of each finding once. */
  onFinding?: (finding: Finding) => void
}

export interface Watching {
  /** Of the run so far: what ends a run first. */
  readonly findings: Finding[]
  /** The finding that has ended the run. */
  readonly stoppedBy: Finding | undefined
  /** As `trainer.run`, whose steps it trains; the numbers that it yields are the same. */
  run(options?: RunOptions): AsyncGenerator<Progress, void, void>
  destroy(): void
}

/** Looks between two evaluations of how the rare classes fare. */
const looksPerClassErrors = 4

/** `device` is the engine's; `dataset` the trainer's. */
export async function watch(device: GPUDevice, trainer: Trainer, dataset: Dataset, options: WatchingOptions = {}): Promise<Watching> {
  const data = factsOf(dataset, trainer.model.loss)
  const health = await watchHealth(device, trainer, { every: nextLook, waits: true })
  return new TrainerWatch(trainer, dataset, data, health, options)
}

class TrainerWatch implements Watching {
  readonly #trainer: Trainer
  readonly #dataset: Dataset
  readonly #health: HealthWatch
  readonly #stopOn: readonly Kind[]
  readonly #watch: Watch
  readonly #hears: ((finding: Finding) => void) | undefined
  #numbers: NotFiniteWatch | undefined
  #isExplained = false
  #looks = 0
  stoppedBy: Finding | undefined

  constructor(
    trainer: Trainer,
    dataset: Dataset,
    data: DataFacts,
    health: HealthWatch,
    { thresholds, stopOn = [], onFinding }: WatchingOptions,
  ) {
    this.#trainer = trainer
    this.#dataset = dataset
    this.#health = health
    this.#stopOn = stopOn
    this.#watch = new Watch({ model: trainer.model, data, stepsPerEpoch: trainer.stepsPerEpoch, ...(thresholds && { thresholds }) })
    this.#hears = onFinding
    const hear = (finding: Finding) => {
      // What is not finite is told with what it came out of.
      if (finding.kind !== 'notFinite') onFinding?.(finding)
      if (this.#stopOn.includes(finding.kind)) this.stoppedBy ??= finding
    }
    this.#watch.findings.forEach(hear)
    this.#watch.onFinding((finding, isNew) => isNew && hear(finding))
  }

  get findings(): Finding[] {
    return this.#watch.findings
  }

  async *run(options: RunOptions = {}): AsyncGenerator<Progress, void, void> {
    const { epochs, steps = epochs === undefined ? Infinity : Math.ceil(epochs * this.#trainer.stepsPerEpoch), ...rest } = options
    const last = this.#trainer.step + steps
    const { goal = last } = options
    const { evaluateEvery, earlyStopping } = options
    this.#numbers?.destroy()
    this.#numbers = new NotFiniteWatch(this.#trainer, {
      run: { goal, ...(evaluateEvery && { evaluateEvery }), ...(earlyStopping && { earlyStopping }) },
    })
    await this.#numbers.begin()
    while (this.#trainer.step < last && !this.stoppedBy) {
      const before = this.#trainer.step
      const next = Math.min(last, nextLook(before))
      let hasEnded = false
      for await (const progress of this.#trainer.run({ ...rest, steps: next - before, goal })) {
        this.#numbers.see(progress)
        this.#watch.losses(progress.losses)
        for (const evaluation of progress.evaluations) this.#watch.evaluated(evaluation)
        hasEnded ||= progress.stopped !== undefined
        yield progress
      }
      if (hasEnded || this.#trainer.step < next) return
      await this.#look()
    }
  }

  async #look(): Promise<void> {
    await this.#health.settled()
    if (this.#watch.wantsClassErrors && this.#looks++ % looksPerClassErrors === 0)
      this.#watch.classErrors(await classErrorsOf(this.#trainer, this.#dataset))
    const { last } = this.#health
    this.#watch.look(last?.step === this.#watch.step ? last : null)
    await this.#explain()
  }

  /** Once, when something is found that is not finite. */
  async #explain(): Promise<void> {
    const isBroken = () => this.#watch.findings.find(({ kind }) => kind === 'notFinite')
    if (this.#isExplained || !isBroken() || !this.#numbers) return
    this.#isExplained = true
    const { found, lastGood } = await this.#numbers.diagnose()
    lastGood?.destroy()
    if (found) this.#watch.explain(found)
    this.#hears?.(isBroken()!)
  }

  destroy(): void {
    this.#numbers?.destroy()
    this.#health.destroy()
  }
}

/** How many training samples of each class the network names wrong. */
export async function classErrorsOf(trainer: Trainer, { train, outputs, classes }: Dataset) {
  const evaluation = await trainer.evaluate('train', { outputs: true })
  const given = evaluation.outputs!
  const isBinary = outputs === 1
  const errors = Array.from({ length: isBinary ? 2 : outputs }, (_, i) => ({ name: classes?.[i] ?? String(i), count: 0, wrong: 0 }))
  for (let i = 0; i < train.count; i++) {
    const label = train.y[i]!
    const own = errors[label]
    if (!own) continue
    own.count++
    if ((isBinary ? Number(given[i]! > threshold) : largest(given.subarray(i * outputs, (i + 1) * outputs))) !== label) own.wrong++
  }
  return { step: evaluation.step, classes: errors }
}

/** Of a sigmoid's output. */
const threshold = 0.5
const largest = (values: Float32Array): number => values.reduce((best, value, i) => (value > values[best]! ? i : best), 0)
