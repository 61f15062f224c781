/** Brings the run to what the rail says: at once where the trainers can take it, else by others. The last input wins. */
import { InputError } from '../../errors.ts'
import { DeviceLost } from '../../gpu/device-loss.ts'
import type { Engine } from '../../train/engine.ts'
import type { Trainer, TrainerOptions } from '../../train/types.ts'
import { message, type Code } from '../../words/say.ts'
import type { AtHand } from './at-hand.ts'
import { changeWords } from './change-words.ts'
import { shownOf, withShown } from './experiments.ts'
import { compiledPart, placeOf, refusalOf, toldOf } from './describe.ts'
import type { Draft } from './draft.ts'
import { Incoming } from './incoming.ts'
import { applyLive, setLive } from './live-settings.ts'
import type { Tell } from './tell.ts'
import type { Runner } from './runner.ts'
import { same } from '../../same.ts'
import type { Services } from './services.ts'
import { loadingOf, noWork, type Choice, type Place, type State, type Told } from './state.ts'
import type { Store } from './store.ts'
import { keysOf, trainersFor } from './trainers.ts'

/** What the engine does while a run is prepared. */
const phases: Readonly<Record<string, Code>> = { 'choosing kernels': 'shell.choosing', 'compiling kernels': 'shell.compiling' }

/** A pause in typing after which an edit is prepared, in ms. */
const settleTime = 250

type How = Pick<TrainerOptions, 'parameters' | 'tuneAll' | 'tuningSignal'> & {
  /** Trainers of what has not changed go on from where they are. */
  keeps?: boolean
}

export class Preparation {
  tell: Tell = () => () => {}
  readonly incoming: Incoming
  readonly #engine: Engine
  readonly #services: Services
  readonly #state: Store<State>
  readonly #draft: Draft
  readonly #runner: Runner
  readonly #atHand: AtHand
  /** Counts inputs: stale results are dropped. */
  #latest = 0
  /** What is under way for the latest input. */
  #underWay: AbortController | null = null
  /** Set from an edit until it is applied. */
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Of kernel variants, all of them. */
  #search: AbortController | undefined
  /** What the trainers at hand were made of and told since. */
  #trained: Choice | null = null
  /** Whether the input that is being prepared is an edit, which can be undone. */
  #isEdit = false
  /** Whether what it takes away is kept for undo. */
  #parks = false
  #takeBack = () => {}

  constructor(engine: Engine, services: Services, state: Store<State>, draft: Draft, runner: Runner, atHand: AtHand) {
    this.#engine = engine
    this.#services = services
    this.#state = state
    this.#draft = draft
    this.#runner = runner
    this.#atHand = atHand
    this.incoming = new Incoming(atHand, () => this.#timer !== undefined || this.#underWay !== null || loadingOf(state.value) !== null)
  }

  /** Another input: what is under way for the one before is nobody's any more. Returns its ticket. */
  input({ isSearch = false } = {}): number {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#underWay?.abort()
    this.#underWay = null
    this.#takeBack()
    if (!isSearch) this.#endSearch()
    return ++this.#latest
  }

  /** Whether no input has come since. */
  isLatest(ticket: number): boolean {
    return ticket === this.#latest
  }

  /** Shows a choice, and brings the run to it when typing rests. */
  adopt(choice: Choice, { isEdit = false, parks = false } = {}): void {
    this.input()
    this.#draft.show(choice)
    this.#isEdit = isEdit
    this.#parks = parks
    const trained = this.#trained
    const begins =
      trained !== null && (this.#runner.trainer?.step ?? 0) > 0 && this.#found(choice, shownOf(choice.description)) === undefined
    this.#state.set({ restarts: begins ? changeWords(trained, choice) : null })
    this.#timer = setTimeout(() => void this.apply(), settleTime)
  }

  /** Whether this is what the trainers at hand were made of and told. */
  isTrained({ dataset, description }: Choice): boolean {
    return dataset === this.#trained?.dataset && same(description, this.#trained.description)
  }

  /** Brings the run to what the rail says now. */
  apply(): Promise<void> {
    const ticket = this.#latest
    // Asked once what is being swapped in is at hand.
    return this.#atHand.command(() => {
      if (!this.isLatest(ticket)) return
      this.#timer = undefined
      const { choice } = this.#draft
      if (!choice) return
      this.#state.set({ problem: null })
      if (this.#isLive(choice)) this.#applyLive(choice)
      else void this.#restart(choice)
    })
  }

  /** A run of what the rail says, from step 0. Resolves to what refuses it, or null; `goBack` is called where it is refused. */
  async prepare({ keeps = false, ...how }: How = {}, goBack?: () => void): Promise<Told | null> {
    const ticket = this.input({ isSearch: how.tuneAll === true })
    const { choice } = this.#draft
    if (!choice || this.#isLost) return null
    const { signal } = (this.#underWay = new AbortController())
    const isWanted = () => this.isLatest(ticket)
    try {
      const kind = how.tuneAll ? 'trying' : 'preparing'
      this.#state.set({ work: { kind, done: 0, what: 'shell.compiling' } })
      const made = await trainersFor(this.#engine, structuredClone(choice.description), choice.dataset, {
        precision: this.#state.value.precision,
        ...how,
        ...(keeps && { found: (key, taken) => this.#atHand.find(key, choice.dataset, taken) }),
        signal,
        onProgress: (done, what) => {
          if (!isWanted()) return
          const now = kind === 'trying' && this.#search ? kind : 'preparing'
          this.#state.set({ work: { kind: now, done, what: phases[what] ?? 'shell.compiling' } })
        },
      })
      await this.#atHand.swap(made, choice.dataset, {
        isWanted,
        parks: this.#parks,
        running: () => structuredClone(withShown(choice.description, this.#shown ?? 0)),
        begin: (description) => this.#begun({ ...choice, description }),
      })
      if (!isWanted()) return null
      this.#parks = false
      this.#underWay = null
      this.#state.set({ work: noWork, restarts: null })
      void this.showChosen()
      this.incoming.deliver()
      return null
    } catch (error) {
      return this.fail(ticket, error, 'network', goBack)
    }
  }

  /** Shows the network that is chosen of those that train; where it cannot be shown, the one before is chosen again. */
  async showChosen(): Promise<void> {
    try {
      await this.#atHand.showVariant(() => this.#shown)
      const { running } = this.#state.value
      if (this.#trained && running) this.#trained = { ...this.#trained, description: running }
    } catch (error) {
      this.#draft.showVariant(shownOf(this.#state.value.running ?? {}))
      this.tellError(error, 'network')
    }
  }

  /** Prepares the run anew with the fastest of all kernel variants, or of those that were tried until somebody stops it. */
  async tryAllKernels(): Promise<void> {
    this.input()
    this.#state.set({ restarts: null, work: { kind: 'trying', done: 0, what: 'shell.choosing' } })
    const search = (this.#search = new AbortController())
    // What trains meanwhile would be in the times.
    await this.#runner.hold('kernels')
    if (search === this.#search) await this.prepare({ tuneAll: true, tuningSignal: search.signal })
    if (search === this.#search) this.#endSearch()
  }

  stopTrying(): void {
    this.#search?.abort()
    const { work } = this.#state.value
    // The best so far are compiled, unless another input has taken their place.
    if (work.kind === 'trying') this.#state.set({ work: this.#underWay ? { ...work, kind: 'preparing' } : noWork })
  }

  /** What was asked for by a ticket has failed. Returns why, unless nobody asks for it any more; `goBack` brings back what was before. */
  fail(ticket: number, error: unknown, place: Place, goBack = () => {}): Told | null {
    if (!this.isLatest(ticket)) return null
    this.#underWay = null
    if (place !== 'data') this.#draft.refuse()
    this.#state.set({ work: noWork, restarts: null })
    const told = this.tellError(error, place)
    goBack()
    // Into the run that is prepared anew, where going back does so.
    this.incoming.deliver()
    return told
  }

  /** Tells it where it belongs: of data beside them, of a description beside its field, else in `place`. */
  tellError(error: unknown, place: Place): Told {
    const told = toldOf(error)
    // The page tells once that the GPU is gone.
    if (error instanceof DeviceLost || this.#isLost) return told
    if (!(error instanceof InputError)) console.warn(error)
    const own = error instanceof InputError && place !== 'data' ? placeOf(error) : undefined
    this.#state.set({ problem: { place, ...own, told } })
    return told
  }

  get #isLost(): boolean {
    return this.#state.value.phase === 'lost'
  }

  /** Of the networks that train, the one that is chosen. */
  get #shown(): number | undefined {
    const { choice } = this.#draft
    return choice ? shownOf(choice.description) : undefined
  }

  /** The trainer of the k-th network of a choice, where there is one. */
  #found({ dataset, description }: Choice, k: number): Trainer | undefined {
    const key = keysOf(description, this.#state.value.precision)[k]
    return key === undefined ? undefined : this.#atHand.find(key, dataset)
  }

  /** Whether the trainers at hand can take the choice as it is. */
  #isLive({ dataset, description }: Choice): boolean {
    return dataset === this.#trained?.dataset && compiledPart(description) === compiledPart(this.#trained.description)
  }

  #endSearch(): void {
    if (!this.#search) return
    this.stopTrying()
    this.#search = undefined
    this.#runner.goOn('kernels')
  }

  /** What needs no compiling: from the next step on. */
  #applyLive(choice: Choice): void {
    const ticket = this.input()
    try {
      const { description, replanned } = applyLive(this.#atHand.trainers, choice, this.#trained!.description)
      this.#trained = { ...choice, description }
      this.#state.set({ running: description, work: noWork, restarts: null })
      if (replanned) this.#runner.replan()
      void this.showChosen()
      this.incoming.deliver()
    } catch (error) {
      this.fail(ticket, error, 'training')
    }
  }

  /** Another seed draws a small preset's data anew. */
  async #restart({ preset, dataset, description, drawn }: Choice): Promise<void> {
    const { seed } = description.training
    const isDrawn = preset !== null && seed !== drawn && dataset.train.count < 10_000
    if (!isDrawn || refusalOf(description, dataset) !== null) return void (await this.prepare({ keeps: true }))
    const ticket = this.input()
    this.#underWay = new AbortController()
    try {
      const { dataset: redrawn } = await this.#services.loadPreset(preset, seed)
      if (!this.isLatest(ticket)) return
      this.#draft.show({ ...this.#draft.choice!, dataset: redrawn, drawn: seed })
      await this.prepare()
    } catch (error) {
      this.fail(ticket, error, 'training')
    }
  }

  /** A new run is at hand, before its first step. */
  async #begun(choice: Choice): Promise<void> {
    const before = this.#trained
    this.#trained = choice
    setLive(this.#atHand.trainers, choice)
    const { restarts } = this.#state.value
    if (before && restarts !== null && this.#isEdit)
      this.#takeBack = this.tell(message('change.restarted', { what: restarts }), 'done', {
        text: message('network.undo'),
        act: () => this.#goBackTo(before),
      })
    await this.incoming.begin()
  }

  /** Back to what ran before a restart; as undo does it, where that is the edit before. */
  #goBackTo(choice: Choice): void {
    const { edits, worthKeeping } = this.#draft
    const isUndo = same(edits.latest?.description, choice.description)
    if (isUndo) edits.undo(worthKeeping)
    else edits.push(worthKeeping, 'restart')
    this.adopt(choice)
  }
}
