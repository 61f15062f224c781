/** Keeps picture and charts up with the run, without taking more than their share of its time. */
import type { Observation } from '../../graph/observation.ts'
import type { Inspector } from '../../inspect/inspector.ts'
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import type { Layer } from '../../model/types.ts'
import type { Outline } from '../../train/outline.ts'
import type { Trainer } from '../../train/types.ts'
import type { Insets, View } from '../../view/types.ts'
import type { CostCard } from '../charts/cost.ts'
import type { ComparisonCard } from '../charts/comparison.ts'
import type { CurvesCard } from '../charts/curves.ts'
import type { HistogramsCard } from '../charts/histograms.ts'
import type { NormsCard } from '../charts/norms.ts'
import type { PredictionCard } from '../charts/prediction.ts'
import { hasArrived } from '../run/arrivals.ts'
import { checkedModel, runEvaluates } from '../run/describe.ts'
import type { InspectorCard } from '../stage/inspector-card.tsx'
import type { Legend } from '../stage/legend.tsx'
import { legendRows, unknownRows } from '../stage/legend-rows.ts'
import { Lane, measurement } from '../pacing/lanes.ts'
import { calm } from '../ui/motion.ts'
import { layerNames } from '../words/layer-names.ts'
import { notice } from '../ui/notices.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'
import { Stage } from '../stage/stage.ts'
import type { Steps } from '../run/state.ts'

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

const always = () => true

export class Live {
  readonly #session: Session
  readonly #view: View
  readonly #services: Services
  readonly #parts: Parts
  /** Reads buffers that go when something else is shown. */
  readonly #reading: Lane
  readonly #lanes: readonly Lane[]
  readonly #stage: Stage
  /** The network before there is a trainer for it, and what tells it from another. */
  #outline: Outline | null = null
  #outlined = ''
  /** What is shown changes one after the other: `#changed` resolves when it has. */
  #changed: Promise<void> = Promise.resolve()
  #curvesStale = true
  /** The runner's generation. */
  #heard = 0
  /** Grows when what was measured is of another network or of other parameters than those at hand. */
  #revision = 0

  constructor(session: Session, view: View, canvas: HTMLCanvasElement, services: Services, insets: () => Insets, parts: Parts) {
    this.#session = session
    this.#stage = new Stage(session, view, canvas, services, insets)
    this.#view = view
    this.#services = services
    this.#parts = parts
    const trainerAtHand = () => session.trainer
    const mayEvaluate = () => {
      const { dataset } = session.state.value
      if (!dataset || !hasArrived(dataset.test ?? dataset.train)) return false
      return (
        (dataset.test !== undefined && !runEvaluates(session.state.value)) || (parts.prediction.seen && parts.prediction.plane === null)
      )
    }
    this.#reading = new Lane(trainerAtHand, [
      measurement(200, 0.4, always, () => this.#readPicture()),
      measurement(
        120,
        0.4,
        () => this.#stage.hasStatistics,
        () => this.#readLayers(),
      ),
      measurement(
        250,
        0.3,
        () => parts.comparison.seen,
        () => parts.comparison.measure(),
      ),
    ])
    // These take samples through the network, perhaps the whole test part; a trainer that goes ends them.
    const evaluating = new Lane(trainerAtHand, [
      measurement(
        250,
        0.25,
        () => parts.prediction.seen && parts.prediction.plane !== null,
        (trainer) => this.#predictPlane(trainer),
      ),
      measurement(400, 0.15, mayEvaluate, (trainer) => this.#evaluate(trainer)),
    ])
    this.#lanes = [this.#reading, evaluating]
    session.onSwap((trainer) => this.#change(() => this.#showTrainer(trainer)))
    view.onToggle((path) => {
      this.#stage.groups.toggle(path)
      this.#showAgain().catch((error: unknown) => {
        this.#stage.groups.toggle(path)
        notice(`The group could not be shown: ${error instanceof Error ? error.message : String(error)}`)
      })
    })
    session.state.watch(
      (state) => state.draft ?? state.loading,
      () => void this.#change(() => this.#showOutline()),
    )
    session.runner.onSteps(() => {
      this.#curvesStale = true
      const { generation } = session.runner
      if (generation !== this.#heard) this.#beginAnew()
      this.#heard = generation
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
    this.#stage.frames.share = share
  }

  /** The strongest edges drawn between two layers. */
  set edgesPerLayer(count: number) {
    this.#stage.frames.edgesPerLayer = count
    this.#showAgain().catch((error: unknown) => console.warn(error))
  }

  /** Something in the picture moves: it is drawn for a while. */
  move(): void {
    this.#stage.move()
  }

  /** A person moves the picture or what stands around it: it has the right of way for a while. */
  touch(): void {
    this.#stage.touch()
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
    this.#stage.beginAnew()
    const { state } = this.#session
    state.set({ live: { ...state.value.live, testLoss: null, testAccuracy: null, tested: null } })
    this.refresh()
  }

  #frame(): void {
    const start = performance.now()
    const { playing } = this.#session.state.value
    if (!this.#session.beat.strikes(start, !playing || this.#stage.isAttentive(start))) return
    if (this.#curvesStale) {
      this.#curvesStale = false
      this.#parts.curves.update(this.#session.state.value)
    }
    if (this.#stage.isReady) for (const lane of this.#lanes) lane.advance(!playing)
    this.#stage.frame(start)
  }

  async #readLayers(): Promise<void> {
    const { inspector } = this.#stage
    if (!inspector) return
    const names = this.#names()
    this.#stage.inspect(inspector, true)
    const statistics: LayerStatistics[] = await inspector.read()
    const hasGradient = this.#hasGradient
    await this.#session.beat.paint(() => {
      this.#parts.norms.update(statistics, names, hasGradient)
      this.#parts.histograms.update(statistics, names, hasGradient)
    })
  }

  #names(): ReadonlyMap<string, string> {
    return layerNames(this.#session.trainer?.model.layers ?? [])
  }

  /** Before the first step nothing was computed: the buffers' zeros say nothing. */
  get #hasGradient(): boolean {
    return (this.#session.trainer?.step ?? 0) > 0
  }

  async #readPicture(): Promise<void> {
    const { legend, inspector: card } = this.#parts
    const { inspector } = this.#stage
    // The last frame may be older than the last step.
    if (inspector) this.#stage.inspect(inspector, false)
    // Each read waits for the step under way: all at once, they wait for one, and tell of one.
    const paths = inspector?.pathNorms() ?? []
    const [edges, neurons, norms] = await Promise.all([this.#view.legend(), this.#view.neuronLegend(), paths, card.update()])
    const names = this.#names()
    const observation = inspector?.observation ?? { blocks: [], columns: [], containers: [] }
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
    return Promise.all([this.#stage.compiled, this.#reading.idle])
  }

  /** Changes what is shown, once nothing reads or compiles it and the changes before have been made. */
  #change(change: () => void): Promise<void> {
    const changed = this.#changed.then(() => this.#idle()).then(change)
    this.#changed = changed.catch((error: unknown) => console.warn(error))
    return changed
  }

  /** The same network, collapsed or drawn in another way. */
  #showAgain(): Promise<void> {
    return this.#change(() => {
      if (this.#session.trainer) this.#showTrainer(this.#session.trainer)
      else if (this.#outline) this.#show(this.#outline.observation)
    })
  }

  /** The network that the first run will have, as soon as its shape is known. */
  #showOutline(): void {
    if (this.#session.trainer || (this.#stage.inspector && !this.#outline)) return
    const expected = this.#expected()
    if (!expected) return
    const { network, loss } = expected
    const outlined = JSON.stringify([network.input, network.layers, loss])
    if (outlined === this.#outlined) return
    const outline = this.#services.outline(this.#session.engine.device, network, loss)
    if (!outline) return
    const { observation } = this.#show(outline.observation)
    this.#outline?.destroy()
    this.#outline = outline
    this.#outlined = outlined
    this.#parts.legend.update(this.#unknownRows(observation, network.layers), false)
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
    const { observation } = this.#show(trainer.observation())
    this.#outline?.destroy()
    this.#outline = null
    this.#parts.cost.show(trainer.cost)
    this.#parts.legend.setBatch(observation.batch)
    // As tall as it will be, before the picture is fitted beside it.
    this.#parts.legend.update(this.#unknownRows(observation, trainer.model.layers), false)
    this.#parts.inspector.adopt(observation, trainer.model.layers)
  }

  #unknownRows(observation: Observation, layers: readonly Layer[]) {
    return unknownRows(observation, this.#view.settings.scale, layerNames(layers))
  }

  #show(all: Observation): Inspector {
    const inspector = this.#stage.show(all)
    this.refresh()
    return inspector
  }
}
