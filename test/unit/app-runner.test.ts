/** What the runner tells trainers of the run that their steps are a part of, and how networks that are compared end. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Trainer } from '../../src/train/types.ts'
import type { FakeTrainer } from './fake-engine.ts'
import { open } from './fake-page.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const fakes = (trainers: readonly Trainer[]) => trainers as unknown as readonly FakeTrainer[]
const earlyStopping = { patience: 2, restoreBest: true }
const watched = { evaluateEvery: 5, earlyStopping }

test.each(['one', 'compared'] as const)('every call on %s, single steps too, has the run’s own schedule and its goal', async (preset) => {
  const { session, turns } = await open(preset, watched)
  session.runner.pause()
  await turns.rest()
  await Promise.all([session.step(), turns.rest()])
  session.runner.play()
  await turns.rest()
  for (const { runs, step } of fakes(session.trainers)) {
    expect(step).toBe(12)
    for (const options of runs) expect(options).toMatchObject({ ...watched, goal: 12 })
  }
})

test('the last planned step, played after the others were taken singly, is the run’s end', async () => {
  const { session, turns } = await open('one', watched)
  session.runner.pause()
  await turns.rest()
  const [trainer] = fakes(session.trainers) as [FakeTrainer]
  while (trainer.step < 11) await Promise.all([session.step(), turns.rest()])
  session.runner.setSpeed(1000)
  session.runner.play()
  await turns.rest()
  expect(trainer.runs.at(-1)).toEqual({ ...watched, steps: 1, goal: 12, stepsPerSecond: 1000 })
})

test('a run without an end has none, and a step beyond the planned ones ends nothing', async () => {
  const endless = await open('one', { ...watched, epochs: null })
  expect(fakes(endless.session.trainers)[0]!.runs[0]).toEqual({ ...watched, goal: Infinity })
  const { session, turns } = await open('one', watched)
  await turns.rest()
  await Promise.all([session.step(), turns.rest()])
  expect(fakes(session.trainers)[0]!.runs.at(-1)).toEqual({ ...watched, steps: 1, goal: Infinity })
})

test('of networks that are compared one that ends early rests, says where, and the others go on, also after a pause', async () => {
  const { session, turns, state } = await open('compared', { earlyStopping, epochs: 6 })
  const trainers = fakes(session.trainers)
  const [, shown] = trainers as [FakeTrainer, FakeTrainer]
  const rounds: number[][] = []
  session.runner.onRound((round) => rounds.push(round.map(({ losses }) => losses.length)))
  shown.stopsAt = 3
  while (state.value.endedAt[1] !== 3) await turns.one()
  expect(state.value).toMatchObject({ endedAt: [null, 3, null], stopped: { step: 3 }, playing: true })
  // It is where it was: nobody need measure it again.
  const heard = vi.fn<() => void>()
  session.runner.onSteps(heard)
  for (let i = 0; i < 14; i++) await turns.one()
  expect(heard).not.toHaveBeenCalled()
  session.runner.pause()
  await turns.rest()
  const steps = () => trainers.map(({ step }) => step)
  expect(steps()[1]).toBe(3)
  session.runner.play()
  await turns.rest()
  expect(steps()).toEqual([24, 3, 24])
  expect(state.value).toMatchObject({ playing: false, live: { step: 3 } })
  expect(session.runner.ended).toBe(true)
  expect(rounds[0]).toHaveLength(3)
  expect([0, 1, 2].map((i) => rounds.reduce((sum, round) => sum + round[i]!, 0))).toEqual([24, 3, 24])
  // Played on, the one behind catches up, and all go on to one goal.
  session.runner.play()
  await turns.rest()
  expect(steps()).toEqual([48, 48, 48])
  expect(state.value.endedAt).toEqual([null, null, null])
})

test('a comparison of which all have ended early is at its end, and reset begins anew with all', async () => {
  const { session, turns, state } = await open('compared', { earlyStopping, epochs: null })
  const trainers = fakes(session.trainers)
  trainers.forEach((trainer, i) => (trainer.stopsAt = 2 + i))
  await turns.rest()
  expect(state.value).toMatchObject({ playing: false, endedAt: [2, 3, 4] })
  trainers.forEach((trainer) => (trainer.stopsAt = 3))
  void session.reset()
  await turns.rest()
  expect(state.value.endedAt).toEqual([3, 3, 3])
})

test('how another network ended is told when it is shown', async () => {
  const { session, turns, state } = await open('compared', { earlyStopping })
  fakes(session.trainers)[2]!.stopsAt = 4
  await turns.rest()
  expect(state.value.stopped).toBeNull()
  void session.showVariant(2)
  await turns.rest()
  expect(state.value).toMatchObject({ stopped: { step: 4 }, live: { step: 4 } })
})

test('what ended a run is told until it goes on', async () => {
  const { session, turns, state } = await open('one')
  const [trainer] = fakes(session.trainers) as [FakeTrainer]
  session.runner.pause()
  await turns.rest()
  const run = vi.spyOn(trainer, 'run').mockImplementation(() => {
    throw new Error('data/x could not be loaded.')
  })
  session.runner.play()
  await turns.rest()
  expect(state.value).toMatchObject({
    playing: false,
    problem: { place: 'training', told: { code: 'error.other', values: { text: 'data/x could not be loaded.' } } },
  })
  run.mockRestore()
  session.runner.play()
  await turns.rest()
  expect(state.value.problem).toBeNull()
})
