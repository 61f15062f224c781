/**
 * Keeps a measurement from taking more than its share: it is due again after `interval` ms and after `1 / share` times what it took. The first one
 * also compiles, which says nothing of the next.
 */
export class Pace {
  readonly #interval: number
  readonly #share: number
  #next = 0
  #isFirst = true

  constructor(interval: number, share: number) {
    this.#interval = interval
    this.#share = share
  }

  get due(): boolean {
    return performance.now() >= this.#next
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await task()
    } finally {
      const end = performance.now()
      this.#next = end + Math.max(this.#interval, this.#isFirst ? 0 : (end - start) / this.#share)
      this.#isFirst = false
    }
  }

  /** Due at once. */
  reset(): void {
    this.#next = 0
  }
}
