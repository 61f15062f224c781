/** The picture and the charts beside the run, on an engine, a view and a page of fakes. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasArrived } from '../../src/app/run/arrivals.ts'
import { Live, type Parts } from '../../src/app/refresh/refresher.ts'
import type { SampleBlocks } from '../../src/data/types.ts'
import type { Trainer } from '../../src/train/types.ts'
import type { View } from '../../src/view/types.ts'
import { datasets, type FakeTrainer } from './fake-engine.ts'
import { open } from './fake-page.ts'

const frames: (() => void)[] = []
const microtasks = () => new Promise((resolve) => setImmediate(resolve))
/** So many frames of the page. */
async function frame(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    for (const draw of frames.splice(0)) draw()
    await microtasks()
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  frames.length = 0
  const element = { hidden: false, textContent: '' }
  vi.stubGlobal('document', { body: { dataset: {} }, getElementById: () => element })
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw))
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('devicePixelRatio', 1)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const fake = (trainer: Trainer | null) => trainer as unknown as FakeTrainer
const nothing = () => {}

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

async function page({ software = false, blocks }: { software?: boolean; blocks?: SampleBlocks } = {}) {
  const { train } = datasets.one
  const test = { count: 4, x: new Float32Array(8), y: new Float32Array(4), ...(blocks && { blocks }) }
  const { session, turns, state, world } = await open('one', { epochs: null }, { dataset: { ...datasets.one, train, test }, software })
  session.runner.pause()
  await turns.rest()
  const device = { createCommandEncoder: () => ({ finish: nothing }), queue: { submit: nothing, onSubmittedWorkDone: async () => {} } }
  Object.assign(session.engine, { device })
  const toggle = new Set<(path: string) => void>()
  const view = {
    settings: { scale: 'layer' },
    show: vi.fn<View['show']>(),
    compile: () => (software ? new Promise<void>(nothing) : Promise.resolve()),
    sketch: vi.fn<View['sketch']>(),
    colourSketch: vi.fn<View['colourSketch']>(async () => {}),
    greySketch: vi.fn<View['greySketch']>(),
    render: nothing,
    resize: nothing,
    set: nothing,
    legend: async () => [],
    neuronLegend: async () => [],
    onToggle: (listener: (path: string) => void) => toggle.add(listener),
  }
  world.services.createInspector = (_, observation) =>
    ({ observation, update: nothing, read: async () => [], pathNorms: async () => [], compile: async () => {}, destroy: nothing }) as never
  const part = { seen: false, plane: null, update: nothing, clear: nothing, show: nothing, adopt: nothing, setBatch: nothing }
  const parts = Object.fromEntries(
    ['curves', 'norms', 'comparison', 'histograms', 'prediction', 'cost', 'legend', 'inspector'].map((name) => [name, { ...part }]),
  ) as unknown as Parts
  const canvas = { clientWidth: 100, clientHeight: 100, addEventListener: nothing } as unknown as HTMLCanvasElement
  const insets = () => ({ left: 0, right: 0, top: 0, bottom: 0 })
  const live = new Live(session, view as unknown as View, canvas, world.services, insets, parts)
  live.start()
  await Promise.all([session.choosePreset('two'), turns.rest()])
  await frame(3)
  return { session, turns, state, view, toggle: (path: string) => toggle.forEach((listener) => listener(path)) }
}

describe('an evaluation', () => {
  test('does not begin before all its samples have arrived, and begins as soon as they have', async () => {
    const { blocks, arrive } = arriving()
    const { session, state, turns } = await page({ blocks })
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
    const { session, state, turns, view, toggle } = await page()
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
    const { session, state, turns } = await page()
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
    const { session, state, turns } = await page()
    await turns.rest()
    const told = { epoch: 1, loss: 1, accuracy: null, losses: Float32Array.of(1), stepsPerSecond: 1 }
    const evaluations = [{ step: 1, loss: 0.5, accuracy: null, correct: null, count: 4 }]
    fake(session.trainer).tells = { ...told, step: 1, evaluations, restored: 0 }
    await Promise.all([session.step(), turns.rest()])
    expect(state.value.live).toMatchObject({ step: 1, testLoss: null })
  })
})

test('the sketch of a run that is reset is grey until its first step, and another run’s colours under way colour nothing', async () => {
  const { session, turns, view } = await page({ software: true })
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
