/** Undo and redo over what the left rail said; typing in one field within a second counts as one edit. */
import type { Dataset } from '../../data/types.ts'
import type { Choice } from './state.ts'

/** Points to go back to at most. */
const most = 100
/** Bytes that they may keep in memory beside the data at hand: each may be of another data set. */
const mostBytes = 256e6

export class Edits {
  readonly #clock: () => number
  readonly #mostBytes: number
  readonly #back: Choice[] = []
  readonly #forth: Choice[] = []
  #last = { field: '', time: -Infinity }

  constructor(clock: () => number = () => performance.now(), bytes = mostBytes) {
    this.#clock = clock
    this.#mostBytes = bytes
  }

  get canUndo(): boolean {
    return this.#back.length > 0
  }

  get canRedo(): boolean {
    return this.#forth.length > 0
  }

  /** The point that undo goes back to. */
  get latest(): Choice | undefined {
    return this.#back.at(-1)
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

  /** Forgets what lies farthest from here until the data sets of the rest, the one at hand apart, keep no more memory than they may. */
  bound(atHand: Dataset | null): void {
    const own = new Set(atHand ? buffersOf(atHand) : [])
    const bytes = () => {
      const others = new Set(
        [...this.#back, ...this.#forth].flatMap(({ dataset }) => buffersOf(dataset)).filter((buffer) => !own.has(buffer)),
      )
      return [...others].reduce((sum, { byteLength }) => sum + byteLength, 0)
    }
    while (bytes() > this.#mostBytes) (this.#back.length > 0 ? this.#back : this.#forth).shift()
  }

  #move(from: Choice[], to: Choice[], now: Choice | null): Choice | null {
    const choice = from.pop() ?? null
    if (choice && now) to.push(copy(now))
    this.#last = { field: '', time: -Infinity }
    return choice
  }
}

/** The memory that a data set keeps; two that share an array share its buffer. */
const buffersOf = ({ train, test, scaling, targetScaling }: Dataset): ArrayBuffer[] =>
  [train.x, train.y, test?.x, test?.y, ...[scaling, targetScaling].flatMap((own) => [own?.mean, own?.deviation])].flatMap(
    (array) => array?.buffer ?? [],
  )

const copy = (choice: Choice): Choice => ({ ...choice, description: structuredClone(choice.description) })
