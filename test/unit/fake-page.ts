/** A session on an engine of fakes, which goes on when it is told to. */
import { said } from '../../src/app/words/language.ts'
import { vi } from 'vitest'
import { Session } from '../../src/app/run/session.ts'
import type { Description } from '../../src/app/run/state.ts'
import type { Dataset } from '../../src/data/types.ts'
import { World, type datasets } from './fake-engine.ts'

const microtasks = () => new Promise((resolve) => setImmediate(resolve))

/** What waits for the GPU or for data goes on when it is told to, first come, first served. */
export class Turns {
  readonly #waiting: { what: string; goOn: () => void }[] = []
  readonly wait = (what: string) => new Promise<void>((goOn) => this.#waiting.push({ what, goOn }))

  /** Until the next that would go on is `what`; it still waits then. */
  async upTo(what: string): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      await microtasks()
      if (this.#waiting[0]?.what === what) return
      if (this.#waiting.length === 0) vi.advanceTimersByTime(300)
      this.#waiting.shift()?.goOn()
    }
    throw new Error(`${what} never comes`)
  }
  /** One more of them. */
  async one(): Promise<void> {
    this.#waiting.shift()?.goOn()
    await microtasks()
  }
  /** Of those that wait the first `what`, which then goes on when the caller says so. */
  take(what: string): () => void {
    const at = this.#waiting.findIndex((waiting) => waiting.what === what)
    if (at < 0) throw new Error(`no ${what} waits`)
    return this.#waiting.splice(at, 1)[0]!.goOn
  }
  /** Until a promise settles. */
  async during(promise: Promise<unknown>): Promise<void> {
    let isSettled = false
    void promise.finally(() => (isSettled = true))
    while (!isSettled) await this.one()
  }
  /** Until nothing waits and no timer runs. */
  async rest(): Promise<void> {
    for (let i = 0; i < 3000; i++) {
      await microtasks()
      const next = this.#waiting.shift()
      if (next) next.goOn()
      else if (vi.getTimerCount() > 0) vi.advanceTimersByTime(300)
      else return
    }
    throw new Error('it does not come to rest')
  }
}

/** A page on an engine of fakes, at the first step of a preset; with fake timers. */
export async function open(
  preset: keyof typeof datasets,
  change: Partial<Description> = {},
  { dataset, software = false }: { dataset?: Dataset; software?: boolean } = {},
) {
  const turns = new Turns()
  const world = new World(turns.wait)
  world.engine.adapter.software = software
  const load = world.services.loadPreset
  world.services.loadPreset = async (...asked) => {
    const run = await load(...asked)
    return { ...run, ...(dataset && { dataset }), description: { ...run.description, ...change } }
  }
  const session = new Session(world.engine, world.services)
  const told: string[] = []
  session.tell = (message) => {
    told.push(typeof message === 'string' ? message : said(message))
    return () => {}
  }
  void session.choosePreset(preset)
  await turns.upTo('step')
  return { session, world, turns, told, state: session.state }
}
