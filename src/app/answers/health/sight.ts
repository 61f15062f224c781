/** Which rows are in sight: what is not is not written. */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals'

export class Sight {
  readonly #rows = new Map<Element, Signal<boolean>>()
  readonly #observer: IntersectionObserver

  constructor() {
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const seen = this.#rows.get(target)
        if (seen) seen.value = isIntersecting
      }
    })
  }

  follow(row: Element): ReadonlySignal<boolean> {
    const seen = signal(false)
    this.#rows.set(row, seen)
    this.#observer.observe(row)
    return seen
  }

  leave(row: Element): void {
    this.#rows.delete(row)
    this.#observer.unobserve(row)
  }

  destroy(): void {
    this.#observer.disconnect()
  }
}
