/** Reads the gradients of networks that train side by side. */
import { DepthReader } from '../../inspect/depth.ts'
import type { DepthNorm } from '../../inspect/diagnosis.ts'
import type { Trainer } from '../../train/types.ts'
import type { Session } from '../run/session.ts'

export class DepthReading {
  readonly #session: Session
  #reader: DepthReader | null = null
  /** The trainers that it reads. */
  #read: readonly Trainer[] = []

  constructor(session: Session) {
    this.#session = session
    session.state.watch(
      (state) => state.running?.experiments,
      (compared) => {
        if (!compared) this.#forget()
      },
    )
  }

  get isDue(): boolean {
    return this.#session.state.value.running?.experiments !== undefined
  }

  /** Where all of them are: the one that is shown may rest while others train. */
  get steps(): string {
    return this.#session.trainers.map(({ step }) => step).join()
  }

  /** Gradient norms by depth, a list a network; before its first step there is nothing to measure, and what stands there is of the run before. */
  async norms(): Promise<readonly (readonly DepthNorm[])[]> {
    const { trainers } = this.#session
    const begun = trainers.map(({ step }) => step > 0)
    if (!begun.includes(true)) return trainers.map(() => [])
    const read = await this.#readerOf(trainers).read()
    return read.map((norms, i) => (begun[i] ? norms : []))
  }

  #readerOf(trainers: readonly Trainer[]): DepthReader {
    if (this.#reader && trainers === this.#read) return this.#reader
    this.#forget()
    this.#read = trainers
    this.#reader = new DepthReader(
      this.#session.engine.device,
      trainers.map((trainer) => trainer.observation()),
    )
    return this.#reader
  }

  #forget(): void {
    this.#reader?.destroy()
    this.#reader = null
    this.#read = []
  }
}
