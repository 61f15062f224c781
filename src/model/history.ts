export const historyFormat = 'gradscope-history/1'

/** `history.json`. The arrays have one length, one entry a step that is kept, in order. */
export interface History {
  format: typeof historyFormat
  seed: number
  adapter: string
  variants: Record<string, string>
  /** Of a very long run every so many steps are kept (1, 2, 4, …), besides the steps whose test part was measured, and the last; absent: every step. */
  every?: number
  step: number[]
  epoch: number[]
  loss: (number | null)[]
  learningRate: (number | null)[]
  trainAccuracy: (number | null)[]
  testLoss: (number | null)[]
  testAccuracy: (number | null)[]
  nonFiniteStep?: number
}

/** Steps kept at most, of 40 bytes each. */
const most = 2 ** 20
/** Measurements of the test part kept at most. */
const mostMeasured = 2 ** 16

interface Measured {
  loss: number
  accuracy: number | null
}

/** NaN where a number is not known. */
interface Entry {
  step: number
  epoch: number
  loss: number
  learningRate: number
  accuracy: number
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)
const isBad = (value: number | null): boolean => value !== null && !Number.isFinite(value)

/**
 * Gathers a run's history step by step, in bounded memory: when it is full, every second step goes. Test measurements may come before or after their
 * step.
 */
export class HistoryRecorder {
  readonly #about: Pick<History, 'seed' | 'adapter' | 'variants'>
  readonly #most: number
  readonly #mostMeasured: number
  /** The multiples of `every` are kept, in columns, and the last step beside them. */
  #every = 1
  #count = 0
  #steps = new Float64Array(1024)
  #epochs = new Float64Array(1024)
  #learningRates = new Float64Array(1024)
  #losses = new Float64Array(1024)
  #accuracies = new Float64Array(1024)
  #last: Entry | undefined
  #measured = new Map<number, Measured>()
  #nonFinite = Infinity

  constructor(about: Pick<History, 'seed' | 'adapter' | 'variants'>, { limit = most, measuredLimit = mostMeasured } = {}) {
    this.#about = about
    this.#most = limit
    this.#mostMeasured = measuredLimit
  }

  /** Last step that was added, 0 at first. */
  get step(): number {
    return this.#last?.step ?? 0
  }

  /** One step: its number from 1, epochs finished after it, loss before its update, the rate it used, its batch's accuracy (null for regression). */
  add(step: number, epoch: number, loss: number, learningRate: number, accuracy: number | null): void {
    if (this.#last && step !== this.step + 1) throw new RangeError(`history ends at step ${this.step}, so step ${step} cannot follow`)
    if (isBad(loss) || isBad(learningRate) || isBad(accuracy)) this.#nonFinite = Math.min(this.#nonFinite, step)
    this.#last = { step, epoch, loss, learningRate, accuracy: accuracy ?? NaN }
    if (step % this.#every === 0) this.#keep(this.#last)
  }

  /** What the parameters after a step's update reach on the test part. */
  measure(step: number, testLoss: number, testAccuracy: number | null): void {
    if (isBad(testLoss) || isBad(testAccuracy)) this.#nonFinite = Math.min(this.#nonFinite, step)
    this.#measured.set(step, { loss: testLoss, accuracy: testAccuracy })
    if (this.#measured.size <= this.#mostMeasured) return
    const steps = [...this.#measured.keys()].sort((a, b) => a - b)
    // The newest stays, and with it every second one before it.
    steps.forEach((old, i) => (steps.length - 1 - i) % 2 && this.#measured.delete(old))
  }

  /** Forgets what came after `step`: the run goes on from there. */
  rewind(step: number): void {
    while (this.#count > 0 && this.#steps[this.#count - 1]! > step) this.#count--
    for (const measured of this.#measured.keys()) if (measured > step) this.#measured.delete(measured)
    if (this.step > step) this.#last = step > 0 ? this.#entryOf(step) : undefined
    if (this.#nonFinite > step) this.#nonFinite = Infinity
  }

  /** The history as `history.json` has it; a number that is not finite becomes null, and its first step is named. */
  toJSON(): History {
    const entries = Array.from({ length: this.#count }, (_, i) => this.#entry(i))
    const last = this.#last
    if (last && this.#steps[this.#count - 1] !== last.step) entries.push(last)
    const rows = this.#every > 1 ? this.#withMeasured(entries) : entries
    const numbers = (key: 'loss' | 'learningRate' | 'accuracy') => rows.map((row) => finite(row[key]))
    return {
      format: historyFormat,
      ...this.#about,
      ...(this.#every > 1 && { every: this.#every }),
      step: rows.map(({ step }) => step),
      epoch: rows.map(({ epoch }) => epoch),
      loss: numbers('loss'),
      learningRate: numbers('learningRate'),
      trainAccuracy: numbers('accuracy'),
      testLoss: rows.map(({ step }) => finite(this.#measured.get(step)?.loss ?? null)),
      testAccuracy: rows.map(({ step }) => finite(this.#measured.get(step)?.accuracy ?? null)),
      ...(Number.isFinite(this.#nonFinite) && { nonFiniteStep: this.#nonFinite }),
    }
  }

  /** With a row, of which only the test part is known, for each measurement between two steps that are kept. */
  #withMeasured(entries: readonly Entry[]): Entry[] {
    const known = new Set(entries.map(({ step }) => step))
    const between = [...this.#measured.keys()].filter((step) => !known.has(step) && step <= this.step)
    return [...entries, ...between.map((step) => this.#entryOf(step))].sort((a, b) => a.step - b.step)
  }

  /** A step that is kept, or what is known of one that is not. */
  #entryOf(step: number): Entry {
    let [low, high] = [0, this.#count]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#steps[middle]! < step) low = middle + 1
      else high = middle
    }
    if (low < this.#count && this.#steps[low] === step) return this.#entry(low)
    const near = low < this.#count ? this.#entry(low) : (this.#last ?? { step: 1, epoch: 0 })
    return { step, epoch: (near.epoch * step) / near.step, loss: NaN, learningRate: NaN, accuracy: NaN }
  }

  #entry(i: number): Entry {
    return {
      step: this.#steps[i]!,
      epoch: this.#epochs[i]!,
      loss: this.#losses[i]!,
      learningRate: this.#learningRates[i]!,
      accuracy: this.#accuracies[i]!,
    }
  }

  #keep({ step, epoch, loss, learningRate, accuracy }: Entry): void {
    if (this.#count === this.#most) {
      this.#thin()
      if (step % this.#every !== 0) return
    }
    if (this.#count === this.#steps.length) this.#grow()
    const i = this.#count++
    this.#steps[i] = step
    this.#epochs[i] = epoch
    this.#losses[i] = loss
    this.#learningRates[i] = learningRate
    this.#accuracies[i] = accuracy
  }

  #thin(): void {
    this.#every *= 2
    let kept = 0
    for (let i = 0; i < this.#count; i++) {
      if (this.#steps[i]! % this.#every !== 0) continue
      for (const column of this.#columns) column[kept] = column[i]!
      kept++
    }
    this.#count = kept
  }

  get #columns() {
    return [this.#steps, this.#epochs, this.#learningRates, this.#losses, this.#accuracies]
  }

  #grow(): void {
    const length = Math.min(this.#most, 2 * this.#steps.length)
    const columns = this.#columns.map((old) => {
      const longer = new Float64Array(length)
      longer.set(old)
      return longer
    })
    ;[this.#steps, this.#epochs, this.#learningRates, this.#losses, this.#accuracies] = columns as [Column, Column, Column, Column, Column]
  }
}

type Column = Float64Array<ArrayBuffer>
