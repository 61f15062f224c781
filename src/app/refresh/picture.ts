/** The network that the picture shows: an outline before there is a trainer for it, then the trainer's own, with the groups open that a person has opened. */
import { display, type PictureSettings } from '../run/display.ts'
import { loadingOf } from '../run/state.ts'
import type { Observation } from '../../graph/observation.ts'
import type { Layer } from '../../model/types.ts'
import type { Outline } from '../../train/outline.ts'
import type { Trainer } from '../../train/types.ts'
import type { Insets, View } from '../../view/types.ts'
import { message } from '../../words/say.ts'
import { checkedModel } from '../run/describe.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'
import type { InspectorCard } from '../stage/inspector-card.tsx'
import { legendRows, unknownRows } from '../stage/legend-rows.ts'
import type { Legend } from '../stage/legend.tsx'
import { networkOf, toggled } from '../stage/open-groups.ts'
import { Stage } from '../stage/stage.ts'
import { calm } from '../ui/motion.ts'
import { notice } from '../ui/notices.ts'
import { layerNames } from '../words/layer-names.ts'

/** What the picture is made of, and what tells of it in numbers. */
export interface PictureParts {
  view: View
  canvas: HTMLCanvasElement
  insets: () => Insets
  legend: Legend
  inspector: InspectorCard
}

interface Listeners {
  /** Resolves when nothing reads what is shown. */
  idle: () => Promise<unknown>
  /** Something else is shown. */
  onShow: () => void
  /** A trainer is shown that was not shown before. */
  onTrainer: (trainer: Trainer) => void
}

/** So many ms after its last movement the camera rests. */
const cameraRests = 250

export class Picture {
  readonly stage: Stage
  readonly #session: Session
  readonly #services: Services
  readonly #parts: PictureParts
  readonly #listeners: Listeners
  /** The network before there is a trainer for it, and what tells it from another. */
  #outline: Outline | null = null
  #outlined = ''
  /** What tells the network that is shown from another; '' before there is one. */
  #network = ''
  #moving: ReturnType<typeof setTimeout> | undefined
  /** What is shown changes one after the other: it resolves when the last change is made. */
  #changed: Promise<void> = Promise.resolve()

  constructor(session: Session, services: Services, parts: PictureParts, listeners: Listeners) {
    const { view, canvas, insets } = parts
    this.stage = new Stage(session, view, canvas, services, insets)
    this.#session = session
    this.#services = services
    this.#parts = parts
    this.#listeners = listeners
    session.onSwap((trainer) =>
      this.#change(() => {
        this.#showTrainer(trainer)
        this.#listeners.onTrainer(trainer)
      }),
    )
    view.onToggle((path) => this.#toggle(path))
    view.onLook(() => this.#keepCamera())
    this.#follow(['scale', 'map', 'neurons', 'sample'], (settings) => {
      view.set(settings)
      if (this.stage.inspector) this.#listeners.onShow()
    })
    session.state.watch(
      (state) => state.display.edgesPerLayer,
      () => {
        if (this.stage.inspector) this.#showAgain().catch((error: unknown) => console.warn(error))
      },
    )
    session.state.watch(
      (state) => state.draft ?? loadingOf(state),
      () => void this.#change(() => this.#showOutline()),
    )
    session.state.watch(
      (state) => state.playing,
      (playing) => {
        // At the few frames a second of a software adapter a pulse jumps, and costs as much as the edges.
        view.set({ flowing: playing && !session.engine.adapter.software && !calm() })
        this.stage.move()
      },
    )
    for (const type of ['pointerdown', 'pointermove', 'wheel', 'keydown'])
      canvas.addEventListener(type, () => this.stage.touch(), { passive: true })
    addEventListener('resize', () => this.stage.move())
  }

  /** Reads the numbers of the legend and of what is selected. */
  async read(): Promise<void> {
    const { view, legend, inspector: card } = this.#parts
    const { inspector } = this.stage
    // The last frame may be older than the last step.
    if (inspector) this.stage.inspect(inspector, false)
    // Each read waits for the step under way: all at once, they wait for one, and tell of one.
    const paths = inspector?.pathNorms() ?? []
    const [edges, neurons, norms] = await Promise.all([view.legend(), view.neuronLegend(), paths, card.update()])
    const { trainer } = this.#session
    const observation = inspector?.observation ?? { blocks: [], columns: [], containers: [] }
    const layers = trainer?.model.layers ?? []
    const rows = () => legendRows({ edges, neurons, paths: norms }, observation, layerNames(layers))
    const isComputed = (trainer?.step ?? 0) > 0
    await this.#session.beat.paint(() => legend.update(rows, isComputed))
  }

  /**
   * Changes what is shown, once the changes before have been made and nothing reads or compiles it: a scene whose buffers go while it compiles leaves
   * three without them for good.
   */
  #change(change: () => void): Promise<void> {
    const changed = this.#changed.then(() => Promise.all([this.stage.compiled, this.#listeners.idle()])).then(change)
    this.#changed = changed.catch((error: unknown) => console.warn(error))
    return changed
  }

  /** Tells the settings of the picture, now and whenever they have changed. */
  #follow(keys: readonly (keyof PictureSettings)[], listener: (settings: Partial<PictureSettings>) => void): void {
    for (const key of keys)
      this.#session.state.watch(
        (state) => state.display[key],
        (value) => listener({ [key]: value }),
      )
  }

  #toggle(path: string): void {
    const { state } = this.#session
    const { groups } = state.value.display
    const all = this.#session.trainer?.observation() ?? this.#outline?.observation
    if (!all) return
    display(state, { groups: toggled(all, groups, path) })
    this.#showAgain().catch((error: unknown) => {
      display(state, { groups })
      notice(message('refresh.groupNotShown', { reason: error instanceof Error ? error.message : String(error) }))
    })
  }

  /** The same network, with other groups open or other edges. */
  #showAgain(): Promise<void> {
    return this.#change(() => {
      const { trainer } = this.#session
      if (trainer) this.#showTrainer(trainer)
      else if (this.#outline) this.#show(this.#outline.observation)
    })
  }

  /** The network that the first run will have, as soon as its shape is known. */
  #showOutline(): void {
    if (this.#session.trainer || (this.stage.inspector && !this.#outline)) return
    const expected = this.#expected()
    if (!expected) return
    const { network, loss } = expected
    const outlined = JSON.stringify([network.input, network.layers, loss])
    if (outlined === this.#outlined) return
    const outline = this.#services.outline(this.#session.engine.device, network, loss)
    if (!outline) return
    const observation = this.#show(outline.observation)
    this.#outline?.destroy()
    this.#outline = outline
    this.#outlined = outlined
    this.#parts.legend.update(this.#unknownRows(observation, network.layers), false)
  }

  #expected(): ReturnType<Services['expectedNetwork']> {
    const { draft, draftDataset, work } = this.#session.state.value
    if (!draft || !draftDataset) return work.kind === 'loading' ? this.#services.expectedNetwork(work.preset) : null
    try {
      const { input, layers, loss } = checkedModel(draft, draftDataset.inputShape)
      return { network: { input, layers }, loss }
    } catch {
      return null // The rail tells what is wrong with it.
    }
  }

  #showTrainer(trainer: Trainer): void {
    const { legend, inspector } = this.#parts
    const isBeside = this.#session.trainers.includes(trainer)
    const observation = this.#show(trainer.observation(), isBeside)
    this.#outline?.destroy()
    this.#outline = null
    legend.setBatch(observation.batch)
    // As tall as it will be, before the picture is fitted beside it.
    legend.update(this.#unknownRows(observation, trainer.model.layers), false)
    inspector.adopt(observation, trainer.model.layers)
  }

  #unknownRows(observation: Observation, layers: readonly Layer[]) {
    const { scale } = this.#parts.view.settings
    return () => unknownRows(observation, scale, layerNames(layers))
  }

  /** Once the camera rests. */
  #keepCamera(): void {
    clearTimeout(this.#moving)
    this.#moving = setTimeout(() => display(this.#session.state, { camera: this.#parts.view.camera }), cameraRests)
  }

  /** What is drawn of it: from where a person looked at it, unless it is another network that has not trained beside the one before. */
  #show(all: Observation, isBeside = false): Observation {
    const { view } = this.#parts
    const { state } = this.#session
    const before = view.camera ?? state.value.display.camera
    const network = networkOf(all)
    const camera = isBeside || this.#network === '' || network === this.#network ? before : null
    this.#network = network
    const { observation } = this.stage.show(all)
    if (camera) view.look(camera)
    if (camera !== before) display(state, { camera })
    this.#listeners.onShow()
    return observation
  }
}
