/** The losses of a run step by step, in bounded memory: means and spreads over stretches of it, and the last steps one by one. */

/** Of the losses of a stretch of steps. */
export interface Span {
  count: number
  mean: number
  /** Standard deviation of a single step's loss. */
  deviation: number
}

const mostBlocks = 1024
const tailLength = 512

export class LossCourse {
  /** Last step whose loss is known. */
  step = 0
  /** Of the first step. */
  first = NaN
  last = NaN
  /** The first step whose loss is not finite. */
  nonFiniteStep: number | undefined
  /** Steps of a block; it doubles where blocks become too many. */
  #each = 1
  #sums: number[] = []
  #squares: number[] = []
  #counts: number[] = []
  #tail = new Float64Array(tailLength)

  /** The loss of the next step, measured before its update. */
  add(loss: number): void {
    this.step++
    this.last = loss
    this.#tail[this.step % tailLength] = loss
    if (this.step === 1) this.first = loss
    const block = Math.floor((this.step - 1) / this.#each)
    this.#sums[block] ??= 0
    this.#squares[block] ??= 0
    this.#counts[block] ??= 0
    if (Number.isFinite(loss)) {
      this.#sums[block]! += loss
      this.#squares[block]! += loss * loss
      this.#counts[block]!++
    } else this.nonFiniteStep ??= this.step
    if (this.#sums.length > mostBlocks) this.#halve()
  }

  /** Of the finite losses of steps `after` + 1 … `to`, as closely as the blocks of a long run tell; undefined: there are none. */
  span(after: number, to = this.step): Span | undefined {
    const [first, last] = [Math.max(0, Math.round(after / this.#each)), Math.min(this.#sums.length, Math.ceil(to / this.#each))]
    let [count, sum, squares] = [0, 0, 0]
    for (let block = first; block < last; block++) {
      count += this.#counts[block]!
      sum += this.#sums[block]!
      squares += this.#squares[block]!
    }
    if (count === 0) return undefined
    const mean = sum / count
    return { count, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) }
  }

  /** The lowest mean over any stretch of about `length` steps, or the first step's loss. */
  lowest(length: number): number {
    let best = this.first
    const stretch = Math.max(length, this.#each)
    for (let at = 0; at + stretch <= this.step; at += stretch) best = Math.min(best, this.span(at, at + stretch)?.mean ?? Infinity)
    return best
  }

  /** The last `count` losses in order, fewer where there are no more. */
  tail(count: number): number[] {
    const length = Math.min(count, this.step, tailLength)
    return Array.from({ length }, (_, i) => this.#tail[(this.step - length + 1 + i) % tailLength]!)
  }

  #halve(): void {
    this.#each *= 2
    const halved = (values: number[]) =>
      Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => values[2 * i]! + (values[2 * i + 1] ?? 0))
    this.#sums = halved(this.#sums)
    this.#squares = halved(this.#squares)
    this.#counts = halved(this.#counts)
  }
}
