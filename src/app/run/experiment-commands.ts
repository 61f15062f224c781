/** What the reader can ask for of experiments. Each is an edit that undo takes back; each returns what refuses it, or null. */
import type { ModelPatch } from '../../model/patch.ts'
import { same } from '../../same.ts'
import { message, type Message } from '../../words/say.ts'
import { toldOf } from './describe.ts'
import type { Draft } from './draft.ts'
import { adopted, edited, runOf, withChange, withExperiment, withoutExperiment, type Experiment } from './experiments.ts'
import type { Preparation } from './preparation.ts'
import type { Runner } from './runner.ts'
import { loadingOf, type Choice, type Description, type State, type Told } from './state.ts'
import type { Store } from './store.ts'
import { fittingModels } from './trainers.ts'

export class ExperimentCommands {
  readonly #state: Store<State>
  readonly #draft: Draft
  readonly #preparation: Preparation
  readonly #runner: Runner
  #commands = 0

  constructor(state: Store<State>, draft: Draft, preparation: Preparation, runner: Runner) {
    this.#state = state
    this.#draft = draft
    this.#preparation = preparation
    this.#runner = runner
  }

  /** A change of the network that is shown. */
  use(change: ModelPatch): Told | null {
    return this.#take((before) => edited(before, { ...before, ...withChange(before, change) }))
  }

  /** Copies of the run beside it, from step 0 on until they are as far; none of them where one is refused. */
  add(experiments: readonly Experiment[]): Told | null {
    const refused = this.#take((before) => experiments.reduce(withExperiment, before))
    if (refused === null) this.#runner.play()
    return refused
  }

  /** The k-th network as the run, which goes on from where it is; the others are taken away, and undo brings them back. */
  adopt(k: number): Told | null {
    return this.#take((before) => adopted(before, k), { parks: true })
  }

  /** The run without its k-th experiment, which undo brings back. */
  remove(k: number): Told | null {
    return this.#take((before) => withoutExperiment(before, k), { parks: true })
  }

  /** A run, which is called `title`, and experiments in the place of those at hand, all from step 0. */
  beginAnew(change: ModelPatch, experiments: readonly Experiment[], title: Message): Told | null {
    const refused = this.#take(
      (before) => {
        const run = runOf(before)
        const all = experiments.reduce(withExperiment, { ...run, ...withChange(run, change) } as Description)
        return { ...all, ...(all.experiments && { experiments: { ...all.experiments, title } }) }
      },
      { isNew: true },
    )
    if (refused === null) this.#runner.play()
    return refused
  }

  /** Another description of the run at hand. `parks`: what it takes away is kept for undo; `isNew`: nothing goes on from where it is. */
  #take(change: (before: Description) => Description, { parks = false, isNew = false } = {}): Told | null {
    const { choice } = this.#draft
    if (!choice || this.#state.value.phase === 'lost') return message(choice ? 'problem.lost' : 'problem.noData')
    if (loadingOf(this.#state.value) !== null) return message('problem.noData')
    try {
      const description = change(choice.description)
      fittingModels(description, choice.dataset)
      if (isNew || !same(description, choice.description)) this.#show({ ...choice, description }, parks, isNew)
      return null
    } catch (error) {
      return toldOf(error)
    }
  }

  #show(choice: Choice, parks: boolean, isNew: boolean): void {
    this.#draft.edits.push(this.#draft.worthKeeping, `experiments ${++this.#commands}`)
    if (!isNew) return this.#preparation.adopt(choice, { isEdit: true, parks })
    this.#preparation.input()
    this.#draft.show(choice)
    void this.#preparation.prepare()
  }
}
