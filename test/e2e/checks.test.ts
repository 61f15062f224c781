import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import type { Layer } from '../../src/model/types.ts'
import { expectNoErrors, runLayers, servedBuild, setPlaying, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

async function clickMiddle(page: Page, selector: string): Promise<void> {
  const element = await page.waitForSelector(selector, { visible: true })
  await element!.evaluate((one) => one.scrollIntoView({ block: 'center' }))
  const { x, y, width, height } = (await element!.boundingBox())!
  await page.mouse.click(x + width / 2, y + height / 2)
}
const textOf = (page: Page, selector: string) => page.$eval(selector, (element) => (element as HTMLElement).innerText)

test('a run whose loss is no number stops, says which operation made it, and goes back to before the rate was raised', async () => {
  const { page, errors } = await start('moons', { width: 1440, height: 900 })
  await untilStep(page, 1)
  const layers: Layer[] = [
    { type: 'dense', units: 16 },
    { type: 'relu' },
    { type: 'dense', units: 16 },
    { type: 'relu' },
    { type: 'dense', units: 1 },
  ]
  await runLayers(page, layers, { loss: 'mse', optimizer: { type: 'sgd', learningRate: 0.01 } }, { endless: true })
  await untilStep(page, 100)
  const field = 'input[aria-label="Learning rate"]'
  await clickMiddle(page, field)
  await page.click(field, { count: 3 })
  await page.keyboard.type('1e18')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => {
    const close = document.querySelector<HTMLButtonElement>('.not-finite-ways button:last-child')
    return close && !close.disabled
  })
  const said = await textOf(page, '.not-finite')
  const told =
    /The loss of step (\d+) is not finite\. Step (\d+), (forward|backward|update): \S+ of Dense \d made (-?Infinity|NaN) at \[[\d, ]+\] of finite numbers: .+\./.exec(
      said,
    )
  expect(told, said).not.toBe(null)
  const first = await page.evaluate(() => {
    const { step, loss } = globalThis.gradscope.session.trainer!.history
    return step[loss.indexOf(null)]
  })
  expect(first).toBe(Number(told![1]))
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.playing)).toBe(false)

  // As it was when the rate was raised, and with the rate of then; it trains on from there.
  const way = await textOf(page, '.not-finite-ways button.primary')
  const good = Number(/^Back to step (\d+)$/.exec(way)?.[1])
  expect(good, way).toBeGreaterThanOrEqual(100)
  expect(good).toBeLessThan(Number(told![2]))
  await clickMiddle(page, '.not-finite-ways button.primary')
  await page.waitForFunction((step) => globalThis.gradscope.session.trainer!.step === step, {}, good)
  await page.waitForFunction(() => document.querySelector('.not-finite') === null)
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running!.training.optimizer.learningRate === 0.01)
  expect(await page.$eval(field, (input) => (input as HTMLInputElement).value)).toBe('0.01')
  const { losses, rate, live } = await page.evaluate(() => {
    const { session } = globalThis.gradscope
    const trainer = session.trainer!
    return { losses: trainer.history.loss, rate: trainer.settings.optimizer.learningRate, live: session.state.value.live }
  })
  expect(losses).toHaveLength(good)
  expect(losses).not.toContain(null)
  expect([rate, live.step]).toEqual([0.01, good])
  await clickMiddle(page, '#play')
  await untilStep(page, good + 50)
  expect(await page.$('.not-finite')).toBe(null)
  expectNoErrors({ errors })
})

another('the sharpness that the page shows is the library’s, beside what the rate bears', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  await clickMiddle(page, '#question-rate')
  await clickMiddle(page, '#measure-sharpness')
  await page.waitForFunction(() => /^Step \d+\./.test(document.querySelector<HTMLElement>('.sharpness-verdict')?.innerText ?? ''))
  const said = await textOf(page, '.sharpness-verdict')
  const shown = /^Step (\d+)\. (?:Preconditioned s|S)harpness ([\d.e-]+) is (above|about|below) (\S+) = ([\d.e]+)/.exec(said)
  expect(shown, said).not.toBe(null)
  const step = await page.evaluate(() => globalThis.gradscope.session.trainer!.step)
  expect(Number(shown![1])).toBe(step)
  const rate = await page.evaluate(() => globalThis.gradscope.session.trainer!.learningRate)
  const optimizer = await page.evaluate(() => globalThis.gradscope.session.trainer!.model.optimizer)
  const bound = optimizer.type === 'adam' ? 3.8 / (0.1 * rate) : 2 / rate
  if (optimizer.type === 'adam' || (optimizer.type === 'sgd' && !optimizer.momentum)) expect(Number(shown![5]) / bound).toBeCloseTo(1, 2)
  // measured again at the same parameters
  await clickMiddle(page, '#measure-sharpness')
  await page.waitForSelector('#measure-sharpness')
  expect(await textOf(page, '.sharpness-verdict')).toBe(said)
  expectNoErrors({ errors })
})

test('a weight’s gradient beside differences of the loss, in its card; a badge keeps what a hundred of them gave', async () => {
  const { page, errors } = await start('iris', { width: 1440, height: 900 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  await page.focus('#view')
  for (const key of ['ArrowRight', 'ArrowRight', 'Enter'] as const) await page.keyboard.press(key)
  await clickMiddle(page, '#check-gradient')
  await page.waitForSelector('.gradient-check')
  const place = await page.$eval('.gradient-check', (element) => element.getAttribute('aria-label')!)
  const [, path, index] = /^(\S+), number (\d+)$/.exec(place)!
  const rows = await page.$$eval('.gradient-check dd', (all) => all.map((element) => element.innerText))
  const numbers = rows.map((row) => Number(row.split(' ')[0]!.replace('−', '-').replace('e−', 'e-')))
  expect(numbers.every(Number.isFinite), rows.join()).toBe(true)
  for (const difference of numbers.slice(1)) expect(Math.abs(difference - numbers[0]!)).toBeLessThan(0.02 * Math.abs(numbers[0]!) + 1e-5)
  expect(path).toBe('layers.0.weight')
  expect(Number(index)).toBeGreaterThanOrEqual(0)

  await clickMiddle(page, '#check-gradients')
  await page.waitForSelector('#checked-gradients')
  const step = await page.evaluate(() => globalThis.gradscope.session.trainer!.step)
  const badge = await textOf(page, '#checked-gradients')
  const told = /^(\d+) of (\d+) gradients agree(?:, (\d+) at a kink)?, worst \S+, step (\d+)$/.exec(badge)
  expect(told, badge).not.toBe(null)
  expect(Number(told![1]) + Number(told![3] ?? 0)).toBe(Number(told![2]))
  expect(Number(told![4])).toBe(step)
  expectNoErrors({ errors })
})
