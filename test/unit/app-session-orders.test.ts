/** Whatever order inputs come in, and whatever order what they wait for ends in, the page is as after some order of one after the other. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { same } from '../../src/same.ts'
import { Session } from '../../src/app/run/session.ts'
import type { Trainer } from '../../src/train/types.ts'
import { cleanRun, World, type FakeTrainer } from './fake-engine.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

interface Page {
  session: Session
  world: World
  /** A swap listener throws once. */
  failsSwap: boolean
}
type Act = (page: Page) => unknown

const swallow = (promise: Promise<unknown>) => promise.catch(() => {})
const acts = {
  reset: ({ session }) => session.reset(),
  step: ({ session }) => session.step(),
  play: ({ session }) => session.runner.play(),
  pause: ({ session }) => session.runner.pause(),
  faster: ({ session }) => session.runner.setSpeed(session.state.value.speed === null ? 1000 : null),
  wider: ({ session }) => session.edit(({ layers: [first] }) => first?.type === 'dense' && first.units++, 'units'),
  batch: ({ session }) => session.edit(({ training }) => (training.batchSize = training.batchSize === 8 ? 4 : 8), 'batchSize'),
  rate: ({ session }) => session.edit(({ training }) => (training.optimizer.learningRate /= 2), 'rate'),
  seed: ({ session }) => session.edit(({ training }) => training.seed++, 'seed'),
  longer: ({ session }) => session.edit((draft) => (draft.epochs = (draft.epochs ?? 0) + 1), 'epochs'),
  wrong: ({ session }) => session.edit(({ training }) => (training.batchSize = -1), 'wrong'),
  undo: ({ session }) => session.undo(),
  redo: ({ session }) => session.redo(),
  one: ({ session }) => session.choosePreset('one'),
  two: ({ session }) => session.choosePreset('two'),
  compared: ({ session }) => session.choosePreset('compared'),
  unknown: ({ session }) => session.choosePreset('unknown'),
  first: ({ session }) => session.showVariant(0),
  last: ({ session }) => session.showVariant(2),
  load: ({ session }) => swallow(session.loadParameters({ 'layers.0.weight': Float32Array.of(1) })),
  model: ({ session }) => session.useModel({ ...session.state.value.draft!, shuffle: false }),
  kernels: ({ session }) => session.tryAllKernels(),
  enough: ({ session }) => session.stopTrying(),
  precision: ({ session }) => session.setPrecision(session.state.value.precision === 'f32' ? 'mixed' : 'f32'),
  refuse: ({ world }) => (world.refusesNext = true),
  failSwap: (page) => (page.failsSwap = true),
} satisfies Record<string, Act>
type Name = keyof typeof acts

/** An act, how much of what waits goes on before the next, and whether typing rests. */
const script = fc.array(
  fc.record({
    act: fc.constantFrom(...(Object.keys(acts) as Name[])),
    turns: fc.integer({ min: 0, max: 4 }),
    rests: fc.boolean(),
  }),
  { maxLength: 14 },
)

const microtasks = () => new Promise((resolve) => setImmediate(resolve))

/** Lets up to so many of the waiting go on, in the scheduler's order; to the end of all unless given. */
async function goOn(scheduler: fc.Scheduler, turns = Infinity): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await microtasks()
    if (scheduler.count() === 0) {
      if (turns !== Infinity || vi.getTimerCount() === 0) return
      vi.advanceTimersByTime(300)
    } else await scheduler.waitNext(1)
    if (i > 3000) throw new Error('it does not come to rest')
  }
}

async function open(scheduler: fc.Scheduler): Promise<Page> {
  const world = new World((what) => scheduler.schedule(Promise.resolve(), what) as Promise<void>)
  const session = new Session(world.engine, world.services)
  const page: Page = { session, world, failsSwap: false }
  session.onSwap(async () => {
    await world.turn('swap')
    if (!page.failsSwap) return
    page.failsSwap = false
    throw new Error('the picture failed')
  })
  void session.choosePreset('compared')
  return page
}

const fakes = (trainers: readonly Trainer[]) => trainers as unknown as readonly FakeTrainer[]

function expectAtRest({ session, world }: Page): void {
  const { state, runner, trainers, trainer } = session
  const { draft, draftDataset, running, dataset, work, restarts, playing, problem } = state.value
  expect(world.faults).toEqual([])
  expect({ work, restarts }).toEqual({ work: { kind: 'none' }, restarts: null })
  expect(new Set(world.alive)).toEqual(new Set(trainers))
  expect(playing).toBe(false)
  if (!running) return
  expect(!runner.wantsPlay || runner.ended).toBe(true)
  expect(trainer).toBe(trainers[running.experiments?.shown ?? 0])
  expect(trainer?.model.layers).toEqual(running.layers)
  expect(fakes(trainers).map(({ learningRate }) => learningRate)).toEqual(trainers.map(() => running.training.optimizer.learningRate))
  // What was refused is not what runs; all else is.
  if (problem === null) expect({ draft, draftDataset }).toEqual({ draft: running, draftDataset: dataset })
}

test('random inputs in random order leave one run, which is what the rail says, and never do two things to a trainer at once', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), script, async (scheduler, moves) => {
      const page = await open(scheduler)
      const { session } = page
      const settled: Promise<unknown>[] = []
      for (const { act, turns, rests } of moves) {
        settled.push(Promise.resolve(acts[act](page)))
        await goOn(scheduler, turns)
        if (rests) vi.advanceTimersByTime(300)
      }
      await goOn(scheduler)
      expectAtRest(page)
      await Promise.all(settled)
      if (!session.trainer) return
      // And a reset is a clean run.
      void session.reset()
      session.runner.pause()
      await goOn(scheduler)
      void session.step()
      await goOn(scheduler)
      for (const { value, step, model } of fakes(session.trainers)) expect(value).toBe(cleanRun(model.seed, step))
      expect(session.trainer.step).toBe(1)
    }),
    { numRuns: 400, endOnFailure: true },
  )
}, 120_000)

test('whatever is under way when the device is lost, every command ends, and it is told once', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), script, script, async (scheduler, moves, later) => {
      const page = await open(scheduler)
      const { session, world } = page
      const settled: Promise<unknown>[] = []
      const play = async (all: typeof moves) => {
        for (const { act, turns, rests } of all) {
          settled.push(Promise.resolve(acts[act](page)))
          await goOn(scheduler, turns)
          if (rests) vi.advanceTimersByTime(300)
        }
      }
      await goOn(scheduler, 12)
      await play(moves.slice(0, 6))
      const { problem } = session.state.value
      world.lose()
      await play(later.slice(0, 6))
      await goOn(scheduler)
      await Promise.all(settled)
      const { phase, playing, work, problem: told } = session.state.value
      expect({ phase, playing, work }).toEqual({
        phase: 'lost',
        playing: false,
        work: { kind: 'none' },
      })
      expect(told === null || same(told, problem) ? null : told).toBe(null)
      expect(world.faults).toEqual([])
    }),
    { numRuns: 200, endOnFailure: true },
  )
}, 120_000)
