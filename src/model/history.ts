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
const entryKeys = ['step', 'epoch', 'loss', 'learningRate', 'accuracy'] as const

/** One for each of `entryKeys`. */
type Columns = Float64Array<ArrayBuffer>[]
type About = Pick<History, 'seed' | 'adapter' | 'variants'>

/** A history as it was after a step. */
export interface HistoryMark {
  readonly about: About
  readonly limits: { limit: number; measuredLimit: number }
  readonly every: number
  readonly count: number
  readonly columns: Columns
  readonly last: Entry | undefined
  readonly measured: ReadonlyMap<number, Measured>
  readonly nonFinite: number
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)
const isBad = (value: number | null): boolean => value !== null && !Number.isFinite(value)

/**
 * Gathers a run's history step by step, in bounded memory: when it is full, every second step goes. Test measurements may come before or after their
 * step.
 */
export class HistoryRecorder {
  readonly #about: About
  readonly #most: number
  readonly #mostMeasured: number
  /** The multiples of `every` are kept, and the last step beside them. Columns only ever grow: marks share them. */
  #every = 1
  #count = 0
  #columns: Columns = entryKeys.map(() => new Float64Array(1024))
  #last: Entry | undefined
  #measured = new Map<number, Measured>()
  #nonFinite = Infinity

  constructor(about: About, { limit = most, measuredLimit = mostMeasured } = {}) {
    this.#about = about
    this.#most = limit
    this.#mostMeasured = measuredLimit
  }

  /** Goes on after a mark, which may be of another recorder. */
  static from({ about, limits, every, count, columns, last, measured, nonFinite }: HistoryMark): HistoryRecorder {
    const recorder = new HistoryRecorder(about, limits)
    recorder.#every = every
    recorder.#count = count
    recorder.#columns = columns.map((column) => column.slice(0, Math.max(1024, count)))
    recorder.#last = last
    recorder.#measured = new Map(measured)
    recorder.#nonFinite = nonFinite
    return recorder
  }

  /** The history up to `step`, for a run that may go on from there. It shares the columns, of which no entry changes. */
  upTo(step: number): HistoryMark {
    const count = this.#placeOf(step + 1)
    return {
      about: this.#about,
      limits: { limit: this.#most, measuredLimit: this.#mostMeasured },
      every: this.#every,
      count,
      columns: this.#columns,
      last: step >= this.step ? this.#last : step === 0 ? undefined : this.#entryOf(step),
      measured: new Map([...this.#measured].filter(([measured]) => measured <= step)),
      nonFinite: this.#nonFinite > step ? Infinity : this.#nonFinite,
    }
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

  /** The history as `history.json` has it; a number that is not finite becomes null, and its first step is named. */
  toJSON(): History {
    const entries = Array.from({ length: this.#count }, (_, i) => this.#entry(i))
    const last = this.#last
    if (last && this.#stepAt(this.#count - 1) !== last.step) entries.push(last)
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
    const place = this.#placeOf(step)
    if (place < this.#count && this.#stepAt(place) === step) return this.#entry(place)
    const near = place < this.#count ? this.#entry(place) : (this.#last ?? { step: 1, epoch: 0 })
    return { step, epoch: (near.epoch * step) / near.step, loss: NaN, learningRate: NaN, accuracy: NaN }
  }

  /** The first entry of this step or a later one. */
  #placeOf(step: number): number {
    let [low, high] = [0, this.#count]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#stepAt(middle)! < step) low = middle + 1
      else high = middle
    }
    return low
  }

  #stepAt(i: number): number | undefined {
    return this.#columns[0]![i]
  }

  #entry(i: number): Entry {
    const [step, epoch, loss, learningRate, accuracy] = this.#columns.map((column) => column[i]!) as [
      number,
      number,
      number,
      number,
      number,
    ]
    return { step, epoch, loss, learningRate, accuracy }
  }

  #keep(entry: Entry): void {
    if (this.#count === this.#most) {
      this.#thin()
      if (entry.step % this.#every !== 0) return
    }
    if (this.#count === this.#columns[0]!.length) this.#grow()
    const i = this.#count++
    entryKeys.forEach((key, k) => (this.#columns[k]![i] = entry[key]))
  }

  #thin(): void {
    this.#every *= 2
    const steps = this.#columns[0]!
    const kept = Uint32Array.from({ length: this.#count }, (_, i) => i).filter((i) => steps[i]! % this.#every === 0)
    this.#columns = this.#columns.map((column) => {
      const thinner = new Float64Array(column.length)
      kept.forEach((from, to) => (thinner[to] = column[from]!))
      return thinner
    })
    this.#count = kept.length
  }

  #grow(): void {
    const length = Math.min(this.#most, 2 * this.#columns[0]!.length)
    this.#columns = this.#columns.map((column) => {
      const longer = new Float64Array(length)
      longer.set(column)
      return longer
    })
  }
}
