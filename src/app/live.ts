/** Keeps picture and charts up with the run, without taking more than their share of its time. */
import type { Inspector } from '../inspect/inspector.ts'
import type { LayerStatistics } from '../inspect/layer-statistics.ts'
import type { Trainer } from '../train/types.ts'
import type { Insets, View } from '../view/types.ts'
import type { CostCard } from './card-cost.ts'
import type { CurvesCard } from './chart-curves.ts'
import type { HistogramsCard } from './chart-histograms.ts'
import type { NormsCard } from './chart-norms.ts'
import type { PredictionCard } from './chart-prediction.ts'
import { byId } from './dom.ts'
import type { InspectorCard } from './inspector-card.ts'
import type { Legend } from './legend.ts'
import { Pace } from './pace.ts'
import { layerNames } from './names.ts'
import type { Services } from './services.ts'
import type { Session } from './session.ts'

export interface Parts {
  curves: CurvesCard
  norms: NormsCard
  histograms: HistogramsCard
  prediction: PredictionCard
  cost: CostCard
  legend: Legend
  inspector: InspectorCard
}

/** How long the picture goes on being drawn after the last thing that moved it, in ms. */
const afterglow = 1500

/** A measurement that is due when steps were done since its last, its pace allows, and it would be seen. */
interface Measurement {
  pace: Pace
  step: number
  wanted(): boolean
  run(trainer: Trainer): Promise<void>
}

export class Live {
  readonly #session: Session
  readonly #view: View
  readonly #canvas: HTMLCanvasElement
  readonly #services: Services
  readonly #parts: Parts
  readonly #insets: () => Insets
  readonly #measurements: Measurement[]
  #inspector: Inspector | null = null
  #measuring: Promise<void> = Promise.resolve()
  #busy = false
  #curvesStale = true
  #movedAt = 0
  #frameUnderWay = false
  #size = ''

  constructor(session: Session, view: View, canvas: HTMLCanvasElement, services: Services, insets: () => Insets, parts: Parts) {
    this.#insets = insets
    this.#session = session
    this.#view = view
    this.#canvas = canvas
    this.#services = services
    this.#parts = parts
    const measurement = (interval: number, share: number, wanted: () => boolean, run: Measurement['run']): Measurement => ({
      pace: new Pace(interval, share),
      step: -1,
      wanted,
      run,
    })
    this.#measurements = [
      measurement(120, 0.15, () => true, () => this.#readLayers()),
      measurement(250, 0.1, () => parts.prediction.seen, (trainer) => parts.prediction.update(trainer)),
      measurement(400, 0.1, () => session.state.value.dataset?.test !== undefined, (trainer) => this.#evaluate(trainer)),
      measurement(200, 0.15, () => true, () => this.#readPicture()),
    ]
    session.onSwap((trainer, before) => this.#swap(trainer, before))
    session.onSteps(() => {
      this.#curvesStale = true
      this.move()
    })
    session.state.watch(
      (state) => state.dataset,
      (dataset) => dataset && parts.prediction.show(dataset),
    )
    session.state.watch(
      (state) => state.playing,
      (playing) => {
        view.set({ flowing: playing })
        this.move()
      },
    )
    session.state.watch(
      (state) => state.live.stepsPerSecond,
      (rate) => parts.cost.update(rate),
    )
    for (const type of ['pointerdown', 'pointermove', 'wheel', 'keydown']) canvas.addEventListener(type, () => this.move(), { passive: true })
    addEventListener('resize', () => this.move())
  }

  start(): void {
    const frame = () => {
      requestAnimationFrame(frame)
      this.#frame()
    }
    requestAnimationFrame(frame)
  }

  /** Something in the picture moves: it is drawn for a while. */
  move(): void {
    this.#movedAt = performance.now()
  }

  /** All measurements anew, as after a change of what they show. */
  refresh(): void {
    for (const measurement of this.#measurements) {
      measurement.step = -1
      measurement.pace.reset()
    }
    this.#curvesStale = true
    this.move()
  }

  #frame(): void {
    if (this.#curvesStale) {
      this.#curvesStale = false
      this.#parts.curves.update(this.#session.state.value)
    }
    void this.#measure()
    if (!this.#session.trainer || this.#frameUnderWay || performance.now() - this.#movedAt > afterglow) return
    this.#resize()
    this.#view.render()
    // On a slow adapter frames must not queue up before the training's own work.
    this.#frameUnderWay = true
    void this.#session.engine.device.queue.onSubmittedWorkDone().finally(() => {
      this.#frameUnderWay = false
    })
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas
    const ratio = Math.min(devicePixelRatio, 2)
    const insets = this.#insets()
    const size = JSON.stringify([clientWidth, clientHeight, ratio, insets])
    if (size === this.#size) return
    this.#size = size
    this.#view.resize(clientWidth, clientHeight, ratio)
    this.#view.set({ insets })
  }

  async #measure(): Promise<void> {
    const trainer = this.#session.trainer
    if (!trainer || this.#busy) return
    const { step } = trainer
    const due = this.#measurements.find((measurement) => measurement.step !== step && measurement.pace.due && measurement.wanted())
    if (!due) return
    this.#busy = true
    due.step = step
    this.#measuring = due.pace
      .run(() => due.run(trainer))
      .catch((error: unknown) => {
        // A trainer that was exchanged meanwhile has nothing to tell any more.
        if (trainer === this.#session.trainer) console.warn(error)
      })
      .finally(() => {
        this.#busy = false
      })
    await this.#measuring
  }

  async #readLayers(): Promise<void> {
    const inspector = this.#inspector
    if (!inspector) return
    const { device } = this.#session.engine
    const encoder = device.createCommandEncoder({ label: 'layer statistics' })
    inspector.update(encoder)
    device.queue.submit([encoder.finish()])
    const statistics: LayerStatistics[] = await inspector.read()
    const names = this.#names()
    this.#parts.norms.update(statistics, names)
    this.#parts.histograms.update(statistics, names)
  }

  #names(): ReadonlyMap<string, string> {
    return layerNames(this.#session.trainer?.model.layers ?? [])
  }

  async #readPicture(): Promise<void> {
    const { legend, inspector } = this.#parts
    const ranges = await this.#view.legend()
    const names = this.#names()
    const nameOf = (path: string) => (path === 'all' ? 'All layers' : (names.get(path.replace(/\.weight$/, '')) ?? path))
    legend.update(ranges.map(({ path, lo, hi }) => ({ name: nameOf(path), lo, hi })))
    await inspector.update()
  }

  async #evaluate(trainer: Trainer): Promise<void> {
    const { step } = trainer
    const { loss, accuracy } = await trainer.evaluate('test')
    if (trainer !== this.#session.trainer || trainer.step < step) return
    const { curves, state } = this.#session
    curves.testLoss.push(step, loss)
    if (accuracy !== null) curves.testAccuracy.push(step, accuracy)
    state.set({ live: { ...state.value.live, testLoss: loss, testAccuracy: accuracy } })
    this.#curvesStale = true
  }

  async #swap(trainer: Trainer, before: Trainer | null): Promise<void> {
    await this.#measuring
    const observation = trainer.observation()
    const inspector = this.#services.createInspector(this.#session.engine.device, observation)
    this.#view.show(observation, inspector)
    this.#inspector?.destroy()
    this.#inspector = inspector
    this.#parts.cost.show(trainer.cost)
    this.#parts.legend.setBatch(observation.batch)
    if (before) this.#parts.inspector.clear()
    this.#resize()
    this.refresh()
  }
}

/** Makes the picture of the canvas at once, before the browser takes it back. */
export function pictureOf(view: View): () => Promise<Blob | null> {
  return () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        view.render()
        byId<HTMLCanvasElement>('view').toBlob(resolve, 'image/png')
      })
    })
}
