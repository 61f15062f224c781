/** What the cards of the rail show, on elements that draw nothing. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cards } from '../../src/app/charts/cards.ts'
import { speak } from '../../src/app/words/language.ts'
import type { FakeDom } from './fake-dom.ts'
import { fake, fakePage, frame, refreshed } from './fake-refresher.ts'

const depth = vi.hoisted(() => ({ reads: 0 }))
vi.mock('../../src/inspect/depth.ts', () => ({
  DepthReader: class {
    readonly count: number
    constructor(_: unknown, observations: unknown[]) {
      this.count = observations.length
    }
    async read() {
      depth.reads++
      const norms = [1e-9, 1].map((norm, i) => ({ path: `layers.${i}.weight`, norm }))
      return Array.from({ length: this.count }, () => norms)
    }
    destroy() {}
  },
}))

let dom: FakeDom
beforeEach(() => {
  dom = fakePage()
  depth.reads = 0
})
afterEach(async () => {
  await speak('en')
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function pass(): Promise<void> {
  vi.advanceTimersByTime(1000)
  await frame(8)
}
const see = (...ids: string[]) => ids.forEach((id) => dom.see(`card-${id}`, true))
const texts = (id: string, className: string) =>
  dom
    .byId(`card-${id}`)
    .all(className)
    .map((element) => element.textContent)

test('norms and histograms forget their numbers as soon as another run or network is shown, before anything of it is measured', async () => {
  const { session, turns, statistics } = await refreshed({ cards })
  see('norms', 'histograms')
  const isEmpty = () => {
    expect(texts('norms', 'number')).toEqual(Array(4).fill('–'))
    expect(texts('norms', 'axis')).toEqual(['no gradient yet'])
    expect(texts('norms', 'name')).toEqual(['Dense 1 weight', 'Dense 1 bias', 'Dense 2 weight', 'Dense 2 bias'])
    expect(texts('histograms', 'span')).toEqual(Array(8).fill('–'))
  }
  const isFull = () => {
    expect(texts('norms', 'number')).toEqual(Array(4).fill('0.500'))
    expect(texts('histograms', 'span').slice(0, 2)).toEqual(['−1.001.00', '−2.002.00'])
  }
  await Promise.all([session.step(), turns.rest()])
  await pass()
  isFull()

  // From here on nothing that is read arrives.
  const arrives = statistics.until
  statistics.until = new Promise(() => {})
  await Promise.all([session.reset(), turns.rest()])
  isEmpty()

  statistics.until = arrives
  await Promise.all([session.step(), turns.rest()])
  await pass()
  isFull()
  statistics.until = new Promise(() => {})
  await Promise.all([session.choosePreset('one'), turns.rest()])
  isEmpty()
})

test('networks that are compared are measured while the one that is shown rests, and keep what was found where another is shown', async () => {
  const { session, turns } = await refreshed({ cards, preset: 'compared' })
  see('comparison')
  const words = () => texts('comparison', 'words')
  await pass()
  expect(words()).toEqual(['', '', ''])
  expect(depth.reads).toBe(0)

  await Promise.all([session.step(), turns.rest()])
  await pass()
  expect(depth.reads).toBe(1)
  expect(words()[0]).toContain('The first layer’s gradient is 1e−9 of the last’s: it vanishes.')

  // The one that is shown has ended early; another goes on.
  await pass()
  expect(depth.reads).toBe(1)
  const other = session.trainers.find((trainer) => trainer !== session.trainer)
  fake(other).step++
  await pass()
  expect(depth.reads).toBe(2)

  await Promise.all([session.showVariant(0), turns.rest()])
  expect(words()[1]).toContain('it vanishes')
  await Promise.all([session.reset(), turns.rest()])
  expect(words()).toEqual(['', '', ''])
})

test('the cards follow a change of the language, what they show and what they are called', async () => {
  const { session, turns } = await refreshed({ cards })
  see('curves', 'norms', 'histograms', 'cost')
  await pass()
  const memory = () => dom.byId('card-cost').all('memory')[0]?.getAttribute('aria-label')
  const texture = (id: string) => dom.byId(`card-${id}`).textContent
  const named = () => dom.byId('cards').children.map((card) => card.getAttribute('aria-label'))
  const english = named()
  expect(texts('norms', 'axis')).toEqual(['no gradient yet'])
  expect(texture('cost')).toContain('Steps per second')
  expect(memory()).toMatch(/^Cost$|^Parameters /)
  await speak('zh')
  expect(texts('norms', 'axis')).toEqual(['尚无梯度'])
  expect(texture('norms')).toContain('各层梯度范数')
  expect(texture('cost')).toContain('每秒步数')
  expect(memory()).toMatch(/^开销$|^参数 /)
  expect(texture('curves')).toContain('训练')
  expect(texts('histograms', 'head')).toEqual(['数值', '梯度'])
  expect(named().filter((name) => english.includes(name))).toEqual([])

  await Promise.all([session.step(), turns.rest()])
  await pass()
  await speak('en')
  expect(texture('curves')).toContain('train')
  expect(texts('histograms', 'head')).toEqual(['values', 'gradients'])
  expect(memory()).toMatch(/^Parameters /)
  const [plot] = dom.byId('card-histograms').all('plot')
  expect(plot?.getAttribute('aria-label')).toBe('Values of Dense 1 weight')
})

test('outputs over the plane are asked for while their card is in sight, and go with the run that they are of', async () => {
  const { session, turns } = await refreshed({ cards })
  const predict = vi.fn<() => Promise<Float32Array>>(async () => new Float32Array(64 * 64))
  Object.assign(fake(session.trainer), { predict })
  // The test part is evaluated for the figures.
  await turns.rest()
  await pass()
  expect(predict).not.toHaveBeenCalled()
  see('prediction')
  await pass()
  expect(predict).toHaveBeenCalledTimes(1)
  expect(dom.byId('card-prediction').textContent).toContain('Decision boundary')
  expect(texts('prediction', 'note')).toEqual(['step 0'])
  predict.mockImplementation(() => new Promise(() => {}))
  await Promise.all([session.step(), turns.rest()])
  expect(texts('prediction', 'note')).toEqual(['step 0'])
  await Promise.all([session.reset(), turns.rest()])
  expect(texts('prediction', 'note')).toEqual([''])
})
