/** Transport, legend, card and help on a page without a browser, in both languages. */
import { message } from '../../src/words/say.ts'
import { display } from '../../src/app/run/display.ts'
import { noWork } from '../../src/app/run/state.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { suggested } from '../../src/app/run/describe.ts'
import type { Session } from '../../src/app/run/session.ts'
import { createState } from '../../src/app/run/state.ts'
import { openHelp } from '../../src/app/shell/help.tsx'
import { openKernels } from '../../src/app/shell/kernels-dialog.tsx'
import { transport } from '../../src/app/shell/transport.tsx'
import { inspectorCard } from '../../src/app/stage/inspector-card.tsx'
import type { Source } from '../../src/app/stage/reading.ts'
import { legend } from '../../src/app/stage/legend.tsx'
import { speak } from '../../src/app/words/language.ts'
import type { ViewSettings } from '../../src/view/types.ts'
import { observed } from './observed.ts'
import { dense } from '../../src/model/layers.ts'
import { drawn, fakeDom, type FakeDom, type FakeElement } from './fake-dom.ts'

let dom: FakeDom
beforeEach(() => {
  dom = fakeDom()
  vi.stubGlobal('addEventListener', () => {})
})
afterEach(async () => {
  await speak('en')
  vi.unstubAllGlobals()
})

const label = (element: FakeElement | null) => element?.getAttribute('aria-label')
const texts = (within: FakeElement, selector: string) => within.querySelectorAll(selector).map(({ textContent }) => textContent)

test('the transport tells what the run does and how it ended, and goes on in another language', async () => {
  const state = createState()
  const calls: string[] = []
  const call = (name: string) => () => void calls.push(name)
  const runner = {
    wantsPlay: true,
    play: call('play'),
    pause: call('pause'),
    setSpeed: (speed: number | null) => calls.push(`speed ${speed}`),
  }
  const session = { state, runner, reset: async () => void calls.push('reset'), stopTrying: call('stop') } as unknown as Session
  transport(session, call('step'))
  const [bar, captions] = [dom.byId('transport'), dom.byId('caption')]
  const play = bar.querySelector('[id="play"]')!
  const ended = captions.querySelector('[id="ended"]')!
  expect([label(play), ended.hidden]).toEqual(['Play', true])

  const running = { ...suggested({ inputShape: [2], outputs: 1, train: { count: 8, y: new Float32Array(8) } }), epochs: 8 }
  state.set({ running, work: { kind: 'trying', done: 0.3, what: 'shell.compiling' }, restarts: message('change.batchSize', { size: 7 }) })
  await drawn()
  expect(texts(captions, '.caption')[0]).toBe('Restarts the run: batch size 7 · Compiling kernels … 30 %Stop')
  expect(bar.querySelector('.progress')?.getAttribute('aria-valuetext')).toBe('Compiling kernels')

  const live = { ...state.value.live, step: 16, epoch: 8, loss: 0.5 }
  state.set({ work: noWork, restarts: null, playing: true, goal: 16, live })
  await drawn()
  expect([label(play), play.textContent, ended.hidden]).toEqual(['Pause', '', true])
  expect(captions.querySelectorAll('.caption')[0]!.hidden).toBe(true)
  play.fire('click')
  state.set({ playing: false, speed: 5 })
  await drawn()
  expect([label(play), play.textContent]).toEqual(['Train on: 8 epochs more', 'Train on'])
  expect([ended.hidden, ended.textContent]).toEqual([false, '8 epochs done.Train again'])
  expect(texts(bar, 'dd')).toEqual(['8.00', '16', '0.5000', '–'])
  expect(bar.querySelector('.speed')?.textContent).toBe('Speed5/s')
  ended.querySelector('button')!.fire('click')
  await drawn()
  expect(calls).toEqual(['pause', 'reset', 'play'])

  await speak('zh')
  await drawn()
  expect([label(play), ended.textContent]).toEqual(['继续训练：再训练 8 轮', '已完成 8 轮。重新训练'])
})

test('the legend tells ranges and what is not finite; its parameters change the view', async () => {
  const state = createState()
  const { update, setBatch } = legend(state, 500)
  const host = dom.byId('legend')
  const none = { nan: 0, infinite: 0, count: 9 }
  const odd = { nan: 4, infinite: 0, count: 9 }
  const edges = [
    { name: 'Dense 1', lo: 0.1, hi: 2, ...none },
    { name: 'Dense 2', lo: 0, hi: 0, ...odd },
  ]
  const paths = [{ name: 'Residual 1', bypass: { norm: 1, ...none }, layers: { norm: NaN, ...odd } }]
  const rows = () => host.querySelectorAll('.legend-rows').map((table) => texts(table, 'span'))
  update(() => ({ edges, neurons: [], paths }), false)
  setBatch(64)
  await drawn()
  expect(rows()[0]).toEqual(['', 'dark', 'bright', 'Dense 1', '–', '–', '', 'Dense 2', '–', '–', ''])
  update(() => ({ edges, neurons: [], paths }), true)
  await drawn()
  expect(rows()[0]).toEqual(['', 'dark', 'bright', 'Dense 1', '0.100', '2.00', '', 'Dense 2', '', '', 'NaN 4 of 9'])
  expect(rows()[1]).toEqual(['', 'bypass', 'layers', 'Residual 1', '1.00', 'NaN', 'layers: NaN 4 of 9'])

  const more = host.querySelector('[id="legend-more"]')!
  expect(more.hidden).toBe(true)
  host.querySelector('[aria-label="More about the colours"]')!.fire('click')
  await drawn()
  expect(more.hidden).toBe(false)
  expect(texts(more, '.lil-name')).toContain('Sample of 64')
  const scale = more.querySelector('select')!
  scale.selectedIndex = 1
  scale.fire('change')
  expect(state.value.display).toMatchObject({ scale: 'global', legend: true, edgesPerLayer: null })
  // A row follows what is set elsewhere, and the sample the batch.
  display(state, { scale: 'layer', sample: 9 })
  await drawn()
  expect(scale.selectedIndex).toBe(0)
  setBatch(4)
  await drawn()
  expect(state.value.display.sample).toBe(3)
  expect(texts(more, '.lil-name')).toContain('Sample of 4')
  await speak('zh')
  await drawn()
  expect(texts(more, '.lil-name').slice(0, 2)).toEqual(['颜色刻度', '色图'])
})

test('the card shows what was read, and closes', async () => {
  const network = observed([2], [dense(8), dense(1)])
  const source: Source = {
    view: { readValues: async () => ({ kind: 'neuron', activation: 1, gradient: 2, bias: 7 }), settings: { sample: 0 } as ViewSettings },
    observation: () => network,
    trainer: () => null,
    learningRate: () => 0.1,
    training: () => null,
    names: () => ({ inputs: [], outputs: [] }),
  }
  const card = inspectorCard(source)
  const panel = dom.byId('inspector').querySelector('.inspector')!
  expect(panel.hidden).toBe(true)
  card.select({ kind: 'neuron', column: 1, path: 'layers.0', index: 3 })
  await drawn()
  expect(panel.hidden).toBe(false)
  expect(panel.querySelector('header span')?.textContent).toBe('Neuron 4 of 8')
  expect(panel.querySelector('dl')?.textContent).toBe('activation1.00000∂L/∂activation2.00000bias7.00000layerdense 8, neuron 4')
  await speak('zh')
  await card.update()
  await drawn()
  expect(panel.querySelector('header span')?.textContent).toBe('神经元 4 / 8')
  panel.querySelector('button')!.fire('click')
  await drawn()
  expect(panel.hidden).toBe(true)
})

test('help and kernels are dialogs that go when they close', async () => {
  openHelp('A GPU')
  const texts = (selector: string) => dom.body.querySelector(selector)?.textContent
  expect([texts('h2'), texts('kbd')]).toEqual(['See every gradient', 'Space'])
  expect(dom.body.querySelector('a')?.getAttribute('href')).toBe('bench/index.html')
  dom.body.querySelector('dialog')!.close()
  await drawn()

  const record = { product: 'matmul 4×4', flops: 1e9, variant: 'tile', milliseconds: { tile: 2 }, tied: false, refused: { wide: 'wrong' } }
  const chosen: string[] = []
  await openKernels({
    adapter: 'A GPU',
    findings: async () => ({ other: { ...record, product: 'matmul 9×9', flops: 2e9 }, record }),
    products: () => new Set([record.product]),
    clear: async () => void chosen.push('clear'),
    tryAll: () => void chosen.push('all'),
    precision: 'f32',
    hasHalf: true,
    setPrecision: (precision) => void chosen.push(precision),
  })
  expect(texts('h2')).toBe('Kernels')
  expect(dom.body.querySelectorAll('tbody').map(({ textContent }) => textContent)).toEqual([
    'This run4×4tile2.005001 + 1 refused',
    'Other networks, tried earlier9×9tile2.001,0001 + 1 refused',
  ])
  const precision = dom.body.querySelector('[aria-label="Precision of matrix products"]')!
  precision.selectedIndex = 1
  precision.fire('change')
  dom.body.querySelector('.kernel-parameters button')!.fire('click')
  await drawn()
  expect(chosen).toEqual(['mixed', 'all'])
  expect(dom.body.querySelector('dialog')).toBeNull()
})
