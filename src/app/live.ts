/** Keeps picture and charts up with the run, without taking more than their share of its time. */
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import type { LayerStatistics } from '../inspect/layer-statistics.ts'
import type { Layer } from '../model/types.ts'
import type { Outline } from '../train/outline.ts'
import type { Trainer } from '../train/types.ts'
import type { Insets, View } from '../view/types.ts'
import type { CostCard } from './card-cost.ts'
import type { ComparisonCard } from './chart-comparison.ts'
import type { CurvesCard } from './chart-curves.ts'
import type { HistogramsCard } from './chart-histograms.ts'
import type { NormsCard } from './chart-norms.ts'
import type { PredictionCard } from './chart-prediction.ts'
import { checkedModel, runEvaluates } from './describe.ts'
import { Folds } from './folds.ts'
import { Frames } from './frames.ts'
import type { InspectorCard } from './inspector-card.ts'
import type { Legend } from './legend.ts'
import { legendRows, unknownRows } from './legend-rows.ts'
import { Lane, measurement } from './measurements.ts'
import { layerNames } from './names.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'
import type { Steps } from './state.ts'
import { tuneAfter } from './trainers.ts'
import { tellWaiting } from './waiting.ts'

export interface Parts {
  curves: CurvesCard
  norms: NormsCard
  comparison: ComparisonCard
  histograms: HistogramsCard
  prediction: PredictionCard
  cost: CostCard
  legend: Legend
  inspector: InspectorCard
}

/** How long the picture goes on being drawn after the last thing that moved it, in ms. */
const afterglow = 1500
/** After a touch the picture has the right of way for so long, in ms. */
const attention = 400
/** What the picture waits for is told in words where it takes longer, in ms. */
const patience = 400
const always = () => true

export class Live {
  readonly #session: Session
  readonly #view: View
  readonly #canvas: HTMLCanvasElement
  readonly #services: Services
  readonly #parts: Parts
  readonly #insets: () => Insets
  readonly #lanes: Lane[]
  readonly #folds = new Folds()
  #inspector: Inspector | null = null
  /** The network before there is a trainer for it, and what tells it from another. */
  #outline: Outline | null = null
  #outlined = ''
  /** What is shown changes one after the other: `#changed` resolves when it has. */
  #changed: Promise<void> = Promise.resolve()
  /** Of the picture: while they compile, for seconds on a software adapter, a sketch stands in its place. */
  #pipelines: 'compiling' | 'ready' = 'ready'
  /** Of the statistics, which compile after the run's first picture. */
  #statistics: 'due' | 'compiling' | 'ready' = 'ready'
  #compiled: Promise<void> = Promise.resolve()
  #compilingSince = 0
  #sketched = false
  #curvesStale = true
  #movedAt = 0
  #touchedAt = 0
  #frameUnderWay = false
  #sharp = false
  readonly #frames: Frames
  #heard = { generation: -1, step: -1 }
  /** Grows when what was measured is of another network or of other parameters than those at hand. */
  #revision = 0
  #size = ''

  constructor(session: Session, view: View, canvas: HTMLCanvasElement, services: Services, insets: () => Insets, parts: Parts) {
    this.#insets = insets
    this.#session = session
    this.#frames = new Frames(session.engine.adapter)
    this.#view = view
    this.#canvas = canvas
    this.#services = services
    this.#parts = parts
    const trainerAtHand = () => session.trainer
    const tested = () => session.state.value.dataset?.test !== undefined
    this.#lanes = [
      new Lane(trainerAtHand, [
        measurement(200, 0.4, always, () => this.#readPicture()),
        measurement(
          120,
          0.4,
          () => this.#statistics === 'ready',
          () => this.#readLayers(),
        ),
        measurement(
          250,
          0.3,
          () => parts.comparison.seen,
          () => parts.comparison.measure(),
        ),
      ]),
      // These take the whole test part through the network.
      new Lane(trainerAtHand, [
        measurement(
          250,
          0.25,
          () => parts.prediction.seen && parts.prediction.plane !== null,
          (trainer) => this.#predictPlane(trainer),
        ),
        measurement(
          400,
          0.15,
          () => (tested() && !runEvaluates(session.state.value)) || (parts.prediction.seen && parts.prediction.plane === null),
          (trainer) => this.#evaluate(trainer),
        ),
      ]),
    ]
    session.onSwap((trainer) => this.#change(() => this.#showTrainer(trainer)))
    view.onFold((path) => {
      this.#folds.toggle(path)
      void this.#change(() => {
        if (session.trainer) this.#showTrainer(session.trainer)
        else if (this.#outline) this.#show(this.#outline.observation)
      })
    })
    session.state.watch(
      (state) => state.draft ?? state.loading,
      () => void this.#change(() => this.#showOutline()),
    )
    session.runner.onSteps(() => {
      this.#curvesStale = true
      const { generation } = session
      const { step } = session.state.value.live
      // The same step again: other parameters were loaded.
      if (generation !== this.#heard.generation || step === this.#heard.step) this.#beginAnew()
      this.#heard = { generation, step }
      this.move()
    })
    session.state.watch(
      (state) => state.dataset,
      (dataset) => dataset && parts.prediction.show(dataset),
    )
    session.state.watch(
      (state) => state.playing,
      (playing) => {
        // At the few frames a second of a software adapter a pulse jumps, and costs as much as the edges.
        view.set({ flowing: playing && !session.engine.adapter.software })
        this.move()
      },
    )
    session.state.watch(
      (state) => state.live.stepsPerSecond,
      (rate) => parts.cost.update(rate),
    )
    for (const type of ['pointerdown', 'pointermove', 'wheel', 'keydown'])
      canvas.addEventListener(type, () => this.touch(), { passive: true })
    addEventListener('resize', () => this.move())
  }

  start(): void {
    const frame = () => {
      requestAnimationFrame(frame)
      this.#frame()
    }
    requestAnimationFrame(frame)
  }

  /** Share of the time that drawing may take while a run trains, 0 … 1. */
  set drawingShare(share: number) {
    this.#frames.share = share
  }

  /** Something in the picture moves: it is drawn for a while. */
  move(): void {
    this.#movedAt = performance.now()
  }

  /** A person moves the picture or what stands around it: it has the right of way for a while. */
  touch(): void {
    this.#touchedAt = performance.now()
    this.#sketched = false
    this.move()
  }

  /** All measurements anew, as after a change of what they show. */
  refresh(): void {
    for (const lane of this.#lanes) lane.refresh()
    this.#curvesStale = true
    this.move()
  }

  #beginAnew(): void {
    this.#revision++
    this.#parts.prediction.clear()
    const { state } = this.#session
    state.set({ live: { ...state.value.live, testLoss: null, testAccuracy: null, tested: null } })
    this.refresh()
  }

  #frame(): void {
    const start = performance.now()
    const attentive = start - this.#touchedAt <= attention
    if (!this.#session.beat.strikes(start, !this.#session.state.value.playing || attentive)) return
    if (this.#curvesStale) {
      this.#curvesStale = false
      this.#parts.curves.update(this.#session.state.value)
    }
    const { playing } = this.#session.state.value
    const { trainer } = this.#session
    if (this.#pipelines !== 'ready') return this.#sketch(start)
    if (trainer) for (const lane of this.#lanes) lane.advance(!playing)
    if (!this.#inspector || this.#frameUnderWay) return
    // An outline is drawn once: what it would take goes to the kernels that compile.
    const still = trainer ? start - this.#movedAt > afterglow : !attentive
    if (still && this.#sharp) return
    const kind = playing && !attentive ? 'training' : 'moving'
    if (!still && !this.#frames.due(kind, start)) return
    // What stands still is drawn once more, as sharp as the display.
    this.#sharp = still
    this.#resize(still ? 1 : this.#frames.scale)
    // On a slow adapter frames must not queue up before the training's own work.
    this.#frameUnderWay = true
    const { queue } = this.#session.engine.device
    const choose = kind === 'moving' || still || this.#frames.chooses(start)
    const isOfStep = trainer !== null && this.#hasGradient
    void this.#frames
      .draw(kind, queue, () => this.#view.render({ choose }), !still)
      .then(() => {
        if (trainer === null || trainer !== this.#session.trainer) return
        if (isOfStep) this.#tell('drawn')
        if (isOfStep || !playing) this.#compileStatistics()
      })
      .finally(() => (this.#frameUnderWay = false))
  }

  /** The network in grey, until it can be drawn. */
  #sketch(now: number): void {
    // While a run is prepared, that is told.
    const isTold = this.#session.state.value.preparing === null && now - this.#compilingSince > patience
    tellWaiting(isTold ? 'Compiling the picture' : null)
    if (this.#sketched) return
    this.#sketched = true
    this.#resize(1)
    this.#view.sketch()
    this.#tell('outline')
  }

  /** Without waiting for a frame of the page, which it may not have: a software adapter compiles more as it first draws. */
  #drawOutline(): Promise<unknown> | undefined {
    if (!this.#outline) return undefined
    this.#resize(1)
    this.#view.render()
    this.#sharp = true
    return this.#session.engine.device.queue.onSubmittedWorkDone()
  }

  /** Once the run's picture is there. */
  #compileStatistics(): void {
    const inspector = this.#inspector
    if (this.#statistics !== 'due' || !inspector) return
    this.#statistics = 'compiling'
    const ready = () => {
      if (inspector === this.#inspector) this.#statistics = 'ready'
    }
    void inspector.compile().then(ready, ready)
  }

  /** For whoever drives the page from outside. */
  #tell(picture: 'outline' | 'drawn'): void {
    const { dataset } = document.body
    if (dataset['picture'] === picture) return
    dataset['picture'] = picture
    performance.mark(`picture ${picture}`)
  }

  /** `scale`: share of the display's own pixels, along a side. */
  #resize(scale: number): void {
    const { clientWidth, clientHeight } = this.#canvas
    const ratio = Math.min(devicePixelRatio, 2) * scale
    const insets = this.#insets()
    const size = JSON.stringify([clientWidth, clientHeight, ratio, insets])
    if (size === this.#size) return
    this.#size = size
    this.#sketched = false
    this.#view.resize(clientWidth, clientHeight, ratio)
    this.#view.set({ insets })
  }

  async #readLayers(): Promise<void> {
    if (!this.#inspector) return
    const names = this.#names()
    this.#inspect(this.#inspector, true)
    const statistics: LayerStatistics[] = await this.#inspector.read()
    const hasGradient = this.#hasGradient
    await this.#session.beat.paint(() => {
      this.#parts.norms.update(statistics, names, hasGradient)
      this.#parts.histograms.update(statistics, names, hasGradient)
    })
  }

  #inspect(inspector: Inspector, statistics: boolean): void {
    const { device } = this.#session.engine
    const encoder = device.createCommandEncoder({ label: 'inspect' })
    inspector.update(encoder, { statistics })
    device.queue.submit([encoder.finish()])
    this.#frames.chosen(performance.now())
  }

  #names(): ReadonlyMap<string, string> {
    return layerNames(this.#session.trainer?.model.layers ?? [])
  }

  /** Before the first step nothing was computed: the buffers' zeros say nothing. */
  get #hasGradient(): boolean {
    return (this.#session.trainer?.step ?? 0) > 0
  }

  async #readPicture(): Promise<void> {
    const { legend, inspector } = this.#parts
    // The last frame may be older than the last step.
    if (this.#inspector) this.#inspect(this.#inspector, false)
    // Each read waits for the step under way: all at once, they wait for one, and tell of one.
    const paths = this.#inspector?.pathNorms() ?? []
    const [edges, neurons, norms] = await Promise.all([this.#view.legend(), this.#view.neuronLegend(), paths, inspector.update()])
    const names = this.#names()
    const observation = this.#inspector?.observation ?? { blocks: [], columns: [], containers: [] }
    const rows = legendRows({ edges, neurons, paths: norms }, observation, names)
    await this.#session.beat.paint(() => legend.update(rows, this.#hasGradient))
  }

  /** Measures the trainer and shows what was found, and between which steps; not where it is of parameters that are gone. */
  async #measured<T>(trainer: Trainer, measure: () => Promise<T>, show: (result: T, steps: Steps) => void): Promise<void> {
    const revision = this.#revision
    const first = trainer.step
    const result = await measure()
    const steps = { first, last: trainer.step }
    await this.#session.beat.paint(() => {
      if (trainer === this.#session.trainer && revision === this.#revision) show(result, steps)
    })
  }

  async #predictPlane(trainer: Trainer): Promise<void> {
    const { prediction } = this.#parts
    const { plane } = prediction
    if (!plane) return
    await this.#measured(
      trainer,
      () => trainer.predict(plane.grid),
      (result, steps) => plane === prediction.plane && prediction.showPlane(result, steps),
    )
  }

  /** The numbers and the chart of the test part (or, without one, the chart of the training part) come from the same pass. */
  async #evaluate(trainer: Trainer): Promise<void> {
    const { prediction } = this.#parts
    const part = this.#session.state.value.dataset?.test ? 'test' : 'train'
    await this.#measured(
      trainer,
      () => trainer.evaluate(part, { outputs: prediction.plane === null }),
      (result) => {
        if (result.outputs) prediction.showOutputs(result.outputs, { first: result.step, last: result.step })
        if (part === 'train') return
        this.#session.runner.tested(result)
        this.#curvesStale = true
      },
    )
  }

  /** Resolves when nothing reads or compiles what is shown: a scene whose buffers go while it compiles leaves three without them for good. */
  #idle(): Promise<unknown> {
    return Promise.all([this.#compiled, ...this.#lanes.map((lane) => lane.idle)])
  }

  /** Changes what is shown, once nothing reads or compiles it and the changes before have been made. */
  #change(change: () => void): Promise<void> {
    const changed = this.#changed.then(() => this.#idle()).then(change)
    this.#changed = changed.catch((error: unknown) => console.warn(error))
    return changed
  }

  /** The network that the first run will have, as soon as its shape is known. */
  #showOutline(): void {
    if (this.#session.trainer || (this.#inspector && !this.#outline)) return
    const expected = this.#expected()
    if (!expected) return
    const { network, loss } = expected
    const outlined = JSON.stringify([network.input, network.layers, loss])
    if (outlined === this.#outlined) return
    const outline = this.#services.outline(this.#session.engine.device, network, loss)
    if (!outline) return
    const before = this.#outline
    this.#outline = outline
    this.#show(outline.observation)
    before?.destroy()
    this.#outlined = outlined
    this.#parts.legend.update(this.#unknownRows(network.layers), false)
  }

  #expected(): ReturnType<Services['expectedNetwork']> {
    const { draft, draftDataset, loading } = this.#session.state.value
    if (!draft || !draftDataset) return loading === null ? null : this.#services.expectedNetwork(loading)
    try {
      const { input, layers, loss } = checkedModel(draft, draftDataset.inputShape)
      return { network: { input, layers }, loss }
    } catch {
      return null // The rail tells what is wrong with it.
    }
  }

  #showTrainer(trainer: Trainer): void {
    this.#show(trainer.observation())
    this.#outline?.destroy()
    this.#outline = null
    this.#parts.cost.show(trainer.cost)
    this.#parts.legend.setBatch(this.#inspector!.observation.batch)
    this.#parts.legend.update(this.#unknownRows(trainer.model.layers), false)
    this.#parts.inspector.adopt(this.#inspector!.observation)
  }

  #unknownRows(layers: readonly Layer[]) {
    return unknownRows(this.#inspector!.observation, this.#view.settings.scale, layerNames(layers))
  }

  #show(all: Observation): void {
    const observation = this.#folds.fold(all)
    const { device } = this.#session.engine
    const inspector = this.#services.createInspector(device, observation, {
      edgesPerLayer: this.#frames.edgesPerLayer,
      statisticsOf: all,
    })
    this.#view.show(observation, inspector)
    this.#inspector?.destroy()
    this.#inspector = inspector
    this.#frames.beginAnew()
    this.#sketched = false
    this.#sharp = false
    if (document.body.dataset['picture']) this.#tell('outline')
    this.refresh()
    this.#compile()
  }

  #compile(): void {
    this.#pipelines = 'compiling'
    this.#statistics = 'due'
    const inspector = this.#inspector
    this.#compilingSince = performance.now()
    const ready = () => {
      if (inspector !== this.#inspector) return
      this.#pipelines = 'ready'
      tellWaiting(null)
    }
    // What does not compile is told of where it is used.
    this.#compiled = this.#view.compile().then(ready, ready)
    tuneAfter(this.#compiled.then(() => inspector === this.#inspector && this.#drawOutline()))
  }
}
