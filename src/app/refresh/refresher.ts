/** Keeps picture and charts up with the run, without taking more than their share of its time. */
import type { Trainer } from '../../train/types.ts'
import type { Rail } from '../charts/rail.ts'
import type { Lane } from '../pacing/lanes.ts'
import type { Services } from '../run/services.ts'
import type { Session } from '../run/session.ts'
import { language } from '../words/language.ts'
import { lanes, told, type Told } from './measurements.ts'
import { Picture, type PictureParts } from './picture.ts'

export class Refresher {
  readonly #session: Session
  readonly #rail: Rail
  readonly #picture: Picture
  readonly #lanes: readonly Lane[]
  /** What the run has told and no card in sight has shown yet. */
  readonly #untold = new Set<Told>()
  /** The runner's generation. */
  #heard = 0

  constructor(session: Session, services: Services, parts: PictureParts, rail: Rail) {
    this.#session = session
    this.#rail = rail
    this.#picture = new Picture(session, services, parts, {
      idle: () => reading.idle,
      onShow: () => this.refresh(),
      onTrainer: (trainer) => this.#clear(trainer),
    })
    const { reading, evaluating } = lanes({
      session,
      stage: this.#picture.stage,
      rail,
      readPicture: () => this.#picture.read(),
      onTested: () => this.#untold.add('curves'),
    })
    this.#lanes = [reading, evaluating]
    // Names of layers are said anew.
    language.subscribe(() => this.refresh())
    session.runner.onSteps(() => {
      this.#tell()
      const { generation } = session.runner
      if (generation !== this.#heard) this.#beginAnew()
      this.#heard = generation
      this.move()
    })
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
    this.#picture.stage.move()
  }

  /** A person moves the picture or what stands around it: it has the right of way for a while. */
  touch(): void {
    this.#picture.stage.touch()
  }

  /** All measurements anew, as after a change of what they show. */
  refresh(): void {
    for (const lane of this.#lanes) lane.refresh()
    this.#tell()
    this.move()
  }

  /** The cards hear of the run again. */
  #tell(): void {
    for (const need of Object.keys(told) as Told[]) this.#untold.add(need)
  }

  #beginAnew(): void {
    const { state, trainer } = this.#session
    if (trainer) this.#clear(trainer)
    this.#picture.stage.beginAnew()
    state.set({ live: { ...state.value.live, testLoss: null, testAccuracy: null, tested: null } })
    this.refresh()
  }

  #clear(trainer: Trainer): void {
    this.#rail.clear({ parameters: trainer.observation().parameters, layers: trainer.model.layers })
  }

  #frame(): void {
    const start = performance.now()
    const { stage } = this.#picture
    const { playing } = this.#session.state.value
    if (!this.#session.beat.strikes(start, !playing || stage.isAttentive(start))) return
    for (const need of this.#untold) this.#show(need)
    if (stage.isReady) for (const lane of this.#lanes) lane.advance(!playing)
    stage.frame(start)
  }

  #show(need: Told): void {
    const frame = this.#rail.wants(need) && told[need](this.#session)
    if (!frame) return
    this.#untold.delete(need)
    this.#rail.show(frame)
  }
}
