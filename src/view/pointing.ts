/** What the pointer is over, what is emphasised, and who wants to hear of it. */
import { same } from '../same.ts'
import { Listeners } from './listeners.ts'
import { Pointer } from './pointer.ts'
import type { Picked } from './types.ts'

export class Pointing {
  readonly hover = new Listeners<Picked | null>()
  readonly select = new Listeners<Picked | null>()
  readonly #emphasise: (picked: Picked | null) => void
  readonly #pointer: Pointer | null
  #hovered: Picked | null = null
  /** What was emphasised last. */
  emphasised: Picked | null = null

  /** Without an element nothing points. */
  constructor(
    element: HTMLCanvasElement | null,
    pick: (x: number, y: number) => Promise<Picked | null>,
    emphasise: (picked: Picked | null) => void,
  ) {
    this.#emphasise = emphasise
    this.#pointer =
      element &&
      new Pointer(
        element,
        pick,
        (picked) => this.over(picked),
        (picked) => this.select.tell(picked),
      )
  }

  over(picked: Picked | null) {
    if (same(picked, this.#hovered)) return
    this.#hovered = picked
    this.emphasise(picked)
    this.hover.tell(picked)
  }

  emphasise(picked: Picked | null) {
    this.emphasised = picked
    this.#emphasise(picked)
  }

  /** The column whose name tells what is emphasised. */
  get column(): number | null {
    const picked = this.emphasised
    return picked?.kind === 'neuron' ? picked.column : picked?.kind === 'edge' ? picked.to : null
  }

  dispose() {
    this.#pointer?.dispose()
  }
}
