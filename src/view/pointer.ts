import type { Picked, PickListener } from './types.ts'

/** Further than this from where it went down, a press is a drag. CSS pixels. */
const dragFrom = 5

/** Picks what lies under the pointer as it moves and clicks on a canvas. One pick at a time; only the last of the moves meanwhile counts. */
export class Pointer {
  readonly #canvas: HTMLCanvasElement
  readonly #pick: (x: number, y: number) => Promise<Picked | null>
  readonly #hover: PickListener
  readonly #select: PickListener
  readonly #stop = new AbortController()
  #at: { x: number; y: number } | null = null
  #picking = false
  #pressed: { x: number; y: number } | null = null

  constructor(
    canvas: HTMLCanvasElement,
    pick: (x: number, y: number) => Promise<Picked | null>,
    hover: PickListener,
    select: PickListener,
  ) {
    this.#canvas = canvas
    this.#pick = pick
    this.#hover = hover
    this.#select = select
    const options = { signal: this.#stop.signal, passive: true }
    canvas.addEventListener('pointermove', (event) => this.#move(event), options)
    canvas.addEventListener('pointerleave', () => this.#leave(), options)
    canvas.addEventListener('pointerdown', (event) => (this.#pressed = this.#place(event)), options)
    canvas.addEventListener('pointerup', (event) => void this.#up(event), options)
  }

  #place(event: PointerEvent) {
    const { left, top } = this.#canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  #move(event: PointerEvent) {
    if (event.pointerType === 'touch' || event.buttons !== 0) return
    this.#at = this.#place(event)
    void this.#follow()
  }

  async #follow() {
    if (this.#picking) return
    this.#picking = true
    try {
      while (this.#at) {
        const { x, y } = this.#at
        this.#at = null
        const found = await this.#pick(x, y)
        if (!this.#stop.signal.aborted) this.#hover(found)
      }
    } finally {
      this.#picking = false
    }
  }

  #leave() {
    this.#at = null
    this.#hover(null)
  }

  async #up(event: PointerEvent) {
    const from = this.#pressed
    const to = this.#place(event)
    this.#pressed = null
    if (!from || event.button !== 0 || Math.hypot(to.x - from.x, to.y - from.y) > dragFrom) return
    const found = await this.#pick(to.x, to.y)
    if (!this.#stop.signal.aborted) this.#select(found)
  }

  dispose() {
    this.#stop.abort()
  }
}
