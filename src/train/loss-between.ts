/** A sum of losses, each times its samples, and those samples. */
export interface LossSum {
  sum: number
  weight: number
}

interface Mark {
  step: number
  /** Whether the next sum begins here. */
  ends: boolean
  found: LossSum | undefined
}

/** The mean training loss between two evaluations, summed as results arrive. */
export class LossBetween {
  #now: LossSum = { sum: 0, weight: 0 }
  #received = 0
  #marks: Mark[] = []

  /** The loss of a step of `weight` samples; steps come in order. */
  add(step: number, loss: number, weight: number): void {
    this.#now.sum += loss * weight
    this.#now.weight += weight
    this.#received = step
    while (this.#marks[0]?.step === step) this.#reach(this.#marks.shift()!)
  }

  /** Ends the sum at `step`, which was submitted last, and begins the next. Returns what gives the mean, once the results up to `step` have arrived. */
  end(step: number): () => number {
    const mark = this.#mark(step, true)
    return () => meanOf(foundOf(mark))
  }

  /** The sum up to `step`, which was submitted last, and goes on. Returns what gives it, once the results up to `step` have arrived. */
  upTo(step: number): () => LossSum {
    const mark = this.#mark(step, false)
    return () => foundOf(mark)
  }

  /** Goes on after `step` from a sum that was taken there. */
  goOn(step: number, { sum, weight }: LossSum): void {
    this.#now = { sum, weight }
    this.#received = step
    this.#marks = []
  }

  #mark(step: number, ends: boolean): Mark {
    const mark: Mark = { step, ends, found: undefined }
    if (step <= this.#received) this.#reach(mark)
    else this.#marks.push(mark)
    return mark
  }

  #reach(mark: Mark): void {
    mark.found = { ...this.#now }
    if (mark.ends) this.#now = { sum: 0, weight: 0 }
  }
}

export const meanOf = ({ sum, weight }: LossSum): number => sum / weight

function foundOf({ found, step }: Mark): LossSum {
  if (!found) throw new Error(`the results of step ${step} have not arrived`)
  return found
}
