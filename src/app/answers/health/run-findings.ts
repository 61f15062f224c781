/** What is wrong with the run that is shown, found while it trains; and with the model in the rail, before it does. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import { factsOf, type DataFacts } from '../../../answers/findings/facts.ts'
import type { Finding } from '../../../answers/findings/finding.ts'
import { lint } from '../../../answers/findings/lint/index.ts'
import { Watch } from '../../../answers/findings/watch.ts'
import { classErrorsOf } from '../../../answers/findings/watching.ts'
import type { Dataset } from '../../../data/types.ts'
import { InputError } from '../../../errors.ts'
import type { Health } from '../../../inspect/health.ts'
import type { LossName } from '../../../model/types.ts'
import type { Trainer } from '../../../train/types.ts'
import { fittingModel } from '../../run/describe.ts'
import { modelNotes } from '../../run/model-notes.ts'
import type { Session } from '../../run/session.ts'
import { readingsOf } from './readings.ts'

export interface RunFindings {
  /** Of the run, those of its model apart. */
  readonly found: ReadonlySignal<readonly Finding[]>
  /** Of the model in the rail, notes among them. */
  readonly ofModel: ReadonlySignal<readonly Finding[]>
  /** How many there are, notes apart. */
  readonly count: ReadonlySignal<number>
  /** The step from which the run is watched; null: there is none. */
  readonly since: ReadonlySignal<number | null>
}

const ofSessions = new WeakMap<Session, RunFindings>()

/** One for all that look; the run is watched from the first call on. */
export function findingsOf(session: Session): RunFindings {
  let findings = ofSessions.get(session)
  if (!findings) ofSessions.set(session, (findings = new SessionFindings(session)))
  return findings
}

/** Samples on which classes are told apart for an answer, at most; and milliseconds between two such evaluations. */
const mostSamples = 10_000
const evaluateEvery = 2000

class SessionFindings implements RunFindings {
  readonly found = signal<readonly Finding[]>([])
  readonly since = signal<number | null>(null)
  readonly ofModel: ReadonlySignal<readonly Finding[]>
  readonly count: ReadonlySignal<number>
  readonly #session: Session
  readonly #facts = new WeakMap<Dataset, Map<LossName, DataFacts>>()
  #watch: Watch | null = null
  #generation = -1
  /** A reading whose step's loss has not arrived yet. */
  #pending: Health | null = null
  #evaluated = -Infinity

  constructor(session: Session) {
    this.#session = session
    const { state, runner } = session
    this.ofModel = computed(() => {
      const { draft, draftDataset } = state.signal.value
      if (!draft || !draftDataset) return []
      try {
        const model = fittingModel(draft, draftDataset)
        return lint(model, this.#factsOf(draftDataset, model.loss))
      } catch (error) {
        // What is refused is told beside its field.
        if (error instanceof InputError) return []
        throw error
      }
    })
    this.count = computed(() => this.found.value.length + this.ofModel.value.filter(({ severity }) => severity !== 'note').length)
    effect(() => {
      modelNotes.value = this.ofModel.value.map(({ sentence, severity }) => ({ sentence, isNote: severity === 'note' }))
    })
    const readings = readingsOf(session)
    readings.want()
    this.#begin()
    runner.figures.onProgress(({ losses, evaluations, step }) => {
      if (this.#generation !== runner.generation || !this.#watch) return
      // What was told before this began to listen is in the history.
      if (this.#watch.step + losses.length !== step) return this.#begin()
      this.#watch.losses(losses)
      for (const evaluation of evaluations) this.#watch.evaluated(evaluation)
      this.#look()
    })
    runner.onSteps(() => {
      if (this.#generation !== runner.generation) this.#begin()
    })
    effect(() => {
      const health = readings.health.value
      if (!health) return
      this.#pending = health
      this.#look()
    })
    let thresholds = state.value.display.thresholds
    effect(() => {
      const next = state.signal.value.display.thresholds
      if (next === thresholds) return
      thresholds = next
      this.#begin()
    })
  }

  /** Watches the run at hand, with what its history has of it. */
  #begin(): void {
    const { runner, trainer, state } = this.#session
    this.#generation = runner.generation
    this.#pending = null
    const { dataset, display } = state.value
    this.#watch = null
    if (trainer && dataset) {
      const data = this.#factsOf(dataset, trainer.model.loss)
      this.#watch = new Watch({ model: trainer.model, data, stepsPerEpoch: trainer.stepsPerEpoch, thresholds: display.thresholds })
      this.since.value = trainer.step
      if (trainer.step > 0) {
        const { step, loss, every = 1 } = trainer.history
        // A loss that is null was not finite; of a thinned history each stands for its stretch.
        step.forEach(
          (at, i) =>
            at > this.#watch!.step && this.#watch!.losses(Array<number>(Math.min(every, at - this.#watch!.step)).fill(loss[i] ?? NaN)),
        )
      }
    } else this.since.value = null
    this.#tell()
  }

  #look(): void {
    const [watch, health] = [this.#watch, this.#pending]
    if (!watch || !health || health.step > watch.step) return
    this.#pending = null
    if (health.step < watch.next) return
    watch.look(health)
    this.#tell()
    void this.#classErrors(watch)
  }

  async #classErrors(watch: Watch): Promise<void> {
    const { trainer, state } = this.#session
    const { dataset } = state.value
    const now = performance.now()
    if (!trainer || !dataset || !watch.wantsClassErrors || dataset.train.count > mostSamples || now < this.#evaluated + evaluateEvery)
      return
    this.#evaluated = now
    const errors = await this.#unlessGone(trainer, () => classErrorsOf(trainer, dataset))
    if (errors) watch.classErrors(errors)
  }

  /** Of a trainer that is destroyed meanwhile there is nothing to tell. */
  async #unlessGone<Result>(trainer: Trainer, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work()
    } catch (error) {
      if (trainer === this.#session.trainer) console.warn(error)
      return undefined
    }
  }

  #tell(): void {
    const found = (this.#watch?.findings ?? []).filter(({ kind }) => kind !== 'lint')
    if (found.length > 0 || this.found.peek().length > 0) this.found.value = found
  }

  #factsOf(dataset: Dataset, loss: LossName): DataFacts {
    const known = this.#facts.get(dataset) ?? new Map<LossName, DataFacts>()
    this.#facts.set(dataset, known)
    let facts = known.get(loss)
    if (!facts) known.set(loss, (facts = factsOf(dataset, loss)))
    return facts
  }
}
