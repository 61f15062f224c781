import type { Gpu } from '../gpu/device.ts'

/**
 * The operations on a run, one after another in the order of their calls. Each is rejected with DeviceLost as soon as the device is gone, and where the
 * run was destroyed before its turn.
 */
export class Operations {
  readonly #gpu: Gpu
  #last: Promise<unknown> = Promise.resolve()
  #destroyed = false

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  get destroyed(): boolean {
    return this.#destroyed
  }

  /** Throws where there is nothing left to do `what` with. */
  check(what: string): void {
    if (this.#destroyed) throw new Error(`${what}: the trainer was destroyed`)
    if (this.#gpu.loss) throw this.#gpu.loss
  }

  /** Does `work` when all before it is done; what comes later waits for it. */
  inTurn<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      this.check(what)
      return this.#gpu.untilLost(work())
    })
    this.#last = result.catch(() => {})
    return result
  }

  /** Does `work`, which changes nothing of the run, when all before it is done; nothing waits for it. */
  async beside<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    await this.#last
    this.check(what)
    return this.#gpu.untilLost(work())
  }

  destroy(): void {
    this.#destroyed = true
  }
}
