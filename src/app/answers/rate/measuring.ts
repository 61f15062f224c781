/** A measurement that a reader asks for: it holds the training, tells how far it is, and can be cancelled. */
import { signal } from '@preact/signals'
import type { Dataset } from '../../../data/types.ts'
import type { ModelFile } from '../../../model/types.ts'
import { constantRate } from '../../../answers/networks.ts'
import { canonical } from '../../../same.ts'
import { fittingModel, toldOf } from '../../run/describe.ts'
import type { Session } from '../../run/session.ts'
import type { Description, Told } from '../../run/state.ts'
import { message } from '../../../words/say.ts'

export interface Subject {
  model: ModelFile
  dataset: Dataset
  shuffle: boolean
  perturbation: number
}

/** What the rail describes, or why it is nothing to measure. */
export function subjectOf({ state }: Session): Subject | Told {
  const { draft, dataset } = state.value
  if (!draft || !dataset) return message('problem.noData')
  try {
    return { model: fittingModel(draft, dataset), dataset, shuffle: draft.shuffle, perturbation: draft.perturbation }
  } catch (error) {
    return toldOf(error)
  }
}

/** All of a description that a measurement at constant rates depends on; the rate at hand is not of it. */
export function keyOf({ input, layers, training, shuffle, perturbation }: Description): string {
  const { learningRate: _rate, ...optimizer } = training.optimizer
  const { schedule: _schedule, warmup: _warmup, ...rest } = constantRate(training as ModelFile)
  return canonical({ input, layers, training: { ...rest, optimizer }, shuffle, perturbation })
}

export class Measuring<Part, Result extends Part> {
  /** 0 … 1; null: nothing is under way. */
  readonly progress = signal<number | null>(null)
  /** What is measured so far, and in the end. */
  readonly part = signal<Part | null>(null)
  readonly result = signal<Result | null>(null)
  readonly refused = signal<Told | null>(null)
  /** What was measured. */
  readonly subject = signal<(Subject & { key: string }) | null>(null)
  /** Seconds that the last one took; null: none has ended yet. */
  seconds: number | null = null
  readonly #session: Session
  #controller = new AbortController()

  constructor(session: Session) {
    this.#session = session
  }

  /** Ends with what was there before. */
  cancel(): void {
    this.#controller.abort()
  }

  async run(
    measure: (
      subject: Subject,
      hear: { signal: AbortSignal; onProgress(done: number): void; onPartial(part: Part): void },
    ) => Promise<Result>,
  ): Promise<void> {
    if (this.progress.value !== null) return
    const subject = subjectOf(this.#session)
    if (!('model' in subject)) return void (this.refused.value = subject)
    const before = { part: this.part.value, result: this.result.value, subject: this.subject.value }
    const { signal } = (this.#controller = new AbortController())
    this.refused.value = null
    this.progress.value = 0
    try {
      this.result.value = await this.#session.measure(async () => {
        signal.throwIfAborted()
        const begun = performance.now()
        this.part.value = this.result.value = null
        this.subject.value = { ...subject, key: keyOf(this.#session.state.value.draft!) }
        const result = await measure(subject, {
          signal,
          onProgress: (done) => (this.progress.value = done),
          onPartial: (part) => (this.part.value = part),
        })
        this.seconds = (performance.now() - begun) / 1000
        return result
      })
      this.part.value = this.result.value
    } catch (error) {
      Object.assign(this.part, { value: before.part })
      this.result.value = before.result
      this.subject.value = before.subject
      if (!signal.aborted) this.refused.value = toldOf(error)
    } finally {
      this.progress.value = null
    }
  }

  /** Whether the rail describes something else than was measured. */
  isStale({ draft, dataset }: { draft: Description | null; dataset: Dataset | null }): boolean {
    const subject = this.subject.value
    return subject !== null && (!draft || dataset !== subject.dataset || keyOf(draft) !== subject.key)
  }
}
