/** What the rail says, and the way back to what it said before. */
import { withShown } from './experiments.ts'
import { refusalOf } from './describe.ts'
import { Edits } from './edits.ts'
import { noWork, type Choice, type State } from './state.ts'
import type { Store } from './store.ts'

export class Draft {
  readonly edits = new Edits()
  readonly #state: Store<State>
  #choice: Choice | null = null
  #refused = false

  constructor(state: Store<State>) {
    this.#state = state
  }

  get choice(): Choice | null {
    return this.#choice
  }

  /** What it says, unless it is or will be refused. */
  get worthKeeping(): Choice | null {
    const choice = this.#choice
    return choice && !this.#refused && refusalOf(choice.description, choice.dataset) === null ? choice : null
  }

  /** Shows another choice, which nobody has refused yet. */
  show(choice: Choice | null): void {
    this.#choice = choice
    this.#refused = false
    const { preset = null, dataset = null, description = null } = choice ?? {}
    this.edits.bound(dataset)
    const { work } = this.#state.value
    this.#state.set({ preset, draft: description, draftDataset: dataset, work: work.kind === 'loading' ? noWork : work })
  }

  /** Of networks that are compared, another to edit and show. */
  showVariant(index: number): void {
    if (!this.#choice) return
    this.#choice = { ...this.#choice, description: withShown(this.#choice.description, index) }
    this.#state.set({ draft: this.#choice.description })
  }

  /** What it says does not come to run. */
  refuse(): void {
    this.#refused = true
  }

  /** What brings it back to what it says now, with what was told of that; resolves to the choice, where that may run. */
  mark(): () => Choice | null {
    const [choice, wasRefused, { problem }, undo] = [this.#choice, this.#refused, this.#state.value, this.edits.mark()]
    return () => {
      const { problem: told } = this.#state.value
      undo()
      this.show(choice)
      this.#refused = wasRefused
      this.#state.set({ problem: told?.place === 'data' ? told : wasRefused ? problem : null })
      return wasRefused ? null : choice
    }
  }
}
