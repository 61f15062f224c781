/** What the session makes of a change: the run goes on, takes it live, or begins anew and says so. */
import { said } from '../../src/app/words/language.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { wrong } from '../../src/errors.ts'
import type { Session } from '../../src/app/run/session.ts'
import type { Dataset, SampleBlocks } from '../../src/data/types.ts'
import { datasets } from './fake-engine.ts'
import { open } from './fake-page.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('choosing the preset at hand', () => {
  test('leaves its run alone', async () => {
    const { session, world, turns } = await open('one')
    await Promise.all([session.choosePreset('one'), turns.rest()])
    expect(world.made).toHaveLength(1)
  })

  test.each(['train', 'test'] as const)('loads its data again where some of the %s part did not come', async (part) => {
    const failing: SampleBlocks = {
      size: 4,
      arrived: 4,
      until: () => Promise.reject(wrong('problem.notLoaded', { path: 'data/x', status: 404 })),
    }
    const { train } = datasets.one
    const dataset: Dataset = { ...datasets.one, test: { ...train } }
    dataset[part] = { ...train, blocks: failing }
    const { session, world, turns } = await open('one', {}, { dataset })
    await turns.rest()
    await Promise.all([session.choosePreset('one'), turns.rest()])
    expect(world.made).toHaveLength(2)
  })

  test('says why the test part does not come, until it has come', async () => {
    const missing = wrong('problem.notLoaded', { path: 'data/x', status: 404 })
    const blocks = { size: 4, arrived: 0, until: vi.fn<SampleBlocks['until']>(() => Promise.reject(missing)) }
    const dataset: Dataset = { ...datasets.one, test: { ...datasets.one.train, blocks } }
    const { session, turns, state } = await open('one', { epochs: null }, { dataset })
    expect(state.value.problem).toEqual({ place: 'data', told: missing })
    session.runner.pause()
    await turns.rest()
    blocks.until.mockResolvedValue(undefined)
    session.runner.play()
    await turns.upTo('step')
    expect(state.value.problem).toBeNull()
    session.runner.pause()
    await turns.rest()
  })

  test('prepares it again where its network was refused', async () => {
    const { session, world, turns } = await open('one')
    world.refusesNext = true
    await Promise.all([session.choosePreset('two'), turns.rest()])
    expect(session.state.value.problem).not.toBeNull()
    await Promise.all([session.choosePreset('two'), turns.rest()])
    expect(session.state.value).toMatchObject({ problem: null, dataset: { name: 'two' } })
  })
})

describe('what the trainers take while they run', () => {
  test.each(['one', 'compared'] as const)('does not interrupt the run of %s', async (preset) => {
    const { session, turns } = await open(preset, { epochs: null })
    const hold = vi.spyOn(session.runner, 'hold')
    session.edit(({ training }) => (training.optimizer.learningRate = 0.5), 'rate')
    vi.advanceTimersByTime(300)
    for (let i = 0; i < 20; i++) await turns.one()
    expect(session.trainer!.learningRate).toBe(0.5)
    expect(hold).not.toHaveBeenCalled()
    session.runner.pause()
    await turns.rest()
  })

  test.each<[string, Parameters<Session['edit']>[0]]>([
    ['learning rate', ({ training }) => (training.optimizer.learningRate = 0.5)],
    ['momentum', ({ training }) => Object.assign(training.optimizer, { momentum: 0.95 })],
    ['clipping', ({ training }) => (training.clipNorm = 1)],
    ['schedule', ({ training }) => (training.schedule = { type: 'exponential', factor: 0.9 })],
    ['weight decay', ({ training }) => (training.optimizer.weightDecay = 0.1)],
    ['epochs', (draft) => (draft.epochs = 9)],
    ['evaluation', (draft) => (draft.evaluateEvery = 5)],
  ])('%s begins nothing anew, back and forth', async (_, change) => {
    const { session, world, turns, state } = await open('one')
    session.edit(({ training }) => (training.optimizer = { type: 'sgd', learningRate: 0.1, momentum: 0.9 }), 'optimizer')
    await turns.rest()
    const { made } = world
    const [count, { trainer }] = [made.length, session]
    session.edit(change, 'edit')
    expect(state.value.restarts).toBeNull()
    await turns.rest()
    expect(state.value.draft).toEqual(state.value.running)
    session.undo()
    await turns.rest()
    expect(made).toHaveLength(count)
    expect(session.trainer).toBe(trainer)
  })
})

describe('a change that begins the run anew', () => {
  test('says so before, and after with the way back to the run before', async () => {
    const { session, turns, state } = await open('one')
    let goBack = () => {}
    const told: string[] = []
    session.tell = (message, _tone, action) => {
      told.push(typeof message === 'string' ? message : said(message))
      if (action) goBack = action.act
      return () => {}
    }
    await turns.rest()
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    session.edit(({ training }) => (training.seed = 5), 'seed')
    expect(said(state.value.restarts!)).toBe('batch size 8, seed 5')
    await turns.upTo('compile')
    expect(state.value.restarts).not.toBeNull()
    await turns.rest()
    expect(state.value.restarts).toBeNull()
    expect(told).toEqual(['Restarted: batch size 8, seed 5.'])
    goBack()
    await turns.rest()
    expect(state.value.running?.training).toMatchObject({ batchSize: 16, seed: 1 })
    expect(told).toHaveLength(1)
  })

  test('says nothing before the first step, nor of another preset', async () => {
    const { session, turns, told } = await open('one')
    void session.reset()
    session.runner.pause()
    await turns.rest()
    session.edit(({ training }) => (training.batchSize = 8), 'batchSize')
    await turns.rest()
    await Promise.all([session.choosePreset('two'), turns.rest()])
    expect(told).toEqual([])
  })
})

test('a model file’s batch of more samples than there are is all of them, which is told', async () => {
  const { session, turns, told, state } = await open('one')
  const draft = structuredClone(state.value.draft!)
  draft.training.batchSize = 500
  await Promise.all([session.useModel(draft), turns.rest()])
  expect(session.trainer!.model.batchSize).toBe(16)
  expect(told).toEqual(["The model file's batch size of 500 became 16: there are only 16 training samples."])
})
