/** Who wants to hear of one kind of event. */
export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>()

  /** Returns the way to stop. */
  readonly add = (listener: (event: Event) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  tell(event: Event) {
    for (const listener of this.#listeners) listener(event)
  }
}
