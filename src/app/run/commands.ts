/** What touches the trainers, one command at a time, in the order in which the commands were given. */
export class Commands {
  readonly #onIdle: () => void
  #last: Promise<unknown> = Promise.resolve()
  #open = 0

  /** `onIdle` is called whenever no command is left. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle
  }

  /** Runs the command after all that were given before it; settles as the command does. */
  run<T>(command: () => T | Promise<T>): Promise<T> {
    this.#open++
    const result = this.#last.then(command).finally(() => {
      if (--this.#open === 0) this.#onIdle()
    })
    // A command that fails tells whoever gave it; the next one runs all the same.
    this.#last = result.catch(() => {})
    return result
  }
}
