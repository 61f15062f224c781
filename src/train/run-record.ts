import { HistoryRecorder, type History, type HistoryMark } from '../model/history.ts'
import type { LossBetween } from './loss-between.ts'
import { resultFloats, type Batch } from './step-row.ts'
import type { Evaluation, Progress } from './types.ts'

/** Losses that wait for somebody to take them at most; of a run that nobody looks at for longer, the newest. */
const mostWaiting = 2 ** 22

/** What a record is told of its run. */
export interface RunFacts {
  about: Pick<History, 'seed' | 'adapter' | 'variants'>
  /** Rows of the ring that results come by: so many steps are on their way at most. */
  resultRows: number
  samples: number
  /** Whether steps have an accuracy. */
  classes: boolean
  batchOf(step: number): Batch
  /** Sums the losses for the evaluations. */
  between: LossBetween
}

/** Takes the results of a run's steps as they arrive, for its history, its progress and the losses that evaluations ask for. */
export class RunRecord {
  readonly #facts: RunFacts
  readonly #recorder: HistoryRecorder
  /** The rates of the steps on their way, by row of the result ring. */
  readonly #rates: Float64Array
  #waiting: Float32Array<ArrayBuffer>[] = []
  #waitingSteps = 0
  #evaluations: Evaluation[] = []
  #last: { loss: number; accuracy: number | null } = { loss: NaN, accuracy: null }

  /** Of a run that goes on from a mark, if one is given. */
  constructor(facts: RunFacts, mark?: HistoryMark) {
    this.#facts = facts
    this.#recorder = mark ? HistoryRecorder.from(mark) : new HistoryRecorder(facts.about)
    this.#rates = new Float64Array(facts.resultRows)
  }

  get history(): History {
    return this.#recorder.toJSON()
  }

  /** The history up to `step`, whose results have arrived. */
  mark(step: number): HistoryMark {
    return this.#recorder.upTo(step)
  }

  /** A step was submitted, at this learning rate. */
  submitted(step: number, learningRate: number): void {
    this.#rates[(step - 1) % this.#rates.length] = learningRate
  }

  /** The results of the steps after `first`, in order. */
  receive(first: number, rows: Float32Array): void {
    const { samples, classes, batchOf, between } = this.#facts
    const losses = new Float32Array(rows.length / resultFloats)
    for (let i = 0; i < losses.length; i++) {
      const step = first + i + 1
      const [loss, correct, count] = [rows[i * resultFloats]!, rows[i * resultFloats + 1]!, rows[i * resultFloats + 3]!]
      const { epoch, start, whole } = batchOf(step)
      const accuracy = classes ? correct / count : null
      this.#recorder.add(step, epoch + (start + count) / samples, loss, this.#rates[(step - 1) % this.#rates.length]!, accuracy)
      between.add(step, loss, whole)
      losses[i] = loss
      this.#last = { loss, accuracy }
    }
    this.#waiting.push(losses)
    this.#waitingSteps += losses.length
    while (this.#waitingSteps - this.#waiting[0]!.length >= mostWaiting) this.#waitingSteps -= this.#waiting.shift()!.length
  }

  /** An evaluation of the test part that a run has made itself: progress tells of it. */
  evaluated(evaluation: Evaluation): void {
    this.measured(evaluation)
    this.#evaluations.push(evaluation)
  }

  measured({ step, loss, accuracy }: Evaluation): void {
    if (step > 0) this.#recorder.measure(step, loss, accuracy)
  }

  /** Whether there is something to tell. */
  get hasNews(): boolean {
    return this.#waitingSteps > 0 || this.#evaluations.length > 0
  }

  /** What happened since the last time. */
  take(): Pick<Progress, 'loss' | 'accuracy' | 'losses' | 'evaluations'> {
    const losses = new Float32Array(this.#waitingSteps)
    let at = 0
    for (const part of this.#waiting) {
      losses.set(part, at)
      at += part.length
    }
    const evaluations = this.#evaluations
    this.#waiting = []
    this.#waitingSteps = 0
    this.#evaluations = []
    return { ...this.#last, losses, evaluations }
  }
}
