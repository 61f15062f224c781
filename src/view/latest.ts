/** What was read last, until it is forgotten. */
export class Latest<T> {
  #last: T | null = null
  #forgotten = 0

  get last(): T | null {
    return this.#last
  }

  /** Keeps what is read, unless it is forgotten meanwhile. */
  async read(read: () => Promise<T>): Promise<void> {
    const forgotten = this.#forgotten
    const result = await read()
    if (forgotten === this.#forgotten) this.#last = result
  }

  forget(): void {
    this.#last = null
    this.#forgotten++
  }
}
