/**
 * A curve that any number of points may enter and that stays short. Each of its points is the mean over a stretch of x; when it is full, stretches grow
 * twice as wide, so that it looks the same however densely its points came.
 */
export class Curve {
  readonly x: number[] = []
  readonly y: (number | null)[] = []
  readonly #most: number
  /** Of each point how much of x has a finite value, and the sum of the values over it. */
  readonly #weights: number[] = []
  readonly #sums: number[] = []
  #width = 1
  /** The latest x, before the first the one that it follows. */
  #last = Infinity

  constructor(most = 1600) {
    this.#most = most
  }

  /** `x` not below the last one; what is not finite leaves its point to the others, and where there are none, a gap. */
  push(x: number, y: number): void {
    // A value stands for all since the one before it.
    const weight = Number.isFinite(y) ? Math.max(1, x - this.#last) : 0
    this.#last = x
    this.#add(x, weight, weight > 0 ? weight * y : 0)
    while (this.x.length >= this.#most) this.#widen()
  }

  clear(): void {
    for (const list of [this.x, this.y, this.#weights, this.#sums]) list.length = 0
    this.#width = 1
    this.#last = Infinity
  }

  #add(x: number, weight: number, sum: number): void {
    const last = this.x.length - 1
    const at = last >= 0 && this.#stretchOf(this.x[last]!) === this.#stretchOf(x) ? last : last + 1
    this.#weights[at] = (at > last ? 0 : this.#weights[at]!) + weight
    this.#sums[at] = (at > last ? 0 : this.#sums[at]!) + sum
    this.x[at] = x
    this.y[at] = this.#weights[at] > 0 ? this.#sums[at] / this.#weights[at] : null
  }

  readonly #stretchOf = (x: number): number => Math.ceil(x / this.#width)

  #widen(): void {
    const points = this.x.map((x, i) => [x, this.#weights[i]!, this.#sums[i]!] as const)
    for (const list of [this.x, this.y, this.#weights, this.#sums]) list.length = 0
    this.#width *= 2
    for (const point of points) this.#add(...point)
  }
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
