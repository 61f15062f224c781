/** What the reader can ask for. Nothing that is asked waits for another, nor is it lost: the last input wins. */
import type { Dataset } from '../../data/types.ts'
import type { Engine } from '../../train/engine.ts'
import { Tracks } from './tracks.ts'
import type { Precision, Progress, Trainer } from '../../train/types.ts'
import { Arrivals } from './arrivals.ts'
import { AtHand, type Parameters, type ParametersFor, type SwapListener } from './at-hand.ts'
import { Beat } from '../pacing/paint-gate.ts'
import { createCurves } from './curves.ts'
import { refusalOf, toldOf } from './describe.ts'
import { Draft } from './draft.ts'
import type { Edits } from './edits.ts'
import type { Loaded } from './incoming.ts'
import type { Tell } from './tell.ts'
import { Preparation } from './preparation.ts'
import { Runner } from './runner.ts'
import { canonical, same } from '../../same.ts'
import type { Services } from './services.ts'
import { message, type Message } from '../../words/say.ts'
import type { ModelPatch } from '../../model/patch.ts'
import { descriptionsOf, edited, shownOf } from './experiments.ts'
import { ExperimentCommands } from './experiment-commands.ts'
import { createState, loadingOf, noWork, type Choice, type Description, type Place, type State, type Told } from './state.ts'
import type { Store } from './store.ts'

export class Session {
  readonly state: Store<State>
  readonly curves = createCurves()
  readonly tracks = new Tracks()
  readonly beat: Beat
  readonly runner: Runner
  readonly engine: Engine
  readonly #services: Services
  readonly #atHand: AtHand
  readonly #draft: Draft
  readonly #preparation: Preparation
  readonly #arrivals: Arrivals
  readonly experiments: ExperimentCommands
  /** What a preset said before any edit. */
  #untouched = ''
  #measuring: Promise<void> = Promise.resolve()

  constructor(engine: Engine, services: Services, state = createState()) {
    this.state = state
    this.engine = engine
    this.#services = services
    this.beat = new Beat(engine.adapter)
    this.runner = new Runner(state, this.curves, this.beat)
    this.#atHand = new AtHand(state, this.runner)
    this.runner.onRound((round) => round.forEach((progress, i) => this.#follow(i, progress)))
    this.#draft = new Draft(state)
    this.#preparation = new Preparation(engine, services, state, this.#draft, this.runner, this.#atHand)
    this.experiments = new ExperimentCommands(state, this.#draft, this.#preparation, this.runner)
    this.#arrivals = new Arrivals(state, (error) => this.#preparation.tellError(error, 'data'))
    void engine.lost.then(() => {
      this.#preparation.input()
      state.set({ phase: 'lost', work: noWork, restarts: null, problem: null })
      this.runner.pause()
      this.#preparation.incoming.drop()
    })
  }

  /** What says something above the transport. */
  set tell(tell: Tell) {
    this.#preparation.tell = tell
  }

  get edits(): Edits {
    return this.#draft.edits
  }

  get trainer(): Trainer | null {
    return this.runner.trainer
  }

  /** All that train: the run itself, then its experiments. */
  get trainers(): readonly Trainer[] {
    return this.#atHand.trainers
  }

  /** Hears of a new trainer before the old one is destroyed. */
  onSwap(listener: SwapListener): void {
    this.#atHand.onSwap(listener)
  }

  /** A preset as it comes; the one at hand, unless it was edited, goes on as it is. */
  async choosePreset(name: string): Promise<void> {
    if (this.#isLost) return
    const goBack = this.#mark()
    const before = this.#draft.choice
    if (before?.preset === name && !this.#isLoading && this.#goesOn(before)) return
    const ticket = this.#preparation.input()
    this.state.set({ preset: name, work: { kind: 'loading', preset: name }, restarts: null, problem: null })
    try {
      const { dataset, description, speed } = await this.#services.loadPreset(name, undefined)
      if (!this.#preparation.isLatest(ticket)) return
      if (before) this.edits.push(this.#draft.worthKeeping, `preset ${name}`)
      this.#untouched = canonical(description)
      if (before?.preset !== name) this.state.set({ speed })
      this.#draft.show({ preset: name, dataset, drawn: description.training.seed, description: structuredClone(description) })
      await this.#preparation.prepare()
    } catch (error) {
      this.#preparation.fail(ticket, error, 'data', goBack)
    }
  }

  /** Own data. Resolves to what refuses it, or null when it trains. What is refused changes and cancels nothing. */
  useData(dataset: Dataset, description: Description): Promise<Told | null> {
    return this.#use({ preset: null, dataset, drawn: description.training.seed, description }, 'own data')
  }

  /** A model file's network and training on the data at hand; answers as `useData` does. */
  async useModel(asked: Description, parameters?: Parameters): Promise<Told | null> {
    const { choice } = this.#draft
    if (!choice) return message('problem.noData')
    const description = structuredClone(asked)
    const { training } = description
    const { count } = choice.dataset.train
    if (training.batchSize > count) {
      this.#preparation.tell(message('change.batchOfAll', { asked: training.batchSize, count }))
      training.batchSize = count
    }
    return this.#use({ ...choice, drawn: training.seed, description }, 'model file', parameters)
  }

  /**
   * Parameters for the run that is being prepared, which then begins with them, or else for the networks at hand, whose run goes on with them and with
   * moments at zero. Resolves to where they went; null: others came after them. Throws an InputError where they fit no network.
   */
  async loadParameters(parameters: Parameters | ParametersFor): Promise<Loaded | null> {
    if (this.#isLost) return null
    return this.#preparation.incoming.load(typeof parameters === 'function' ? parameters : () => parameters)
  }

  /** An edit in the rail; prepared when typing rests. `field` groups keystrokes into one undo. */
  edit(change: (description: Description) => void, field: string): void {
    const before = this.#draft.choice
    if (!before || this.#isLoading || this.#isLost) return
    const changed = structuredClone(before.description)
    change(changed)
    const description = edited(before.description, changed)
    if (same(description, before.description)) return
    this.edits.push(this.#draft.worthKeeping, field)
    this.#preparation.adopt({ ...before, description }, { isEdit: true })
  }

  /** A change of the network that is shown, as an edit. Returns what refuses it, or null. */
  adopt(change: ModelPatch): Told | null {
    return this.experiments.use(change)
  }

  /** A copy of the run that differs by a change, beside it from step 0 on until it is as far. Returns what refuses it, or null. */
  tryBeside(change: ModelPatch, title: Message): Told | null {
    return this.experiments.add([{ change, title }])
  }

  /** Does work that the training would disturb, while it stands; one at a time. */
  async measure<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#measuring
    let done!: () => void
    this.#measuring = new Promise((resolve) => (done = resolve))
    await before
    await this.runner.hold('measurement')
    // Nothing trains meanwhile.
    this.state.set({ live: { ...this.state.value.live, stepsPerSecond: 0 } })
    try {
      return await work()
    } finally {
      this.runner.goOn('measurement')
      done()
    }
  }

  /** Of the networks that train, another to edit and show. The run goes on. */
  async showVariant(index: number): Promise<void> {
    const { description } = this.#draft.choice ?? {}
    if (!description || !descriptionsOf(description)[index] || index === shownOf(description) || this.#isLoading) return
    this.#draft.showVariant(index)
    await this.#preparation.showChosen()
  }

  undo(): void {
    if (this.#isLost) return
    const before = this.edits.undo(this.#draft.worthKeeping)
    if (before) this.#preparation.adopt(before)
  }

  redo(): void {
    if (this.#isLost) return
    const after = this.edits.redo(this.#draft.worthKeeping)
    if (after) this.#preparation.adopt(after)
  }

  /** Prepares the run at hand anew with the fastest of all kernel variants, or of those that were tried until somebody stops it. */
  async tryAllKernels(): Promise<void> {
    if (!this.#isLoading && !this.#isLost) await this.#preparation.tryAllKernels()
  }

  /** Takes the fastest of the kernels that were tried so far. */
  stopTrying(): void {
    this.#preparation.stopTrying()
  }

  /** How matrix products read their operands from the next run on, which begins at once. */
  async setPrecision(precision: Precision): Promise<void> {
    this.state.set({ precision })
    if (!this.#isLoading) await this.#preparation.prepare()
  }

  async reset(): Promise<void> {
    await this.#told(this.#atHand.reset())
  }

  /** One step, then paused. */
  async step(): Promise<void> {
    this.runner.pause()
    await this.#told(this.#atHand.step())
  }

  problem(place: Place, error: unknown): void {
    this.state.set({ problem: { place, told: toldOf(error) } })
  }

  /** Whether data are on their way, of which a run will be made then. */
  get #isLoading(): boolean {
    return loadingOf(this.state.value) !== null
  }

  get #isLost(): boolean {
    return this.state.value.phase === 'lost'
  }

  #follow(k: number, progress: Progress): void {
    const trainer = this.trainers[k]
    if (trainer) this.tracks.add(trainer, progress)
  }

  async #use(choice: Choice, field: string, parameters?: Parameters): Promise<Told | null> {
    if (this.#isLost) return message('problem.lost')
    const unfit = refusalOf(choice.description, choice.dataset)
    if (unfit !== null) return unfit
    const goBack = this.#mark()
    this.edits.push(this.#draft.worthKeeping, field)
    this.#preparation.input()
    this.state.set({ restarts: null, problem: null })
    this.#draft.show(choice)
    return this.#preparation.prepare(parameters && { parameters }, goBack)
  }

  /** Whether a preset is at hand as it comes, or about to be, so that choosing it changes nothing. */
  #goesOn({ description, dataset }: Choice): boolean {
    return canonical(description) === this.#untouched && this.#draft.worthKeeping !== null && !this.#arrivals.hasFailed(dataset)
  }

  /** What brings the rail back to what it says now, and the run to that where it was on its way. */
  #mark(): () => void {
    const goBack = this.#draft.mark()
    return () => {
      const choice = goBack()
      if (choice && !this.#preparation.isTrained(choice)) void this.#preparation.apply()
    }
  }

  /** Waits for a command, and tells why it failed. */
  async #told(command: Promise<void>): Promise<void> {
    try {
      await command
    } catch (error) {
      this.#preparation.tellError(error, 'training')
    }
  }
}
