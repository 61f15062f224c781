/** How each of the networks that train side by side has fared: its losses, its last evaluation, and what a step of it takes. */
import type { Evaluation, Progress, Trainer } from '../../train/types.ts'
import { Reached } from '../../answers/reached.ts'
import { Curve } from './curves.ts'

/** Steps over which a loss is averaged before it is spoken of. */
const lately = 20
/** Timed rounds of which the median counts. */
const timings = 9

export class Track {
  readonly loss = new Curve(1600)
  readonly reached = new Reached()
  testLoss: number | null = null
  testAccuracy: number | null = null
  accuracy: number | null = null
  /** The step of the test numbers. */
  testedStep = -1
  /** The step up to which all that happened is here. */
  last = 0
  readonly #seconds: number[] = []

  /** Mean training loss of late; null before the first step. */
  get recent(): number | null {
    const recent = this.loss.y.slice(-lately).filter((value) => value !== null)
    if (recent.length > 0) return recent.reduce((sum, value) => sum + value, 0) / recent.length
    return this.last > 0 ? NaN : null
  }

  /** Seconds of a step, timed while no other trained; null: not yet. */
  get secondsPerStep(): number | null {
    return this.#seconds.toSorted((a, b) => a - b)[this.#seconds.length >> 1] ?? null
  }

  add({ step, losses, accuracy, evaluations, secondsPerStep }: Progress): void {
    const first = step - losses.length + 1
    losses.forEach((loss, i) => this.#push(first + i, loss))
    this.last = step
    if (accuracy !== null) this.accuracy = accuracy
    const tested = evaluations.at(-1)
    if (tested) this.tested(tested)
    if (secondsPerStep !== undefined) this.#seconds.push(secondsPerStep)
    if (this.#seconds.length > timings) this.#seconds.shift()
  }

  tested({ step, loss, accuracy }: Evaluation): void {
    this.testedStep = step
    this.testLoss = loss
    this.testAccuracy = accuracy
  }

  /** What a trainer's own history has of it. */
  retell({ step, loss, trainAccuracy, testLoss, testAccuracy }: Trainer['history'], last: number): void {
    this.loss.clear()
    this.reached.clear()
    step.forEach((at, i) => this.#push(at, loss[i] ?? NaN))
    const latest = (values: readonly (number | null)[]) => values.findLast((value) => value !== null) ?? null
    this.accuracy = latest(trainAccuracy)
    this.testLoss = latest(testLoss)
    this.testedStep = step[testLoss.findLastIndex((value) => value !== null)] ?? -1
    this.testAccuracy = latest(testAccuracy)
    this.last = last
  }

  #push(step: number, loss: number): void {
    this.loss.push(step, loss)
    this.reached.add(step, loss)
  }
}

export class Tracks {
  readonly #tracks = new WeakMap<Trainer, Track>()

  /** Up to the step where the trainer is; what happened while nobody looked its history tells. */
  of(trainer: Trainer): Track {
    const track = this.#tracks.get(trainer) ?? new Track()
    this.#tracks.set(trainer, track)
    if (track.last !== trainer.step) track.retell(trainer.history, trainer.step)
    return track
  }

  add(trainer: Trainer, progress: Progress): void {
    const track = this.#tracks.get(trainer)
    if (progress.losses.length > 0 && track?.last === progress.step - progress.losses.length) track.add(progress)
    else this.of(trainer)
  }
}
