/** Samples that are still on their way while a run on them goes on. */
import type { Dataset, Samples } from '../../data/types.ts'
import type { Problem, State } from './state.ts'
import type { Store } from './store.ts'

/** Whether all samples of a part are there: what takes them all through the network would wait for them. */
export const hasArrived = ({ count, blocks }: Samples): boolean => !blocks || blocks.arrived >= count

/** Asks for all samples of the data at hand, and once more whenever it is played and with every epoch: what failed may come then. */
export class Arrivals {
  readonly #state: Store<State>
  readonly #tell: (error: unknown) => void
  readonly #failed = new WeakSet<Dataset>()
  #told: Problem | null = null

  /** `tell`: why the test part does not come; of the training part the run tells, where it needs it. */
  constructor(state: Store<State>, tell: (error: unknown) => void) {
    this.#state = state
    this.#tell = tell
    state.watch(
      ({ dataset }) => dataset,
      () => void this.#ask(),
    )
    state.watch(
      ({ playing, live }) => playing && Math.floor(live.epoch),
      (epoch) => epoch !== false && void this.#ask(),
    )
  }

  /** Whether samples of it did not come when they were last asked for. */
  hasFailed(dataset: Dataset): boolean {
    return this.#failed.has(dataset) && partsOf(dataset).some((part) => !hasArrived(part))
  }

  async #ask(): Promise<void> {
    const { dataset } = this.#state.value
    if (!dataset) return
    this.#failed.delete(dataset)
    try {
      for (const { count, blocks } of partsOf(dataset)) await blocks?.until(count)
      if (this.#told && this.#state.value.problem === this.#told) this.#state.set({ problem: null })
    } catch (error) {
      this.#failed.add(dataset)
      if (!hasArrived(dataset.train) || dataset !== this.#state.value.dataset) return
      this.#tell(error)
      this.#told = this.#state.value.problem
    }
  }
}

const partsOf = ({ train, test }: Dataset): Samples[] => [train, ...(test ? [test] : [])]
