/**
 * A curve that any number of points may enter and that stays short. Each of its points is the mean over a stretch of x; when it is full, stretches grow
 * twice as wide, so that it looks the same however densely its points came.
 */
export class Curve {
  readonly x: number[] = []
  readonly y: (number | null)[] = []
  readonly #most: number
  /** Finite values in each point, and their sum. */
  readonly #counts: number[] = []
  readonly #sums: number[] = []
  #width = 1

  constructor(most = 1600) {
    this.#most = most
  }

  /** `x` not below the last one; what is not finite leaves its point to the others, and where there are none, a gap. */
  push(x: number, y: number): void {
    const isFinite = Number.isFinite(y)
    this.#add(x, isFinite ? 1 : 0, isFinite ? y : 0)
    while (this.x.length >= this.#most) this.#widen()
  }

  clear(): void {
    for (const list of [this.x, this.y, this.#counts, this.#sums]) list.length = 0
    this.#width = 1
  }

  #add(x: number, count: number, sum: number): void {
    const last = this.x.length - 1
    const at = last >= 0 && this.#stretchOf(this.x[last]!) === this.#stretchOf(x) ? last : last + 1
    this.#counts[at] = (at > last ? 0 : this.#counts[at]!) + count
    this.#sums[at] = (at > last ? 0 : this.#sums[at]!) + sum
    this.x[at] = x
    this.y[at] = this.#counts[at] > 0 ? this.#sums[at] / this.#counts[at] : null
  }

  readonly #stretchOf = (x: number): number => Math.ceil(x / this.#width)

  #widen(): void {
    const points = this.x.map((x, i) => [x, this.#counts[i]!, this.#sums[i]!] as const)
    for (const list of [this.x, this.y, this.#counts, this.#sums]) list.length = 0
    this.#width *= 2
    for (const point of points) this.#add(...point)
  }
}

/** A running mean that forgets, over a fixed share of what is shown, so that the trend stands out from the batches' noise. */
export function smoothed(values: readonly (number | null)[]): (number | null)[] {
  const memory = Math.max(1, values.length / 40)
  let mean: number | null = null
  return values.map((value) => {
    if (value === null) return null
    mean = mean === null ? value : mean + (value - mean) / memory
    return mean
  })
}

export interface Curves {
  trainLoss: Curve
  testLoss: Curve
  trainAccuracy: Curve
  testAccuracy: Curve
}

export const createCurves = (): Curves => ({
  trainLoss: new Curve(),
  testLoss: new Curve(800),
  trainAccuracy: new Curve(800),
  testAccuracy: new Curve(800),
})
