/** Trainers that were taken out of a run and that undo puts back where they were: whole, for as long as there is room for them. */
import type { Dataset } from '../../data/types.ts'
import type { Trainer } from '../../train/types.ts'

/** Bytes that they may take on the GPU. */
const mostBytes = 512e6

interface One {
  trainer: Trainer
  key: string
  dataset: Dataset
}

export class Parked {
  readonly #mostBytes: number
  #all: readonly One[] = []

  constructor(bytes = mostBytes) {
    this.#mostBytes = bytes
  }

  /** Keeps a trainer; those kept longest go where there is no room for all. */
  put(one: One): void {
    const all = [...this.#all, one]
    while (all.reduce((sum, { trainer }) => sum + trainer.cost.allocatedBytes, 0) > this.#mostBytes) all.shift()!.trainer.destroy()
    this.#all = all
  }

  /** Those that were made of this. */
  of(key: string, dataset: Dataset): Trainer[] {
    return this.#all.filter((one) => one.key === key && one.dataset === dataset).map(({ trainer }) => trainer)
  }

  /** It is at hand again. */
  release(trainer: Trainer): void {
    this.#all = this.#all.filter((one) => one.trainer !== trainer)
  }

  /** Those of other data go. */
  retain(dataset: Dataset): void {
    for (const one of this.#all) if (one.dataset !== dataset) one.trainer.destroy()
    this.#all = this.#all.filter((one) => one.dataset === dataset)
  }
}
