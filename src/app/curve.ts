/** A curve that any number of points may enter and that stays short: when full, neighbours are averaged two by two. */
export class Curve {
  readonly x: number[] = []
  readonly y: (number | null)[] = []
  readonly #most: number
  #stride = 1
  #pending = { count: 0, finite: 0, sum: 0 }

  constructor(most = 1600) {
    this.#most = most
  }

  push(x: number, y: number): void {
    const pending = this.#pending
    pending.count++
    if (Number.isFinite(y)) {
      pending.finite++
      pending.sum += y
    }
    if (pending.count < this.#stride) return
    this.x.push(x)
    this.y.push(pending.finite > 0 ? pending.sum / pending.finite : null)
    this.#pending = { count: 0, finite: 0, sum: 0 }
    if (this.x.length >= this.#most) this.#halve()
  }

  clear(): void {
    this.x.length = 0
    this.y.length = 0
    this.#stride = 1
    this.#pending = { count: 0, finite: 0, sum: 0 }
  }

  #halve(): void {
    const pairs = this.x.length >> 1
    for (let i = 0; i < pairs; i++) {
      const [a, b] = [this.y[2 * i] ?? null, this.y[2 * i + 1] ?? null]
      this.x[i] = this.x[2 * i + 1]!
      this.y[i] = a === null ? b : b === null ? a : (a + b) / 2
    }
    this.x.length = pairs
    this.y.length = pairs
    this.#stride *= 2
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
