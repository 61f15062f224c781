/** Steps a second over the last second or so. */
export class Speed {
  #marks: { time: number; step: number }[]

  constructor(step: number) {
    this.#marks = [{ time: performance.now(), step }]
  }

  at(step: number): number {
    const time = performance.now()
    this.#marks.push({ time, step })
    while (this.#marks.length > 2 && time - this.#marks[1]!.time > 1000) this.#marks.shift()
    const { time: since, step: from } = this.#marks[0]!
    return time > since ? ((step - from) * 1000) / (time - since) : 0
  }
}
