/** The session's commands, one situation at a time; `app-session-orders.test.ts` tries them in any order. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { wrong } from '../../src/errors.ts'
import { message } from '../../src/words/say.ts'
import type { Session } from '../../src/app/run/session.ts'
import type { Trainer } from '../../src/train/types.ts'
import { cleanRun, type FakeTrainer } from './fake-engine.ts'
import { open } from './fake-page.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const fake = (trainer: Trainer | null) => trainer as unknown as FakeTrainer
const weights = { 'layers.0.weight': Float32Array.of(1, 2) }

describe('reset', () => {
  test('asked for again and again while it trains gives the clean run', async () => {
    const { session, world, turns } = await open('one')
    for (let i = 0; i < 5; i++) {
      void session.reset()
      await turns.one()
    }
    await turns.rest()
    expect(world.faults).toEqual([])
    expect(session.trainer!.step).toBe(12)
    expect(fake(session.trainer).value).toBe(cleanRun(1, 12))
  })

  test('that waits is one with those asked for after it', async () => {
    const { session, turns } = await open('one')
    const reset = vi.spyOn(session.trainer!, 'reset')
    for (let i = 0; i < 30; i++) void session.reset()
    await turns.rest()
    expect(reset).toHaveBeenCalledTimes(1)
  })

  test('of a run that was played keeps it playing, and a pause meanwhile pauses', async () => {
    const { session, turns, state } = await open('one')
    void session.reset()
    await turns.upTo('reset')
    expect(state.value.playing).toBe(true)
    session.runner.pause()
    expect(state.value.playing).toBe(false)
    await turns.rest()
    expect(session.trainer!.step).toBe(0)
    expect(state.value.playing).toBe(false)
  })
})

test('a pause and a play within one step play on', async () => {
  const { session, turns, state } = await open('one')
  session.runner.pause()
  session.runner.play()
  await turns.rest()
  expect(session.trainer!.step).toBe(12)
  expect(state.value.playing).toBe(false)
})

test('each step that is asked for is done, one after the other', async () => {
  const { session, world, turns } = await open('one')
  session.runner.pause()
  await turns.rest()
  const { step } = session.trainer!
  await Promise.all([session.step(), session.step(), session.step(), turns.rest()])
  expect(session.trainer!.step).toBe(step + 3)
  expect(world.faults).toEqual([])
})

test.each<[string, (session: Session) => unknown]>([
  ['a reset', (session) => session.reset()],
  ['another run', (session) => session.choosePreset('two')],
])('a step that waits for samples does not hold up %s', async (_, ask) => {
  const { session, turns } = await open('one')
  session.runner.pause()
  await turns.rest()
  const trainer = fake(session.trainer)
  let goOn = () => {}
  vi.spyOn(trainer, 'pause').mockImplementation(() => goOn())
  vi.spyOn(trainer, 'run').mockImplementation(async function* () {
    await new Promise<void>((resolve) => (goOn = resolve))
    yield* []
  })
  void session.step()
  await turns.rest()
  void ask(session)
  await turns.rest()
  expect(session.trainer!.step).toBe(0)
})

test('an edit taken back while its run is swapped in is not what runs in the end', async () => {
  const { session, turns, state } = await open('one')
  session.edit(({ layers: [first] }) => first?.type === 'dense' && (first.units = 9), 'units')
  await turns.upTo('compile')
  session.onSwap(() => turns.wait('swap'))
  await turns.upTo('swap')
  session.undo()
  vi.advanceTimersByTime(300) // typing rests while the swap is under way
  await turns.rest()
  expect(state.value.running?.layers[0]).toMatchObject({ units: 4 })
  expect(session.trainer!.model.layers[0]).toMatchObject({ units: 4 })
})

test('a run that is ready while a reset is under way, and nobody wants any more, is never shown', async () => {
  const { session, world, turns } = await open('one')
  const shown: Trainer[] = []
  session.onSwap((trainer) => void shown.push(trainer))
  session.runner.pause()
  await turns.rest()
  session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
  await turns.upTo('compile')
  void session.reset()
  await turns.one() // compiled, and behind the reset in the queue
  session.undo()
  await turns.rest()
  expect(shown).toEqual([])
  expect(world.alive).toEqual([session.trainer])
})

describe('a swap that fails', () => {
  test('leaves the run that was there, and shows it again', async () => {
    const { session, world, turns, state } = await open('one')
    const shown: Trainer[] = []
    let fails = true
    session.onSwap((trainer) => void shown.push(trainer))
    session.onSwap(() => {
      if (fails) throw new Error('no memory for the picture')
    })
    const before = session.trainer!
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    await turns.rest()
    expect(session.trainer).toBe(before)
    expect(shown.at(-1)).toBe(before)
    expect(world.alive).toEqual([before])
    expect(state.value.problem?.told).toEqual(message('error.other', { text: 'no memory for the picture' }))
    expect(state.value.work.kind).toBe('none')
    fails = false
    session.edit(({ training }) => (training.batchSize = 4), 'batchSize')
    await turns.rest()
    expect(session.trainer!.model.batchSize).toBe(4)
  })

  test('of networks that are compared leaves the one that was shown, and the run goes on', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { session, world, turns, state } = await open('compared', { epochs: null })
    session.onSwap((trainer) => {
      if (trainer === session.trainers[2]) throw new Error('no memory for the picture')
    })
    const before = session.trainer!
    const { step } = before
    await turns.during(session.showVariant(2))
    expect(session.trainer).toBe(before)
    expect(state.value.draft?.experiments?.shown).toBe(1)
    expect(state.value.problem).toEqual({ place: 'network', told: message('error.other', { text: 'no memory for the picture' }) })
    for (let i = 0; i < 8; i++) await turns.one()
    expect(before.step).toBeGreaterThan(step)
    session.runner.pause()
    await turns.rest()
    expect(world.faults).toEqual([])
  })
})

describe('networks that are compared', () => {
  test('are shown one after the other however fast they are chosen, and none begins anew', async () => {
    const { session, world, turns, state } = await open('compared')
    for (const index of [0, 2, 0, 2]) void session.showVariant(index)
    await turns.rest()
    expect(world.made).toHaveLength(3)
    expect(state.value.running?.experiments?.shown).toBe(2)
    expect(session.trainer).toBe(session.trainers[2])
    expect(session.trainer!.step).toBe(12)
  })

  test('one chosen while an edit is prepared is the one that is shown then', async () => {
    const { session, world, turns, state } = await open('compared')
    session.edit(({ layers: [first] }) => first?.type === 'dense' && (first.units = 9), 'units')
    await turns.upTo('compile')
    void session.showVariant(0)
    await turns.rest()
    // The others go on.
    expect(world.made).toHaveLength(4)
    expect(state.value.running).toMatchObject({ layers: [{ units: 3 }, {}, {}], experiments: { shown: 0 } })
    expect(session.trainers.map(({ model }) => model.layers[0])).toMatchObject([{ units: 3 }, { units: 9 }, { units: 5 }])
    expect(session.trainer).toBe(session.trainers[0])
  })
})

describe('parameters', () => {
  test('dropped while a run is prepared go into that run before its first step', async () => {
    const { session, world, turns } = await open('one')
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    await turns.upTo('compile')
    const loaded = session.loadParameters(weights)
    session.runner.pause()
    await turns.rest()
    expect(await loaded).toEqual({ trainers: [session.trainer], step: 0 })
    expect(session.trainer!.model.batchSize).toBe(8)
    expect(fake(session.trainer)).toMatchObject({ value: 'loaded layers.0.weight 1,2', step: 0 })
    expect(world.faults).toEqual([])
  })

  test('dropped after an edit that is not yet prepared wait for its run too', async () => {
    const { session, turns } = await open('one')
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    const loaded = session.loadParameters(weights)
    session.runner.pause()
    await turns.rest()
    expect((await loaded)?.trainers).toEqual([session.trainer])
    expect(fake(session.trainer).value).toBe('loaded layers.0.weight 1,2')
  })

  test('go into the run at hand where what was prepared is refused', async () => {
    const { session, world, turns } = await open('one')
    const before = session.trainer
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    await turns.upTo('tune')
    world.refusesNext = true
    session.edit(({ training }) => (training.batchSize = 4), 'batchSize')
    const loaded = session.loadParameters(weights)
    session.runner.pause()
    await turns.rest()
    expect(session.trainer).toBe(before)
    expect((await loaded)?.trainers).toEqual([before])
  })

  test('go into every network that they fit, and are refused where they fit none', async () => {
    const { session, turns } = await open('compared')
    const fits = (...units: number[]) =>
      session.loadParameters(({ layers: [first] }) => {
        if (first?.type !== 'dense' || !units.includes(first.units))
          throw wrong('error.other', { text: `of ${(first as { units: number }).units} units` })
        return weights
      })
    const loaded = fits(3, 5)
    await turns.rest()
    expect((await loaded)?.trainers).toEqual([session.trainers[0], session.trainers[2]])
    const refused = fits(7).catch((error: Error) => error.message)
    await turns.rest()
    expect(await refused).toBe('of 4 units')
  })

  test.each<[string, (session: Session) => unknown]>([
    ['a preset that cannot be loaded', (session) => session.choosePreset('unknown')],
    ['a model that is refused', (session) => session.useModel({ ...session.state.value.draft!, shuffle: false })],
  ])('dropped while %s takes the place of an edit go into the run of that edit', async (_, ask) => {
    const { session, world, turns } = await open('one')
    session.runner.pause()
    await turns.rest()
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    world.refusesNext = true
    const asked = ask(session)
    if (session.state.value.work.kind === 'loading') world.refusesNext = false
    const loaded = session.loadParameters(weights)
    await turns.rest()
    await asked
    expect(session.trainer!.model.batchSize).toBe(8)
    expect(await loaded).toEqual({ trainers: [session.trainer], step: 0 })
    expect(fake(session.trainer).value).toBe('loaded layers.0.weight 1,2')
    expect(world.faults).toEqual([])
  })

  test('clear the moments of those before', async () => {
    const { session, turns } = await open('one')
    const load = vi.spyOn(session.trainer!, 'load')
    void session.loadParameters(weights)
    await turns.rest()
    expect(load).toHaveBeenCalledWith(weights, { moments: 'clear' })
  })
})

describe('a device that is lost', () => {
  test('is told by nobody but the page, and nothing that is asked afterwards hangs', async () => {
    const { session, world, turns, state } = await open('compared')
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    await turns.upTo('compile')
    const loaded = session.loadParameters(weights)
    void session.reset()
    world.lose()
    await turns.rest()
    expect(await loaded).toBeNull()
    const asked = [
      session.reset(),
      session.step(),
      session.loadParameters(weights),
      session.choosePreset('one'),
      session.showVariant(0),
      session.tryAllKernels(),
      session.setPrecision('mixed'),
      session.useModel(state.value.draft!),
    ]
    session.runner.play()
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    await turns.rest()
    await Promise.all(asked)
    expect(state.value).toMatchObject({ phase: 'lost', playing: false, work: { kind: 'none' }, problem: null })
  })
})
