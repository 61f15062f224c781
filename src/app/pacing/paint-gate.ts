/**
 * When the page changes while a run trains. A software adapter composes the whole page on the processor that also trains, whatever changed: there,
 * picture, charts and figures change together, a few times a second, and not each for itself in every frame.
 */

/** Milliseconds between two changes. */
const changeEvery = { hardware: 0, software: 200 }
/** A page that nobody sees has no frames: what waits for one is done after so many times as long. */
const unseen = 2

export class Beat {
  readonly #every: number
  #last = -Infinity
  readonly #waiting = new Set<() => void>()

  constructor({ software }: { software: boolean }) {
    this.#every = changeEvery[software ? 'software' : 'hardware']
  }

  /** To be asked in every frame: whether the page changes in it, as it does when somebody is `eager`. What waits for that is done first. */
  strikes(now: number, eager: boolean): boolean {
    if (!eager && now < this.#last + this.#every) return false
    this.#last = now
    this.release()
    return true
  }

  /** Does `change` in the next frame that may change, or at once where each may. */
  async paint(change: () => void): Promise<void> {
    if (this.#every > 0) await this.#frame(change)
    else change()
  }

  #frame(change: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        try {
          resolve(change())
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      const timer = setTimeout(done, this.#every * unseen)
      this.#waiting.add(done)
    })
  }

  /** Does at once what waits for a frame. */
  release(): void {
    const waiting = [...this.#waiting]
    for (const done of waiting) done()
  }
}
