/** Keeps picture and charts up with the run, without taking more than their share of its time. */
import type { Inspector } from '../inspect/inspector.ts'
import type { LayerStatistics } from '../inspect/layer-statistics.ts'
import type { Trainer } from '../train/types.ts'
import type { Insets, View } from '../view/types.ts'
import type { CostCard } from './card-cost.ts'
import type { ComparisonCard } from './chart-comparison.ts'
import type { CurvesCard } from './chart-curves.ts'
import type { HistogramsCard } from './chart-histograms.ts'
import type { NormsCard } from './chart-norms.ts'
import type { PredictionCard } from './chart-prediction.ts'
import { runEvaluates } from './describe.ts'
import { Folds } from './folds.ts'
import { Frames } from './frames.ts'
import type { InspectorCard } from './inspector-card.ts'
import type { Legend } from './legend.ts'
import { legendRows, unknownRows } from './legend-rows.ts'
import { Lane, measurement } from './measurements.ts'
import { calm } from './motion.ts'
import { layerNames } from './names.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'
import type { Steps } from './state.ts'

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
  /** Of picture and measurements. They compile after a run's first step, beside the next ones: for seconds on a software adapter. */
  #pipelines: 'due' | 'compiling' | 'ready' = 'ready'
  #compiled: Promise<void> = Promise.resolve()
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
        measurement(120, 0.4, always, () => this.#readLayers()),
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
    session.onSwap((trainer) => this.#swap(trainer))
    view.onFold((path) => {
      this.#folds.toggle(path)
      void this.#idle().then(() => session.trainer && this.#show(session.trainer))
    })
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
        view.set({ flowing: playing && !session.engine.adapter.software && !calm() })
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
    const { playing, live } = this.#session.state.value
    if (this.#pipelines === 'due' && (!playing || live.step > 0)) this.#compile()
    if (this.#pipelines !== 'ready') return
    for (const lane of this.#lanes) lane.advance(!playing)
    if (!this.#session.trainer || this.#frameUnderWay) return
    const still = start - this.#movedAt > afterglow
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
    void this.#frames.draw(kind, queue, () => this.#view.render({ choose }), !still).finally(() => (this.#frameUnderWay = false))
  }

  /** `scale`: share of the display's own pixels, along a side. */
  #resize(scale: number): void {
    const { clientWidth, clientHeight } = this.#canvas
    const ratio = Math.min(devicePixelRatio, 2) * scale
    const insets = this.#insets()
    const size = JSON.stringify([clientWidth, clientHeight, ratio, insets])
    if (size === this.#size) return
    this.#size = size
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

  async #swap(trainer: Trainer): Promise<void> {
    await this.#idle()
    this.#show(trainer)
  }

  #show(trainer: Trainer): void {
    const all = trainer.observation()
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
    this.#parts.cost.show(trainer.cost)
    this.#parts.legend.setBatch(observation.batch)
    // As tall as it will be, before the picture is fitted beside it.
    this.#parts.legend.update(unknownRows(observation, this.#view.settings.scale, layerNames(trainer.model.layers)), false)
    this.#parts.inspector.adopt(observation, trainer.model.layers)
    this.#resize(this.#frames.scale)
    this.refresh()
    this.#pipelines = 'due'
  }

  #compile(): void {
    this.#pipelines = 'compiling'
    const inspector = this.#inspector
    const ready = () => {
      if (inspector === this.#inspector) this.#pipelines = 'ready'
    }
    // What does not compile is told of where it is used.
    this.#compiled = this.#view.compile().then(ready, ready)
  }
}
