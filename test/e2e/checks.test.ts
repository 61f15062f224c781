import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { expectNoErrors, servedBuild, setPlaying, untilStep } from './page.ts'
import { test } from '../kinds.ts'

const start = servedBuild()

async function clickMiddle(page: Page, selector: string): Promise<void> {
  const element = await page.waitForSelector(selector, { visible: true })
  await element!.evaluate((one) => one.scrollIntoView({ block: 'center' }))
  const { x, y, width, height } = (await element!.boundingBox())!
  await page.mouse.click(x + width / 2, y + height / 2)
}
const textOf = (page: Page, selector: string) => page.$eval(selector, (element) => (element as HTMLElement).innerText)

test('the sharpness that the page shows is the library’s, beside what the rate bears', async () => {
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
