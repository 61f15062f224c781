/** Experiments beside a run, with an engine that has no GPU: what goes on, what begins, and what undo brings back. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mostExperiments } from '../../src/app/run/experiments.ts'
import { message } from '../../src/words/say.ts'
import { toldText } from '../../src/app/words/problem-text.ts'
import { cleanRun, type FakeTrainer } from './fake-engine.ts'
import { open } from './fake-page.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const named = (name: string) => message('experiments.named', { name })
const fakes = (trainers: readonly unknown[]) => trainers as readonly FakeTrainer[]
const faster = { optimizer: { learningRate: 0.5 } }
const adagrad = { optimizer: { type: 'adagrad', learningRate: 0.1 } }

test('an experiment trains up to where the run is, and both go on; the run does not begin anew', async () => {
  const { session, world, turns, state } = await open('one')
  const run = session.trainer
  expect(session.tryBeside(faster, named('faster'))).toBeNull()
  await turns.rest()
  expect(world.made).toHaveLength(2)
  expect(session.trainer).toBe(run)
  expect(session.trainers.map(({ step }) => step)).toEqual([12, 12])
  expect(fakes(session.trainers).map(({ learningRate }) => learningRate)).toEqual([0.005, 0.5])
  expect(fakes(session.trainers).map(({ value }) => value)).toEqual([cleanRun(1, 12), cleanRun(1, 12)])
  expect(state.value.restarts).toBeNull()
  expect(session.tracks.of(session.trainers[1]!).last).toBe(12)
  expect(world.faults).toEqual([])
})

test('one that is taken as the run goes on where it is; undo brings all back where they were, redo takes it again', async () => {
  const { session, world, turns, state } = await open('one')
  session.tryBeside(adagrad, named('Adagrad'))
  await turns.rest()
  const [run, other] = session.trainers
  session.experiments.adopt(1)
  await turns.rest()
  expect(session.trainers).toEqual([other])
  expect(session.trainer).toBe(other)
  expect(state.value.running?.training.optimizer.type).toBe('adagrad')
  expect(state.value.running?.experiments).toBeUndefined()
  expect(fakes([run])[0]!.destroyed).toBe(false)
  session.undo()
  await turns.rest()
  expect(session.trainers).toEqual([run, other])
  expect(session.trainer).toBe(run)
  expect(session.trainers.map(({ step }) => step)).toEqual([12, 12])
  session.redo()
  await turns.rest()
  expect(session.trainer).toBe(other)
  expect(world.made).toHaveLength(2)
  expect(world.faults).toEqual([])
})

test('one that is removed comes back by undo; data of another kind let go of it', async () => {
  const { session, world, turns } = await open('one')
  session.experiments.add([
    { title: named('faster'), change: faster },
    { title: named('Adagrad'), change: adagrad },
  ])
  await turns.rest()
  const before = [...session.trainers]
  session.experiments.remove(1)
  await turns.rest()
  expect(session.trainers).toEqual([before[0], before[2]])
  session.undo()
  await turns.rest()
  expect(session.trainers).toEqual(before)
  session.experiments.remove(2)
  await turns.rest()
  expect(world.alive).toHaveLength(3)
  void session.choosePreset('two')
  await turns.rest()
  expect(world.alive).toHaveLength(1)
})

test('a change of the run’s network begins all anew, one of an experiment’s own it alone', async () => {
  const { session, world, turns } = await open('one')
  session.tryBeside({ layers: [{ type: 'dense', units: 1 }] }, named('shallow'))
  await turns.rest()
  const [run, shallow] = session.trainers
  await session.showVariant(1)
  session.edit(({ layers }) => void layers.unshift({ type: 'dense', units: 2 }), 'add')
  await turns.rest()
  expect(session.trainers[0]).toBe(run)
  expect(session.trainers[1]).not.toBe(shallow)
  expect(session.trainers.map(({ model }) => model.layers.length)).toEqual([3, 2])
  void session.showVariant(0)
  await turns.rest()
  session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
  await turns.rest()
  expect(session.trainers).not.toContain(run)
  expect(session.trainers.map(({ model }) => model.batchSize)).toEqual([8, 8])
  expect(world.alive).toHaveLength(2)
})

test('a race begins all at step 0, and undo brings the run back', async () => {
  const { session, turns, state } = await open('one')
  const run = session.trainer
  expect(session.experiments.beginAnew(faster, [{ title: named('Adagrad'), change: adagrad }], named('Adam'))).toBeNull()
  await turns.rest()
  expect(session.trainers).toHaveLength(2)
  expect(session.trainers).not.toContain(run)
  expect(state.value.running?.experiments?.title).toEqual(named('Adam'))
  expect(fakes(session.trainers).map(({ learningRate }) => learningRate)).toEqual([0.5, 0.1])
  session.undo()
  await turns.rest()
  expect(state.value.running?.experiments).toBeUndefined()
  expect(fakes(session.trainers).map(({ learningRate }) => learningRate)).toEqual([0.005])
})

test('what makes no sense, or one too many, is refused and changes nothing', async () => {
  const { session, turns, state } = await open('one')
  const refusal = session.tryBeside({ layers: [{ type: 'dense', units: 0 }] }, named('none'))
  expect(toldText(refusal!)).toMatch(/^none: /)
  session.experiments.add(Array.from({ length: mostExperiments }, (_, i) => ({ title: named(String(i)), change: { seed: i + 2 } })))
  await turns.rest()
  expect(session.trainers).toHaveLength(7)
  expect(toldText(session.tryBeside(faster, named('seventh'))!)).toBe('6 experiments run already; remove one to try another')
  expect(state.value.draft?.experiments?.list).toHaveLength(6)
})
