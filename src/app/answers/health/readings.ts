/** The health of the run that is shown, read while it trains for as long as somebody looks; and each layer's recent past. */
import { signal, type ReadonlySignal } from '@preact/signals'
import { watchHealth } from '../../../answers/health-watch.ts'
import type { Health, HealthWatch } from '../../../inspect/health.ts'
import type { Trainer } from '../../../train/types.ts'
import type { Session } from '../../run/session.ts'
import { metrics, type MetricId } from './metrics.ts'

/** Readings of which each layer's numbers are kept. */
const recent = 48

/** A layer's numbers of the last readings, oldest first. */
export type Past = Readonly<Record<MetricId, number[]>>

export interface Readings {
  /** The newest; null before there is one. */
  readonly health: ReadonlySignal<Health | null>
  /** By the paths of layers. */
  readonly past: ReadonlyMap<string, Past>
  /** Reads for as long as it is not called off. */
  want(): () => void
}

const ofSessions = new WeakMap<Session, Readings>()

/** One for all that look. */
export function readingsOf(session: Session): Readings {
  let readings = ofSessions.get(session)
  if (!readings) ofSessions.set(session, (readings = new RunReadings(session)))
  return readings
}

class RunReadings implements Readings {
  readonly health = signal<Health | null>(null)
  readonly past = new Map<string, Past>()
  readonly #session: Session
  #wanted = 0
  #watched: Trainer | null = null
  #watch: Promise<HealthWatch | null> = Promise.resolve(null)
  #generation = 0

  constructor(session: Session) {
    this.#session = session
    // The trainer before is destroyed when this is done.
    session.onSwap((trainer) => this.#follow(trainer))
    this.#generation = session.runner.generation
    session.runner.onSteps(() => {
      if (session.runner.generation !== this.#generation) this.#forget()
    })
  }

  want(): () => void {
    this.#wanted++
    const { trainer } = this.#session
    if (trainer) this.#follow(trainer)
    return () => void this.#wanted--
  }

  /** A trainer that is watched stays so: it costs nothing while nobody wants its readings. */
  #follow(trainer: Trainer): void {
    if (trainer === this.#watched || (this.#wanted === 0 && this.#watched === null)) return
    this.#watched = trainer
    this.#forget()
    void this.#watch.then((watch) => watch?.destroy())
    const { engine, state } = this.#session
    const isIdle = () => state.value.speed !== null
    const isStill = () => !state.value.playing
    this.#watch = watchHealth(engine.device, trainer, { paced: { isWanted: () => this.#wanted > 0, isIdle, isStill } }).then(
      (watch) => {
        watch.onReading((health) => {
          if (trainer === this.#watched) this.#take(health)
        })
        return watch
      },
      (error: unknown) => {
        // Of a trainer that is gone by now there is nothing to tell.
        if (trainer === this.#session.trainer) console.warn(error)
        return null
      },
    )
  }

  #take(health: Health): void {
    for (const layer of health.layers) {
      let past = this.past.get(layer.path)
      if (!past) this.past.set(layer.path, (past = Object.fromEntries(metrics.map(({ id }) => [id, []])) as unknown as Past))
      for (const { id, of } of metrics) {
        const numbers = past[id]
        numbers.push(of(layer) ?? NaN)
        if (numbers.length > recent) numbers.shift()
      }
    }
    this.health.value = health
  }

  #forget(): void {
    this.#generation = this.#session.runner.generation
    this.past.clear()
    this.health.value = null
  }
}
