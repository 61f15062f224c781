/** The run at hand: prepares a trainer for what the rail says, and swaps in the one that works. The last input wins. */
import type { Dataset } from '../data/types.ts'
import { InputError } from '../errors.ts'
import { completeOptimizer } from '../model/optimizers.ts'
import type { Engine } from '../train/engine.ts'
import type { Precision, Trainer, TrainerOptions } from '../train/types.ts'
import { Beat } from './beat.ts'
import { withShown } from './comparison.ts'
import { createCurves } from './curve.ts'
import { checkedModel, compiledPart, watchedPart, placeOf, refusalOf } from './describe.ts'
import { Edits } from './edits.ts'
import { notice } from './notices.ts'
import { Runner } from './runner.ts'
import type { Services } from './services.ts'
import { createState, type Choice, type Description, type Place } from './state.ts'
import { destroyAll, trainersFor } from './trainers.ts'

/** A pause in typing after which an edit is prepared, in ms. */
const settleTime = 250

type Parameters = Record<string, Float32Array>

export class Session {
  readonly state = createState()
  readonly edits = new Edits()
  readonly curves = createCurves()
  readonly beat: Beat
  readonly runner: Runner
  readonly engine: Engine
  precision: Precision = 'f32'
  readonly #services: Services
  readonly #swapListeners = new Set<(trainer: Trainer, before: Trainer | null) => Promise<void> | void>()
  /** Counts inputs; what was begun for an earlier one is dropped when it is ready. */
  #latest = 0
  /** Of kernel variants, all of them. */
  #search: AbortController | undefined
  #swapping: Promise<void> = Promise.resolve()
  #generation = 0
  #trainers: readonly Trainer[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  /** What the rail says, and whether it was refused. */
  #choice: Choice | null = null
  #refused = false
  /** What a preset said before any edit. */
  #untouched = ''

  constructor(engine: Engine, services: Services) {
    this.engine = engine
    this.#services = services
    this.beat = new Beat(engine.adapter)
    this.runner = new Runner(this.state, this.curves, this.beat)
    void engine.lost.then(() => {
      this.#input()
      this.runner.pause()
      this.state.set({ phase: 'lost', preparing: null })
    })
  }

  /** Grows whenever the run begins anew, so that a result of the run before is known by it. */
  get generation(): number {
    return this.#generation
  }

  get trainer(): Trainer | null {
    return this.runner.trainer
  }

  /** All that train: the one shown, and those that are compared with it. */
  get trainers(): readonly Trainer[] {
    return this.#trainers
  }

  /** Hears of a new trainer before the old one is destroyed. */
  onSwap(listener: (trainer: Trainer, before: Trainer | null) => Promise<void> | void): void {
    this.#swapListeners.add(listener)
  }

  /** A preset as it comes; the one at hand, unless it was edited, goes on as it is. */
  async choosePreset(name: string): Promise<void> {
    const goBack = this.#mark()
    const before = this.#choice
    if (before?.preset === name && this.state.value.loading === null && JSON.stringify(before.description) === this.#untouched) return
    const ticket = this.#input()
    this.state.set({ preset: name, loading: name, preparing: { done: 0, what: `loading ${name}` }, problem: null })
    try {
      const { dataset, description, speed } = await this.#services.loadPreset(name, undefined)
      if (ticket !== this.#latest) return
      if (before) this.edits.push(this.#worthKeeping(), `preset ${name}`)
      this.#untouched = JSON.stringify(description)
      if (before?.preset !== name) this.state.set({ speed })
      this.#show({ preset: name, dataset, drawn: description.training.seed, description: structuredClone(description) })
      await this.#prepare()
    } catch (error) {
      const isLatest = ticket === this.#latest
      this.#fail(ticket, error, 'data')
      if (isLatest) goBack()
    }
  }

  /** Own data. Resolves to the sentence that refuses it, or null when it trains. What is refused changes and cancels nothing. */
  useData(dataset: Dataset, description: Description): Promise<string | null> {
    return this.#use({ preset: null, dataset, drawn: description.training.seed, description }, 'own data')
  }

  /** A model file's network and training on the data at hand; answers as `useData` does. */
  async useModel(asked: Description, parameters?: Parameters): Promise<string | null> {
    if (!this.#choice) return 'There is no data yet to fit a model to.'
    const description = structuredClone(asked)
    const { training } = description
    const { count } = this.#choice.dataset.train
    if (training.batchSize > count) {
      notice(`The model file's batch size of ${training.batchSize} became ${count}: there are no more training samples.`)
      training.batchSize = count
    }
    return this.#use({ ...this.#choice, drawn: training.seed, description }, 'model file', parameters)
  }

  /** Parameters for the network at hand; the run goes on with them from where it is. */
  async loadParameters(parameters: Parameters): Promise<void> {
    const { trainer } = this
    if (!trainer) return
    await this.runner.stop()
    await trainer.load(parameters)
    this.runner.notifySteps()
    this.runner.goOn()
  }

  /** Whether data are on their way, of which a run will be made then. */
  #isLoading(): boolean {
    return this.state.value.loading !== null
  }

  /** An edit in the rail; prepared when typing rests. `field` groups keystrokes into one undo. */
  edit(change: (description: Description) => void, field: string): void {
    const before = this.#choice
    if (!before || this.#isLoading()) return
    const description = structuredClone(before.description)
    change(description)
    if (JSON.stringify(description) === JSON.stringify(before.description)) return
    this.edits.push(this.#worthKeeping(), field)
    this.#adopt({ ...before, description })
  }

  /** Of networks that are compared, another to edit and show. The run goes on, unless the rail is ahead of it. */
  async showVariant(index: number): Promise<void> {
    const choice = this.#choice
    const { comparison } = choice?.description ?? {}
    if (!choice || !comparison?.variants[index] || index === comparison.shown || this.#isLoading()) return
    const description = withShown(choice.description, index)
    const { running, preparing, dataset } = this.state.value
    const isSettled = preparing === null && dataset === choice.dataset && JSON.stringify(running) === JSON.stringify(choice.description)
    if (!isSettled) return this.edit((draft) => Object.assign(draft, withShown(draft, index)), 'shown')
    this.#choice = { ...choice, description }
    this.state.set({ draft: description })
    const trainers = this.#trainers
    const shown = this.#swapping.then(async () => {
      if (trainers !== this.#trainers) return
      const before = await this.runner.release()
      const trainer = trainers[index]!
      for (const listener of this.#swapListeners) await listener(trainer, before)
      this.runner.take(trainer, trainers)
      this.#generation++
      this.state.set({ running: structuredClone(description) })
      this.runner.retell()
      this.runner.goOn()
    })
    this.#swapping = shown.catch(() => {})
    await shown
  }

  undo(): void {
    const before = this.edits.undo(this.#worthKeeping())
    if (before) this.#adopt(before)
  }

  redo(): void {
    const after = this.edits.redo(this.#worthKeeping())
    if (after) this.#adopt(after)
  }

  /** Prepares the run at hand anew with the fastest of all kernel variants, or of those that were tried until somebody stops it. */
  async tryAllKernels(): Promise<void> {
    if (this.#isLoading()) return
    this.stopTrying()
    const search = (this.#search = new AbortController())
    this.state.set({ trying: true })
    // What trains meanwhile would be in the times.
    await this.runner.stop()
    await this.#prepare({ tuneAll: true, tuningSignal: search.signal })
    this.runner.goOn() // where another input came between, or nothing could be prepared
    if (search === this.#search) this.state.set({ trying: false })
  }

  stopTrying(): void {
    this.#search?.abort()
    this.state.set({ trying: false })
  }

  /** How matrix products read their operands from the next run on, which begins at once. */
  async setPrecision(precision: Precision): Promise<void> {
    this.precision = precision
    if (!this.#isLoading()) await this.#prepare()
  }

  async reset(): Promise<void> {
    const { trainer } = this
    if (!trainer) return
    await this.runner.stop()
    await Promise.all(this.#trainers.map((own) => own.reset()))
    this.#begin()
  }

  problem(place: Place, message: string): void {
    this.state.set({ problem: { place, message } })
  }

  #input(): number {
    clearTimeout(this.#timer)
    return ++this.#latest
  }

  /** What the rail says, unless it is or will be refused. */
  #worthKeeping(): Choice | null {
    const choice = this.#choice
    return choice && !this.#refused && refusalOf(choice.description, choice.dataset) === null ? choice : null
  }

  #show(choice: Choice | null): void {
    this.#choice = choice
    this.#refused = false
    const { preset = null, dataset = null, description = null } = choice ?? {}
    this.state.set({ preset, draft: description, draftDataset: dataset, loading: null })
  }

  #adopt(choice: Choice): void {
    this.#input()
    this.#show(choice)
    this.#timer = setTimeout(() => void this.#apply(), settleTime)
  }

  async #use(choice: Choice, field: string, parameters?: Parameters): Promise<string | null> {
    const unfit = refusalOf(choice.description, choice.dataset)
    if (unfit !== null) return unfit
    const goBack = this.#mark()
    this.edits.push(this.#worthKeeping(), field)
    this.#input()
    this.state.set({ problem: null })
    this.#show(choice)
    const refused = await this.#prepare(parameters && { parameters })
    if (refused !== null && choice === this.#choice) goBack()
    return refused
  }

  /** What brings the rail back to what it says now, and the run to that where it was on its way, or its refusal. */
  #mark(): () => void {
    const [choice, wasRefused, { problem }, undo] = [this.#choice, this.#refused, this.state.value, this.edits.mark()]
    return () => {
      const { problem: told, running, dataset } = this.state.value
      undo()
      this.#show(choice)
      this.#refused = wasRefused
      this.state.set({ problem: told?.place === 'data' ? told : wasRefused ? problem : null })
      const isAhead = choice && (choice.dataset !== dataset || JSON.stringify(choice.description) !== JSON.stringify(running))
      if (isAhead && !wasRefused) void this.#prepare()
    }
  }

  /** Brings the run to what the rail says: at once where the trainer can take it, else by another trainer. */
  async #apply(): Promise<void> {
    const { running, dataset: trained } = this.state.value
    const choice = this.#choice
    if (!choice) return
    const { preset, dataset, description } = choice
    this.state.set({ problem: null })
    if (running && dataset === trained && compiledPart(description) === compiledPart(running)) return this.#applyLive(choice)
    const { seed } = description.training
    if (preset === null || seed === choice.drawn || dataset.train.count >= 10_000) return void (await this.#prepare())
    const ticket = this.#input()
    try {
      checkedModel(description, dataset.inputShape)
      const { dataset: redrawn } = await this.#services.loadPreset(preset, seed)
      if (ticket !== this.#latest) return
      this.#show({ ...choice, dataset: redrawn, drawn: seed })
      await this.#prepare()
    } catch (error) {
      this.#fail(ticket, error, 'training')
    }
  }

  /** What needs no compiling: from the next step on. */
  #applyLive({ description, dataset }: Choice): void {
    const ticket = this.#input()
    try {
      const { optimizer, schedule, warmup = 0, clipNorm } = checkedModel(description, dataset.inputShape)
      const replanned = watchedPart(description) !== watchedPart(this.state.value.running ?? description)
      const { perturbation } = description
      for (const trainer of this.#trainers)
        trainer.set({ ...completeOptimizer(optimizer), schedule: schedule ?? null, warmup, clipNorm: clipNorm ?? null, perturbation })
      this.state.set({ running: structuredClone(description), preparing: null })
      if (replanned) this.runner.replan()
    } catch (error) {
      this.#fail(ticket, error, 'training')
    }
  }

  async #prepare(how: Pick<TrainerOptions, 'parameters' | 'tuneAll' | 'tuningSignal'> = {}): Promise<string | null> {
    if (!how.tuneAll) this.stopTrying()
    const ticket = this.#input()
    const choice = this.#choice
    if (!choice) return null
    const { dataset, description } = choice
    const running = structuredClone(description)
    try {
      this.state.set({ preparing: { done: 0, what: 'compiling kernels' } })
      const trainers = await trainersFor(this.engine, running, dataset, {
        precision: this.precision,
        ...how,
        onProgress: (done, what) => {
          if (ticket === this.#latest) this.state.set({ preparing: { done, what } })
        },
      })
      const swapped = this.#swapping.then(() => (ticket === this.#latest ? this.#swap(trainers, dataset, running) : destroyAll(trainers)))
      this.#swapping = swapped.catch(() => {})
      await swapped
      if (ticket === this.#latest) this.state.set({ preparing: null })
      return null
    } catch (error) {
      return this.#fail(ticket, error, 'network')
    }
  }

  async #swap(trainers: readonly Trainer[], dataset: Dataset, running: Description): Promise<void> {
    // Nothing is measured or drawn while they change.
    const before = await this.runner.release()
    const trainer = trainers[running.comparison?.shown ?? 0]!
    try {
      for (const listener of this.#swapListeners) await listener(trainer, before)
    } catch (error) {
      destroyAll(trainers)
      if (before) this.runner.take(before, this.#trainers)
      throw error
    }
    destroyAll(this.#trainers)
    this.#trainers = trainers
    this.runner.take(trainer, trainers)
    this.state.set({ phase: 'ready', dataset, running })
    this.#begin()
  }

  /** A run at step 0. */
  #begin(): void {
    this.#generation++
    this.runner.forget()
    this.runner.goOn()
  }

  #fail(ticket: number, error: unknown, place: Place): string | null {
    if (ticket !== this.#latest) return null
    const message = error instanceof Error ? error.message : String(error)
    if (!(error instanceof InputError)) console.warn(error)
    const layers = this.#choice?.description.layers ?? []
    const problem = error instanceof InputError && place !== 'data' ? placeOf(message, { layers }) : { place, message }
    this.#refused = place !== 'data'
    this.state.set({ problem, preparing: null })
    return problem.message
  }
}
