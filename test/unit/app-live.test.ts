/** The picture and the charts beside the run, on an engine, a view and a page of fakes. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasArrived } from '../../src/app/run/arrivals.ts'
import type { SampleBlocks } from '../../src/data/types.ts'
import { fake, fakePage, frame, microtasks, refreshed } from './fake-refresher.ts'

beforeEach(() => void fakePage())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Its test part arrives when it is told to. */
function arriving() {
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  const blocks = {
    size: 4,
    arrived: 0,
    until: () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
  } satisfies SampleBlocks
  return {
    blocks,
    arrive() {
      blocks.arrived = 4
      for (const { resolve } of waiting.splice(0)) resolve()
    },
  }
}

describe('an evaluation', () => {
  test('does not begin before all its samples have arrived, and begins as soon as they have', async () => {
    const { blocks, arrive } = arriving()
    const { session, state, turns } = await refreshed({ blocks })
    const { test: part } = state.value.dataset!
    expect(hasArrived(part!)).toBe(false)
    expect(fake(session.trainer).evaluations).toBe(0)
    arrive()
    await frame(2)
    expect(fake(session.trainer).evaluations).toBe(1)
    await turns.rest()
    expect(state.value.live.testLoss).toBe(0.25)
  })

  test('that is under way holds up neither another preset nor a collapsed group, and what it finds then is dropped', async () => {
    const { session, state, turns, view, toggle } = await refreshed()
    expect(fake(session.trainer).evaluations).toBe(1)
    const shown = view.show.mock.calls.length
    toggle('layers.0')
    await frame()
    expect(view.show).toHaveBeenCalledTimes(shown + 1)
    const before = session.trainer
    const evaluated = turns.take('evaluate')
    void session.choosePreset('one')
    await turns.rest()
    expect(session.trainer).not.toBe(before)
    evaluated()
    await microtasks()
    expect(state.value.live.testLoss).toBeNull()
  })
})

describe('what was measured', () => {
  test('stays where the run tells an evaluation and no new step, and goes where parameters are loaded', async () => {
    const { session, state, turns } = await refreshed()
    await turns.rest()
    await Promise.all([session.step(), turns.rest()])
    const { step, loss } = state.value.live
    const told = { step, epoch: 1, loss: loss!, accuracy: null, losses: new Float32Array(), stepsPerSecond: 1 }
    fake(session.trainer).tells = { ...told, evaluations: [{ step, loss: 0.5, accuracy: null, correct: null, count: 4 }] }
    await Promise.all([session.step(), turns.rest()])
    expect(state.value.live).toMatchObject({ step, testLoss: 0.5 })
    const { generation } = session.runner
    void session.loadParameters({ 'layers.0.weight': Float32Array.of(1) })
    await turns.rest()
    expect(session.runner.generation).toBe(generation + 1)
    expect(state.value.live).toMatchObject({ step, testLoss: null })
  })

  test('goes where the best parameters are put back at the run’s end', async () => {
    const { session, state, turns } = await refreshed()
    await turns.rest()
    const told = { epoch: 1, loss: 1, accuracy: null, losses: Float32Array.of(1), stepsPerSecond: 1 }
    const evaluations = [{ step: 1, loss: 0.5, accuracy: null, correct: null, count: 4 }]
    fake(session.trainer).tells = { ...told, step: 1, evaluations, restored: 0 }
    await Promise.all([session.step(), turns.rest()])
    expect(state.value.live).toMatchObject({ step: 1, testLoss: null })
  })
})

test('the sketch of a run that is reset is grey until its first step, and another run’s colours under way colour nothing', async () => {
  const { session, turns, view } = await refreshed({ software: true })
  await Promise.all([session.step(), turns.rest()])
  vi.advanceTimersByTime(1000)
  await frame()
  expect(view.colourSketch).toHaveBeenCalled()
  expect(document.body.dataset['picture']).toBe('coloured')
  const [sketched, grey, coloured] = [view.sketch, view.greySketch, view.colourSketch].map(({ mock }) => mock.calls.length)
  await Promise.all([session.reset(), turns.rest()])
  expect(view.greySketch).toHaveBeenCalledTimes(grey! + 1)
  expect(document.body.dataset['picture']).toBe('outline')
  vi.advanceTimersByTime(1000)
  await frame()
  expect(view.sketch).toHaveBeenCalledTimes(sketched! + 1)
  expect(view.colourSketch).toHaveBeenCalledTimes(coloured!)
})
