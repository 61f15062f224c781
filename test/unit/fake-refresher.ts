/** A page that keeps up with the run, on an engine, a view and elements of fakes. */
import { vi } from 'vitest'
import { Rail } from '../../src/app/charts/rail.ts'
import type { Card } from '../../src/app/charts/card.ts'
import type { PictureParts } from '../../src/app/refresh/picture.ts'
import { Refresher } from '../../src/app/refresh/refresher.ts'
import type { Description } from '../../src/app/run/state.ts'
import type { Dataset, SampleBlocks } from '../../src/data/types.ts'
import type { ObservedParameter } from '../../src/graph/observation.ts'
import type { LayerStatistics } from '../../src/inspect/layer-statistics.ts'
import type { Trainer } from '../../src/train/types.ts'
import type { View } from '../../src/view/types.ts'
import { fakeDom } from './fake-dom.ts'
import { datasets, type FakeTrainer } from './fake-engine.ts'
import { open } from './fake-page.ts'

const frames: (() => void)[] = []
export const microtasks = () => new Promise((resolve) => setImmediate(resolve))
/** So many frames of the page. */
export async function frame(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    for (const draw of frames.splice(0)) draw()
    await microtasks()
  }
}

export const fake = (trainer: Trainer | null | undefined) => trainer as unknown as FakeTrainer
const nothing = () => {}

/** To be called before each test: time stands still, and the page has no frames but those of `frame`. */
export function fakePage() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  frames.length = 0
  const dom = fakeDom()
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw))
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.stubGlobal('addEventListener', nothing)
  vi.stubGlobal('devicePixelRatio', 1)
  return dom
}

/** As the GPU would find a parameter. */
const statisticsOf = ({ path, kind }: ObservedParameter): LayerStatistics => ({
  path,
  kind,
  gradientNorm: 0.5,
  weightNorm: 1,
  count: 4,
  zeroGradients: 0,
  nonFiniteWeights: { nan: 0, infinite: 0 },
  nonFiniteGradients: { nan: 0, infinite: 0 },
  weightBins: { minimum: -1, maximum: 1, counts: Uint32Array.of(2, 2) },
  gradientBins: { minimum: -2, maximum: 2, counts: Uint32Array.of(2, 2) },
})

interface Options {
  software?: boolean
  preset?: keyof typeof datasets
  blocks?: SampleBlocks
  cards?: readonly Card[]
  change?: Partial<Description>
}

/** At step 0 of a preset that was chosen after another, and paused. */
export async function refreshed({ software = false, preset = 'two', blocks, cards = [], change = {} }: Options = {}) {
  const test = { count: 4, x: new Float32Array(8), y: new Float32Array(4), ...(blocks && { blocks }) }
  const dataset: Dataset = { ...datasets.one, train: datasets.one.train, test }
  const { session, turns, state, world } = await open('one', { epochs: null, ...change }, { dataset, software })
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
    onLook: () => () => {},
    look: () => {},
    camera: null,
  }
  /** Reads of statistics: how many, and what they wait for. */
  const statistics = { reads: 0, until: Promise.resolve() }
  world.services.createInspector = (_, observation, { statisticsOf: all = observation } = {}) =>
    ({
      observation,
      update: nothing,
      read: async () => {
        statistics.reads++
        await statistics.until
        return all.parameters.map(statisticsOf)
      },
      pathNorms: async () => [],
      compile: async () => {},
      destroy: nothing,
    }) as never
  const parts = {
    view,
    canvas: { clientWidth: 100, clientHeight: 100, addEventListener: nothing },
    insets: () => ({ left: 0, right: 0, top: 0, bottom: 0 }),
    legend: { update: nothing, setBatch: nothing },
    inspector: { update: nothing, adopt: nothing },
  } as unknown as PictureParts
  const rail = new Rail(cards, { session, openKernels: nothing })
  new Refresher(session, world.services, parts, rail).start()
  await Promise.all([session.choosePreset(preset), turns.rest()])
  await frame(3)
  return { session, turns, state, view, statistics, toggle: (path: string) => toggle.forEach((listener) => listener(path)) }
}
