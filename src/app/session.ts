/** The run at hand: prepares trainers from what the rail says, swaps in the one that works, and runs it. */
import type { Dataset } from '../data/types.ts'
import { InputError } from '../errors.ts'
import { checkModelFitsData } from '../model/validate.ts'
import type { Engine } from '../train/engine.ts'
import type { Trainer } from '../train/types.ts'
import { createCurves } from './curve.ts'
import { checkedModel, compiledPart, placeOf, refusalOf } from './describe.ts'
import type { Services } from './services.ts'
import { createEdits, createState, idle, type Description, type Place } from './state.ts'

/** A pause in typing after which an edit is prepared, in ms. */
const settleTime = 250

type Parameters = Record<string, Float32Array>

export class Session {
  readonly state = createState()
  readonly edits = createEdits()
  readonly curves = createCurves()
  readonly engine: Engine
  readonly #services: Services
  #trainer: Trainer | null = null
  #swapListeners = new Set<(trainer: Trainer, before: Trainer | null) => Promise<void> | void>()
  #stepListeners = new Set<() => void>()
  #latest = 0
  #generation = 0
  #wantsPlay = true
  #loop: Promise<void> = Promise.resolve()
  #again = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(engine: Engine, services: Services) {
    this.engine = engine
    this.#services = services
    void engine.lost.then(() => {
      this.#latest++
      this.pause()
      this.state.set({ phase: 'lost', preparing: null })
    })
  }

  /** Grows whenever the run begins anew, so that a result of the run before is known by it. */
  get generation(): number {
    return this.#generation
  }

  get trainer(): Trainer | null {
    return this.#trainer
  }

  /** Hears of a new trainer before the old one is destroyed. */
  onSwap(listener: (trainer: Trainer, before: Trainer | null) => Promise<void> | void): void {
    this.#swapListeners.add(listener)
  }

  /** Hears whenever steps were done, or the run went back to step 0. */
  onSteps(listener: () => void): void {
    this.#stepListeners.add(listener)
  }

  async choosePreset(name: string, seed?: number): Promise<void> {
    const ticket = ++this.#latest
    this.state.set({ preparing: { done: 0, what: `loading ${name}` }, problem: null })
    try {
      const { dataset, description, speed } = await this.#services.loadPreset(name, seed)
      if (ticket !== this.#latest) return
      if (seed === undefined) this.edits.clear()
      const keepSpeed = seed !== undefined || this.state.value.preset === name
      await this.#prepare(dataset, description, { preset: name, ...(keepSpeed ? {} : { speed }) })
    } catch (error) {
      this.#fail(ticket, error, 'data')
    }
  }

  /** Own data. Resolves to the sentence that refuses it, or null when it trains. What is refused cancels nothing that is being prepared. */
  async useData(dataset: Dataset, description: Description): Promise<string | null> {
    const unfit = refusalOf(description, dataset)
    if (unfit !== null) return unfit
    this.state.set({ problem: null })
    const refused = await this.#prepare(dataset, description, { preset: null })
    if (refused === null) this.edits.clear()
    return refused
  }

  /** A model file's network and training on the data at hand; answers as `useData` does. */
  async useModel(description: Description, parameters?: Parameters): Promise<string | null> {
    const { dataset, draft } = this.state.value
    if (!dataset) return 'There is no data yet to fit a model to.'
    const unfit = refusalOf(description, dataset)
    if (unfit !== null) return unfit
    if (draft) this.edits.push(draft, 'model file')
    this.state.set({ problem: null })
    return this.#prepare(dataset, description, {}, parameters)
  }

  /** Parameters for the network at hand; the run goes on with them from where it is. */
  async loadParameters(parameters: Parameters): Promise<void> {
    const trainer = this.#trainer
    if (!trainer) return
    await this.#stopLoop()
    await trainer.load(parameters)
    this.#notifySteps()
    this.#goOn()
  }

  /** An edit in the rail; prepared when typing rests. `field` groups keystrokes into one undo. */
  edit(change: (description: Description) => void, field: string): void {
    const { draft } = this.state.value
    if (!draft) return
    const next = structuredClone(draft)
    change(next)
    if (JSON.stringify(next) === JSON.stringify(draft)) return
    this.edits.push(draft, field)
    this.#adopt(next)
  }

  undo(): void {
    const { draft } = this.state.value
    const before = draft && this.edits.undo(draft)
    if (before) this.#adopt(before)
  }

  redo(): void {
    const { draft } = this.state.value
    const after = draft && this.edits.redo(draft)
    if (after) this.#adopt(after)
  }

  play(): void {
    this.#wantsPlay = true
    this.#start()
  }

  pause(): void {
    this.#wantsPlay = false
    this.#trainer?.pause()
  }

  setSpeed(speed: number | null): void {
    if (speed === this.state.value.speed) return
    this.state.set({ speed })
    if (!this.state.value.playing) return
    this.#again = true
    this.#trainer?.pause()
  }

  /** One step, then paused. */
  async step(): Promise<void> {
    const trainer = this.#trainer
    if (!trainer) return
    this.#wantsPlay = false
    await this.#stopLoop()
    if (trainer !== this.#trainer) return
    this.#loop = this.#run(trainer, 1)
    await this.#loop
  }

  async reset(): Promise<void> {
    const trainer = this.#trainer
    if (!trainer) return
    await this.#stopLoop()
    await trainer.reset()
    this.#forget()
    this.#notifySteps()
    this.#goOn()
  }

  problem(place: Place, message: string): void {
    this.state.set({ problem: { place, message } })
  }

  #adopt(draft: Description): void {
    this.state.set({ draft })
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#applyDraft(), settleTime)
  }

  async #applyDraft(): Promise<void> {
    const { draft, running, dataset, preset } = this.state.value
    if (!draft || !dataset || !running) return
    this.state.set({ problem: null })
    if (compiledPart(draft) === compiledPart(running)) return this.#applyLive(draft, dataset)
    const seedChanged = draft.training.seed !== running.training.seed
    const drawn = preset !== null && dataset.train.count < 10_000
    if (!seedChanged || !drawn) return void (await this.#prepare(dataset, draft, {}))
    const ticket = ++this.#latest
    try {
      checkedModel(draft, dataset.inputShape)
      const { dataset: redrawn } = await this.#services.loadPreset(preset, draft.training.seed)
      if (ticket === this.#latest) await this.#prepare(redrawn, draft, {})
    } catch (error) {
      this.#fail(ticket, error, 'training')
    }
  }

  /** What needs no compiling: from the next step on. */
  #applyLive(draft: Description, dataset: Dataset): void {
    const ticket = ++this.#latest
    try {
      const { optimizer, schedule, clipNorm } = checkedModel(draft, dataset.inputShape)
      const limit = draft.epochs !== this.state.value.running?.epochs
      this.#trainer?.set({ ...optimizer, schedule: schedule ?? null, clipNorm: clipNorm ?? null, perturbation: draft.perturbation })
      this.state.set({ running: structuredClone(draft), preparing: null })
      if (!limit) return
      if (this.state.value.playing) {
        this.#again = true
        this.#trainer?.pause()
      } else this.#goOn()
    } catch (error) {
      this.#fail(ticket, error, 'training')
    }
  }

  async #prepare(
    dataset: Dataset,
    description: Description,
    change: { preset?: string | null; speed?: number | null },
    parameters?: Parameters,
  ): Promise<string | null> {
    const ticket = ++this.#latest
    const draft = structuredClone(description)
    try {
      const checked = checkedModel(draft, dataset.inputShape)
      checkModelFitsData(checked, dataset)
      this.state.set({ preparing: { done: 0, what: 'compiling kernels' } })
      const { format, input: shape, layers, ...training } = checked
      const trainer = await this.engine.trainer({ input: shape, layers }, dataset, {
        ...training,
        perturbation: draft.perturbation,
        shuffle: draft.shuffle,
        ...(parameters && { parameters }),
        onProgress: (done, what) => {
          if (ticket === this.#latest) this.state.set({ preparing: { done, what } })
        },
      })
      await this.#stopLoop()
      if (ticket !== this.#latest) {
        trainer.destroy()
        return null
      }
      await this.#swap(trainer)
      this.state.set({ ...change, phase: 'ready', dataset, draft, running: structuredClone(draft), preparing: null })
      this.#forget()
      this.#notifySteps()
      this.#goOn()
      return null
    } catch (error) {
      return this.#fail(ticket, error, 'network')
    }
  }

  async #swap(trainer: Trainer): Promise<void> {
    const before = this.#trainer
    // Nothing is measured or drawn while they change.
    this.#trainer = null
    for (const listener of this.#swapListeners) await listener(trainer, before)
    this.#trainer = trainer
    before?.destroy()
  }

  #fail(ticket: number, error: unknown, place: Place): string | null {
    if (ticket !== this.#latest) return null
    const message = error instanceof Error ? error.message : String(error)
    if (!(error instanceof InputError)) console.warn(error)
    const problem =
      error instanceof InputError && place !== 'data' ? placeOf(message, this.state.value.draft ?? { layers: [] }) : { place, message }
    this.state.set({ problem, preparing: null })
    return problem.message
  }

  #goOn(): void {
    if (this.#wantsPlay) this.#start()
  }

  #start(): void {
    const trainer = this.#trainer
    if (!trainer || this.state.value.playing) return
    this.#loop = this.#run(trainer, this.#remaining(trainer))
  }

  /** Steps until the epochs are done; once they are, as many again. */
  #remaining(trainer: Trainer): number | undefined {
    const epochs = this.state.value.running?.epochs
    if (!epochs) return undefined
    const planned = Math.max(1, Math.round(epochs * trainer.stepsPerEpoch))
    return planned - (trainer.step % planned)
  }

  async #run(trainer: Trainer, steps: number | undefined): Promise<void> {
    const { speed } = this.state.value
    this.state.set({ playing: true })
    try {
      for await (const progress of trainer.run({
        ...(steps && { steps }),
        ...(speed !== null && steps !== 1 && { stepsPerSecond: speed }),
      })) {
        if (trainer !== this.#trainer) break
        const first = progress.step - progress.losses.length + 1
        progress.losses.forEach((loss, i) => this.curves.trainLoss.push(first + i, loss))
        if (progress.accuracy !== null) this.curves.trainAccuracy.push(progress.step, progress.accuracy)
        const { step, epoch, loss, accuracy, stepsPerSecond } = progress
        this.state.set({ live: { ...this.state.value.live, step, epoch, loss, accuracy, stepsPerSecond } })
        this.#notifySteps()
      }
    } catch (error) {
      this.#wantsPlay = false
      this.state.set({ problem: { place: 'training', message: error instanceof Error ? error.message : String(error) } })
    } finally {
      this.state.set({ playing: false })
    }
    if (!this.#again || trainer !== this.#trainer) return
    this.#again = false
    this.#goOn()
  }

  async #stopLoop(): Promise<void> {
    this.#again = false
    this.#trainer?.pause()
    await this.#loop
  }

  #forget(): void {
    this.#generation++
    for (const curve of Object.values(this.curves)) curve.clear()
    this.state.set({ live: idle })
  }

  #notifySteps(): void {
    for (const listener of this.#stepListeners) listener()
  }
}
