/** Share of the time that drawing may take while a run trains, and while a person moves the picture. */
const shares = { training: 0.3, moving: 0.75 }
/** Sharpness steps: a frame slower than `slow` ms is drawn coarser, one faster than `fast` ms finer. */
const scales = [1, 0.75, 0.5] as const
const slow = 140
const fast = 35
/** The fastest of the last few frames is what a frame costs: the others waited for training steps in the queue. */
const remembered = 4
/** A frame that took longer, in ms, also compiled something: it says nothing of the next. */
const longest = 400

/** When the next frame is due and how sharp it is drawn, from what the last ones took. */
export class Frames {
  #took: number[] = []
  #level = 0
  #end = 0

  /** Factor on the display's pixel ratio. */
  get scale(): number {
    return scales[this.#level]!
  }

  due(kind: keyof typeof shares, now: number): boolean {
    const cost = this.#took.length ? Math.min(longest, ...this.#took) : 0
    return now >= this.#end + cost * (1 / shares[kind] - 1)
  }

  /** A frame at the present scale took `milliseconds` and ended at `now`. */
  measured(milliseconds: number, now: number): void {
    this.#end = now
    this.#took.push(milliseconds)
    if (this.#took.length < remembered) return
    const cost = Math.min(...this.#took)
    this.#took.shift()
    if (cost > slow && this.#level < scales.length - 1) this.#change(1)
    else if (cost < fast && this.#level > 0) this.#change(-1)
  }

  #change(by: number) {
    this.#level += by
    this.#took = []
  }
}
