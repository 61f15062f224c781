/** What is wrong with a run, on the page, with a real mouse. */
import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { test } from '../kinds.ts'
import { expectNoErrors, servedBuild, untilStep } from './page.ts'

const start = servedBuild()

async function click(page: Page, selector: string): Promise<void> {
  const element = (await page.waitForSelector(selector, { visible: true }))!
  await element.evaluate((node) => node.scrollIntoView({ block: 'center' }))
  const box = (await element.boundingBox())!
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
}

test('a gradient that vanishes is counted on the tab, shown in picture and curves, and cured beside the run', async () => {
  const { page, errors } = await start('circle', { width: 1440, height: 900 })
  await untilStep(page, 5)
  await page.evaluate(() => {
    const hidden = Array.from({ length: 9 }, () => [{ type: 'dense', units: 8 }, { type: 'sigmoid' }] as const).flat()
    globalThis.gradscope.session.edit((description) => {
      description.layers = [...hidden, { type: 'dense', units: 1 }, { type: 'sigmoid' }]
    }, 'test')
  })
  await page.waitForFunction(() => globalThis.gradscope.session.trainer?.model.layers.length === 20)
  await page.waitForFunction(() => Number(document.querySelector('#question-health .badge')?.textContent) > 1)
  await click(page, '#question-health')
  const item = '.finding[data-kind="vanishing"]'
  await page.waitForSelector(item)
  // What it says was measured is what the engine's gradients are: less than a thousandth of the last layer's.
  const shares = await page.evaluate(async () => {
    const { trainer } = globalThis.gradscope.session
    const norm = async (path: string) => Math.hypot(...(await trainer!.gradient(path).read()))
    return (await norm('layers.0.weight')) / (await norm('layers.18.weight'))
  })
  expect(shares).toBeLessThan(1e-3)
  expect(await page.$eval(item, (node) => [node.getAttribute('data-layer'), node.textContent!.includes('less than 0.001')])).toEqual([
    'layers.0',
    true,
  ])

  await click(page, `${item} .show`)
  await page.waitForFunction((selector) => document.querySelector(`${selector} .show`)?.getAttribute('aria-pressed') === 'true', {}, item)
  await page.waitForSelector('.layer-table [aria-selected="true"], .layer-table .selected, .layer-table [aria-current]')

  await click(page, `${item} .cures li:nth-child(2) button:nth-of-type(1)`)
  await page.waitForFunction(() => globalThis.gradscope.session.trainers.length === 2)
  const beside = await page.evaluate(() => globalThis.gradscope.session.trainers[1]!.model.layers.map(({ type }) => type))
  expect(beside).toContain('relu')
  expectNoErrors({ errors })
})
