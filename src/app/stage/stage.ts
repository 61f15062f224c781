/** The stage: draws a sketch of the network while the picture's pipelines compile, then the picture, within its share of the time. */
import { isBusy } from '../run/state.ts'
import type { Observation } from '../../graph/observation.ts'
import type { Inspector } from '../../inspect/inspector.ts'
import type { CollapsedObservation } from '../../view/collapse.ts'
import type { Insets, View } from '../../view/types.ts'
import { message } from '../../words/say.ts'
import { collapsed } from './open-groups.ts'
import { edgesFor, Frames } from '../pacing/frame-budget.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'
import { tellMissing } from './missing.ts'
import { Pace } from '../pacing/pace.ts'

/** For so many ms after the last movement the picture is still drawn. */
const afterglow = 1500
/** For so many ms after a touch the picture comes before the training. */
const attention = 400
/** Compiling that takes more ms than this is told in words. */
const patience = 400
const compilingPicture = message('stage.compiling')

export class Stage {
  readonly frames: Frames
  readonly #session: Session
  readonly #view: View
  readonly #canvas: HTMLCanvasElement
  readonly #services: Services
  readonly #insets: () => Insets
  #inspector: Inspector | null = null
  /** Pipelines of the picture. On a software adapter they compile after the first step and for seconds; a sketch is drawn meanwhile. */
  #pipelines: 'due' | 'compiling' | 'ready' = 'ready'
  /** Pipelines of the statistics, which compile after the run's first picture. */
  #statistics: 'due' | 'compiling' | 'ready' = 'ready'
  #compilingSince = 0
  #sketched = false
  /** How often the sketch takes the colours of the run. */
  #colours = new Pace(300, 0.3)
  #colouring = false
  #movedAt = 0
  #touchedAt = 0
  #frameUnderWay = false
  #sharp = false
  #size = ''
  /** Resolves when nothing of the picture compiles. */
  compiled: Promise<void> = Promise.resolve()

  constructor(session: Session, view: View, canvas: HTMLCanvasElement, services: Services, insets: () => Insets) {
    this.#session = session
    this.#view = view
    this.#canvas = canvas
    this.#services = services
    this.#insets = insets
    this.frames = new Frames(session.engine.adapter)
    session.state.watch(
      ({ display }) => display.drawingShare,
      (share) => void (this.frames.share = share),
    )
  }

  get inspector(): Inspector | null {
    return this.#inspector
  }

  get isReady(): boolean {
    return this.#pipelines === 'ready'
  }

  get hasStatistics(): boolean {
    return this.#statistics === 'ready'
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

  isAttentive(now: number): boolean {
    return now - this.#touchedAt <= attention
  }

  /** Shows a network with the groups open that a person has opened. Nothing may still read or compile the one before. */
  show(all: Observation): Inspector {
    const { groups, edgesPerLayer } = this.#session.state.value.display
    const observation = collapsed(all, groups)
    const { device } = this.#session.engine
    const inspector = this.#services.createInspector(device, observation, {
      edgesPerLayer: edgesPerLayer ?? edgesFor(this.#session.engine.adapter),
      statisticsOf: all,
    })
    this.#showWith(observation, inspector)
    this.frames.beginAnew()
    this.#sketched = false
    this.#colours.reset()
    this.#sharp = false
    if (document.body.dataset['picture']) this.#tell('outline')
    this.move()
    this.#statistics = 'due'
    if (this.#session.engine.adapter.software) this.#pipelines = 'due'
    else this.#compile(inspector)
    return inspector
  }

  /** Keeps view and inspector on one network: when the new one cannot be shown, both go back to the one before. */
  #showWith(observation: CollapsedObservation, inspector: Inspector): void {
    const before = this.#inspector
    try {
      this.#view.show(observation, inspector)
    } catch (error) {
      inspector.destroy()
      // The view has let go of it already.
      if (before) {
        this.#view.show(before.observation, before)
        this.#pipelines = 'due'
      }
      throw error
    }
    this.#inspector = inspector
    before?.destroy()
  }

  /** The run has other parameters. Before its first step nothing was computed that could colour the sketch. */
  beginAnew(): void {
    if (this.#session.trainer?.step !== 0) return
    this.#view.greySketch()
    this.#sketched = false
    this.#colours.reset()
    if (!this.isReady && document.body.dataset['picture']) this.#tell('outline')
  }

  /** Draws what is due. */
  frame(now: number): void {
    if (this.#pipelines === 'due' && this.#inspector && this.#isFree) this.#compile(this.#inspector)
    if (!this.isReady) return this.#sketch(now)
    if (!this.#inspector || this.#frameUnderWay) return
    const { trainer } = this.#session
    const { playing } = this.#session.state.value
    const attentive = this.isAttentive(now)
    // An outline is drawn once: what it would take goes to the kernels that compile.
    const still = trainer ? now - this.#movedAt > afterglow : !attentive
    if (still && this.#sharp) return
    const kind = playing && !attentive ? 'training' : 'moving'
    if (!still && !this.frames.due(kind, now)) return
    // What stands still is drawn once more, as sharp as the display.
    this.#sharp = still
    this.#resize(still ? 1 : this.frames.scale)
    // On a slow adapter frames must not queue up before the training's own work.
    this.#frameUnderWay = true
    const choose = kind === 'moving' || still || this.frames.chooses(now)
    // Before the first step nothing was computed.
    const isOfStep = trainer !== null && trainer.step > 0
    void this.frames
      .draw(kind, this.#session.engine.device.queue, () => this.#view.render({ choose }), !still)
      .then(() => {
        if (trainer === null || trainer !== this.#session.trainer) return
        if (isOfStep) this.#tell('drawn')
        if (isOfStep || !playing) this.#compileStatistics()
      })
      .finally(() => (this.#frameUnderWay = false))
  }

  inspect(inspector: Inspector, statistics: boolean): void {
    const { device } = this.#session.engine
    const encoder = device.createCommandEncoder({ label: 'inspect' })
    inspector.update(encoder, { statistics })
    device.queue.submit([encoder.finish()])
    this.frames.chosen(performance.now())
  }

  /** Whether a software adapter has cores to spare for compiling the picture: after the first step, or while the run is paused. */
  get #isFree(): boolean {
    const { trainer } = this.#session
    const { value } = this.#session.state
    return trainer !== null && (trainer.step > 0 || (!value.playing && !isBusy(value)))
  }

  #compile(inspector: Inspector): void {
    this.#pipelines = 'compiling'
    this.#compilingSince = performance.now()
    const ready = () => {
      if (inspector !== this.#inspector) return
      this.#pipelines = 'ready'
      tellMissing(null)
    }
    // What does not compile is told of where it is used.
    this.compiled = this.#view.compile().then(ready, ready)
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

  /** The network without the picture's pipelines, until these are there: in grey, from the first step on in colour. */
  #sketch(now: number): void {
    // While a run is prepared, that is told.
    const isTold = this.#pipelines === 'compiling' && !isBusy(this.#session.state.value) && now - this.#compilingSince > patience
    tellMissing(isTold ? compilingPicture : null)
    this.#resize(1)
    if (!this.#sketched) {
      this.#view.sketch()
      this.#sketched = true
      if (document.body.dataset['picture'] === undefined) this.#tell('outline')
    }
    this.#colour()
  }

  /** The sketch in the colours of the last step. */
  #colour(): void {
    const { trainer } = this.#session
    const inspector = this.#inspector
    if (!trainer || trainer.step === 0 || !inspector || this.#colouring || !this.#colours.due) return
    this.#colouring = true
    const { generation } = this.#session.runner
    const coloured = () => {
      if (inspector === this.#inspector && !this.isReady && generation === this.#session.runner.generation) this.#tell('coloured')
    }
    // Where it cannot be read, the run is told so; where another network is shown meanwhile, that one is coloured next.
    void this.#colours
      .run(() => this.#view.colourSketch())
      .then(coloured, () => undefined)
      .finally(() => (this.#colouring = false))
  }

  /** For whoever drives the page from outside. */
  #tell(picture: 'outline' | 'coloured' | 'drawn'): void {
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
}
