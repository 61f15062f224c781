/** Looks at steps while a run trains: what a watch encodes runs right before and right after a step, within the run's own submits. */

/** A step that a watch looks at, once it is encoded. */
export interface WatchedStep {
  step: number
  epoch: number
  learningRate: number
  /** Samples of the batch that was computed last; those behind them in the batch's rows are none. */
  samples: number
  /** Samples of an epoch. */
  epochSamples: number
  /** Where the step leaves loss, right samples, a norm or nothing, and samples: four floats. */
  result: { buffer: GPUBuffer; offset: number }
}

/** What it encodes must be made beforehand: a step waits for nobody. */
export interface StepWatch {
  /** The last step that may be submitted now, from `next` on; below `next` where first something else must be done, which `ready` waits for. */
  mayReach(next: number): number
  ready(): Promise<unknown>
  /** The steps from `first` to `last` that it looks at, in order. Asked once a submit, before all that follows. */
  steps(first: number, last: number): readonly number[]
  /** Parameters are those that the step is computed with. */
  before(encoder: GPUCommandEncoder): void
  /** Parameters are updated; gradients and outputs are the step's. */
  after(encoder: GPUCommandEncoder, watched: WatchedStep): void
  /** All that was encoded is submitted. */
  submitted(): void
  /** The run begins anew, goes on from another moment, or with other parameters. */
  replaced(): void
}

/** The steps that a submit ends, and which of its parts ends each. */
export interface Ends {
  first: number
  last: number
  indexOf(step: number): number
}

/** Parts of a submit that are encoded together, [from, to); `watches` look at the step that its last part ends. */
export interface Section {
  from: number
  to: number
  watches: readonly StepWatch[]
}

/** All watches of a run. */
export class StepWatches {
  readonly #watches = new Set<StepWatch>()

  add(watch: StepWatch): () => void {
    this.#watches.add(watch)
    return () => void this.#watches.delete(watch)
  }

  get isEmpty() {
    return this.#watches.size === 0
  }

  /** The last step that may be submitted now. */
  mayReach(next: number): number {
    return Math.min(Infinity, ...[...this.#watches].map((watch) => watch.mayReach(next)))
  }

  /** Resolves when all may go on from `next`. */
  async ready(next: number): Promise<void> {
    await Promise.all([...this.#watches].filter((watch) => watch.mayReach(next) < next).map((watch) => watch.ready()))
  }

  /** Divides `count` parts so that the end of every step that is looked at stands alone. */
  sections(count: number, ends: Ends): Section[] {
    const watched = new Map<number, StepWatch[]>()
    for (const watch of this.#watches)
      for (const step of watch.steps(ends.first, ends.last)) watched.set(step, [...(watched.get(step) ?? []), watch])
    const sections: Section[] = []
    let from = 0
    const until = (to: number, watches: readonly StepWatch[]) => {
      if (to > from) sections.push({ from, to, watches })
      from = to
    }
    for (const [step, watches] of [...watched].sort(([a], [b]) => a - b)) {
      const index = ends.indexOf(step)
      until(index, [])
      until(index + 1, watches)
    }
    until(count, [])
    return sections
  }

  submitted() {
    for (const watch of this.#watches) watch.submitted()
  }

  replaced() {
    for (const watch of this.#watches) watch.replaced()
  }
}
