/** Sleeps for a while, or until somebody wakes it. Nothing is kept of a nap that is over. */
export class Nap {
  #wake: (() => void) | undefined

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }

  wake(): void {
    this.#wake?.()
  }
}
