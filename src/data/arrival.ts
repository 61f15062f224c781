import type { SampleBlocks } from './types.ts'

/** Samples of which one block after the other arrives. */
export class Arrival implements SampleBlocks {
  readonly size: number
  readonly #count: number
  #arrived = 0
  #problem: unknown
  readonly #waiting = new Set<{ count: number; resolve(): void; reject(problem: unknown): void }>()

  /** Of `count` samples in blocks of `size`. `load` brings a block, numbered from 0, to where it belongs; it is called for one after the other. */
  constructor(count: number, size: number, load: (block: number) => Promise<void>) {
    this.size = size
    this.#count = count
    void this.#loadAll(load)
  }

  get arrived(): number {
    return this.#arrived
  }

  until(count: number): Promise<void> {
    if (this.#arrived >= Math.min(count, this.#count)) return Promise.resolve()
    if (this.#problem !== undefined) return Promise.reject(this.#problem as Error)
    return new Promise((resolve, reject) => this.#waiting.add({ count, resolve, reject }))
  }

  async #loadAll(load: (block: number) => Promise<void>): Promise<void> {
    try {
      for (let block = 0; this.#arrived < this.#count; block++) {
        await load(block)
        this.#arrived = Math.min(this.#count, (block + 1) * this.size)
        for (const waiting of this.#waiting)
          if (this.#arrived >= Math.min(waiting.count, this.#count)) {
            this.#waiting.delete(waiting)
            waiting.resolve()
          }
      }
    } catch (problem) {
      this.#problem = problem
      for (const { reject } of this.#waiting) reject(problem)
      this.#waiting.clear()
    }
  }
}
