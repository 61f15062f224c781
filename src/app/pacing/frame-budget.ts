/** Share of the time that drawing may take while a person moves the picture. */
const shareMoving = 0.75
/** The same while a run trains, unless a person says otherwise. */
export const shareTraining = 0.3
/** The strongest edges drawn between two layers: a software adapter draws each of them on the processor. */
const drawnEdges = { hardware: 2000, software: 500 }
/** How many of them unless a person says otherwise. */
export const edgesFor = ({ software }: { software: boolean }): number => drawnEdges[software ? 'software' : 'hardware']
/** Milliseconds between two choices of the edges to draw, while a run trains; their colours are new in every frame. */
const chooseEvery = { hardware: 0, software: 400 }
/** Sharpness steps: the picture is drawn coarser where its share of the time buys fewer frames a second than this. */
const scales = [1, 0.75, 0.5, 0.4] as const
const fewestPerSecond = 5
/** What the next sharper step costs at most, beside this one: the square of their ratio. */
const costOfSharper = 2.3
/** The fastest of the last few frames is what a frame costs: the others waited longer for training steps in the queue. */
const remembered = 4
/** A frame that took longer, in ms, also compiled something: it says nothing of the next. */
const longest = 400

type Kind = 'training' | 'moving'

/** When the next frame is due and how sharp it is drawn, from what the last ones took. */
export class Frames {
  /** Of the time, 0 … 1, while a run trains. */
  share = shareTraining
  #took: number[] = []
  #level = 0
  #end = 0
  #chosenAt = -Infinity
  readonly #adapter: 'hardware' | 'software'

  constructor({ software }: { software: boolean }) {
    this.#adapter = software ? 'software' : 'hardware'
  }

  /** Whether the frame drawn now chooses its edges anew. */
  chooses(now: number): boolean {
    const is = now >= this.#chosenAt + chooseEvery[this.#adapter]
    if (is) this.chosen(now)
    return is
  }

  /** The edges were chosen, by a frame or otherwise. */
  chosen(now: number): void {
    this.#chosenAt = now
  }

  /** Another network is shown, of which no edges were chosen. */
  beginAnew(): void {
    this.#chosenAt = -Infinity
  }

  /** Factor on the display's pixel ratio. */
  get scale(): number {
    return scales[this.#level]!
  }

  due(kind: Kind, now: number): boolean {
    const cost = this.#took.length ? Math.min(longest, ...this.#took) : 0
    return now >= this.#end + cost * (1 / this.#shareOf(kind) - 1)
  }

  /** Draws by `work` and resolves once it is done; with `counts` the next frames learn from it. */
  async draw(kind: Kind, queue: GPUQueue, work: () => void, counts = true): Promise<void> {
    const begun = performance.now()
    work()
    await queue.onSubmittedWorkDone()
    const end = performance.now()
    if (counts) this.#measured(kind, end - begun, end)
  }

  #measured(kind: Kind, milliseconds: number, now: number): void {
    this.#end = now
    this.#took.push(milliseconds)
    if (this.#took.length < remembered) return
    const cost = Math.min(...this.#took)
    this.#took.shift()
    const affordable = (1000 * this.#shareOf(kind)) / fewestPerSecond
    if (cost > affordable && this.#level < scales.length - 1) this.#change(1)
    else if (cost * costOfSharper < affordable && this.#level > 0) this.#change(-1)
  }

  #shareOf(kind: Kind) {
    return kind === 'training' ? this.share : shareMoving
  }

  #change(by: number) {
    this.#level += by
    this.#took = []
  }
}
