import type { Page } from 'puppeteer'
import { untilRests } from './rest.ts'
import { expect } from 'vitest'
import { click, expectNoErrors, servedBuild, setPlaying, stepOf, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

const text = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent ?? '')
const untilText = (page: Page, selector: string, wanted: string) =>
  page.waitForFunction((where, what) => document.querySelector(where)?.textContent === what, {}, selector, wanted)

/** The neurons that a panel lies over. */
const covered = (page: Page, panel: string) =>
  page.evaluate((selector) => {
    const { session, view } = globalThis.gradscope
    const { left, right, top, bottom } = document.querySelector(selector)!.getBoundingClientRect()
    return session.trainer!.observation().columns.flatMap(({ width, path }, column) =>
      Array.from({ length: width }, (_, index) => ({ kind: 'neuron' as const, column, path, index })).filter((neuron) => {
        const { x, y } = view.locate(neuron)
        return x > left && x < right && y > top && y < bottom
      }),
    )
  }, panel)

/** Clicks a neuron, where the picture has come to rest. */
async function clickNeuron(page: Page, column: number, index: number) {
  await untilRests(page)
  const { x, y } = await page.evaluate(
    (at) => {
      const { session, view } = globalThis.gradscope
      return view.locate({ kind: 'neuron', ...at, path: session.trainer!.observation().columns[at.column]!.path })
    },
    { column, index },
  )
  await page.mouse.click(x, y)
  await page.waitForSelector('.inspector:not([hidden]) dd')
}

test('confusion matrix and test numbers come from one evaluation, whose step they tell; a reset forgets them', async () => {
  const { page, errors } = await start('iris', { width: 1440, height: 900 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  const step = await stepOf(page)
  await untilText(page, '#card-prediction .note', `test · step ${step}`)
  expect(await text(page, '#card-curves .readout .test')).toBe(`test, at step ${step}`)
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.live.tested)).toEqual({ first: step, last: step })
  // In sight it is measured; the rows stand there as soon as the network is shown, without numbers.
  await page.$eval('#card-norms', (element) => element.scrollIntoView({ block: 'nearest' }))
  await page.waitForFunction(() => (document.querySelector('.bars .number')?.textContent ?? '–') !== '–')
  await click(page, '#reset')
  await untilText(page, '#card-prediction .note', 'test · step 0')
  await untilText(page, '.bars .axis', 'no gradient yet')
  await untilText(page, '.legend-rows .hi:not(.head)', '–')
  expect(await page.$$eval('.bars .number', (cells) => cells.map((cell) => cell.textContent))).toEqual(['–', '–', '–', '–'])
  expect(await page.evaluate(() => globalThis.gradscope.session.curves.testLoss.x)).toEqual([0])
  expectNoErrors({ errors })
})

another('no panel lies over the network, and the card of a neuron follows parameters that are loaded', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  await clickNeuron(page, 2, 0)
  await page.waitForFunction(() => document.querySelectorAll('.inspector dd').length > 3)
  await untilRests(page)
  expect(await covered(page, '.legend')).toEqual([])
  expect(await covered(page, '.inspector')).toEqual([])
  await page.evaluate(() => globalThis.gradscope.session.loadParameters({ 'layers.2.bias': new Float32Array(8).fill(7) }))
  await page.waitForFunction(() => document.querySelector('.inspector dl')?.textContent?.includes('bias7.00000'))
  await click(page, '[data-preset=iris]')
  await page.waitForFunction(() => document.querySelector<HTMLElement>('.inspector')?.hidden)
  expectNoErrors({ errors })
})

another('on a phone the legend stands clear of the network after a sheet was open, and fingers find every control', async () => {
  const { page, errors } = await start('moons', { width: 390, height: 844 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  for (const tab of ['data', 'network', 'training', 'charts']) {
    await click(page, `#tab-${tab}`)
    const small = await page.$$eval('button, select, summary, input:not([type=file], [type=checkbox], [type=radio])', (elements) =>
      elements.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect()
        const name = element.getAttribute('aria-label') ?? element.textContent
        return element.checkVisibility({ visibilityProperty: true }) && width > 0 && Math.min(width, height) < 39.5
          ? [`${name}: ${width} × ${height}`]
          : []
      }),
    )
    expect(small, tab).toEqual([])
    await click(page, `#tab-${tab}`)
  }
  await untilRests(page)
  expect(await covered(page, '.legend')).toEqual([])
  expectNoErrors({ errors })
})
