import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { chooseOption, expectNoErrors, servedBuild, typeOver, undo, untilStep } from './page.ts'
import { test } from '../kinds.ts'

const open = servedBuild()

const told = (page: Page) =>
  page.evaluate(() => {
    const { batchSize, loss } = globalThis.gradscope.session.state.value.draft!.training
    const field = document.querySelector<HTMLInputElement>('[aria-label="Batch size"]')!
    return { batchSize, loss, shown: field.value }
  })

test('Ctrl+Z takes back the last edit wherever one is after it; text not yet taken is the browser’s own to undo', async () => {
  const opened = await open('moons')
  const { page } = opened
  await untilStep(page, 5)
  const first = await told(page)
  await typeOver(page, 'Batch size', '20')
  await page.keyboard.press('Enter')
  await chooseOption(page, '#training select[aria-label="Loss"]', 'mean squared error')
  expect(await told(page)).toEqual({ batchSize: 20, loss: 'mse', shown: '20' })
  // In the menu, and then in the field.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT')
  await undo(page)
  await page.waitForFunction((loss) => globalThis.gradscope.session.state.value.draft!.training.loss === loss, {}, first.loss)
  expect(await told(page)).toEqual({ ...first, batchSize: 20, shown: '20' })
  await page.focus('[aria-label="Batch size"]')
  await undo(page)
  await page.waitForFunction(
    (shown) => document.querySelector<HTMLInputElement>('[aria-label="Batch size"]')!.value === shown,
    {},
    first.shown,
  )
  expect(await told(page)).toEqual(first)
  await page.keyboard.press('End')
  await page.keyboard.type('7')
  expect(await told(page)).toEqual({ ...first, shown: `${first.shown}7` })
  await undo(page)
  expect(await told(page)).toEqual(first)
  expectNoErrors(opened)
})
