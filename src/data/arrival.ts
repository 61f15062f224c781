import type { SampleBlocks } from './types.ts'

/** Samples of which one block after the other arrives. After a failure it goes on with the block that failed when somebody asks for more. */
export class Arrival implements SampleBlocks {
  readonly size: number
  readonly #count: number
  readonly #load: (block: number) => Promise<void>
  #arrived = 0
  #loading = false
  readonly #waiting = new Set<{ count: number; resolve(): void; reject(problem: unknown): void }>()

  /** Of `count` samples in blocks of `size`. `load` brings a block, numbered from 0, to where it belongs; it is called for one after the other. */
  constructor(count: number, size: number, load: (block: number) => Promise<void>) {
    this.size = size
    this.#count = count
    this.#load = load
    void this.#loadAll()
  }

  get arrived(): number {
    return this.#arrived
  }

  until(count: number): Promise<void> {
    if (this.#arrived >= Math.min(count, this.#count)) return Promise.resolve()
    const result = new Promise<void>((resolve, reject) => this.#waiting.add({ count, resolve, reject }))
    if (!this.#loading) void this.#loadAll()
    return result
  }

  async #loadAll(): Promise<void> {
    this.#loading = true
    try {
      while (this.#arrived < this.#count) {
        await this.#load(Math.floor(this.#arrived / this.size))
        this.#arrived = Math.min(this.#count, this.#arrived + this.size)
        for (const waiting of this.#waiting)
          if (this.#arrived >= Math.min(waiting.count, this.#count)) {
            this.#waiting.delete(waiting)
            waiting.resolve()
          }
      }
    } catch (problem) {
      const waiting = [...this.#waiting]
      this.#waiting.clear()
      for (const { reject } of waiting) reject(problem)
    } finally {
      this.#loading = false
    }
  }
}
