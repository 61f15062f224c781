/** Undo and redo over what the left rail said; typing in one field within a second counts as one edit. */
import type { Choice } from './state.ts'

/** Points to go back to at most: each may hold a data set. */
const most = 100

export class Edits {
  readonly #clock: () => number
  readonly #back: Choice[] = []
  readonly #forth: Choice[] = []
  #last = { field: '', time: -Infinity }

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  get canUndo(): boolean {
    return this.#back.length > 0
  }

  get canRedo(): boolean {
    return this.#forth.length > 0
  }

  /** Remembers `before` as a point to go back to; null was refused, and nobody wants it back. */
  push(before: Choice | null, field: string): void {
    const time = this.#clock()
    if (before && (field !== this.#last.field || time - this.#last.time > 1000)) this.#back.push(copy(before))
    if (this.#back.length > most) this.#back.shift()
    this.#last = { field, time }
    this.#forth.length = 0
  }

  /** What goes back to where this stands now: for what is pushed, and then does not come about. */
  mark(): () => void {
    const [back, forth, last] = [[...this.#back], [...this.#forth], this.#last]
    return () => {
      this.#back.splice(0, this.#back.length, ...back)
      this.#forth.splice(0, this.#forth.length, ...forth)
      this.#last = last
    }
  }

  undo(now: Choice | null): Choice | null {
    return this.#move(this.#back, this.#forth, now)
  }

  redo(now: Choice | null): Choice | null {
    return this.#move(this.#forth, this.#back, now)
  }

  #move(from: Choice[], to: Choice[], now: Choice | null): Choice | null {
    const choice = from.pop() ?? null
    if (choice && now) to.push(copy(now))
    this.#last = { field: '', time: -Infinity }
    return choice
  }
}

const copy = (choice: Choice): Choice => ({ ...choice, description: structuredClone(choice.description) })
