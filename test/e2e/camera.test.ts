import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { click, expectNoErrors, servedBuild, typeOver, untilRuns, untilStep } from './page.ts'
import { test } from '../kinds.ts'

const start = servedBuild()

const camera = (page: Page) => page.evaluate(() => globalThis.gradscope.session.state.value.display.camera)
const columnPlace = (page: Page) => page.evaluate(() => globalThis.gradscope.view.extent(0).left)
const untilDrawn = (page: Page) => page.waitForFunction(() => document.body.dataset['picture'] === 'drawn')

test('the camera stays where a person has put it through a restart, and another network is seen from the front', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 5)
  await untilDrawn(page)
  expect(await camera(page)).toBeNull()
  const front = await columnPlace(page)
  await page.mouse.move(700, 640)
  await page.mouse.down()
  await page.mouse.move(820, 660, { steps: 6 })
  await page.mouse.up()
  // The turn has come to rest before the wheel moves the camera on its own.
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.display.camera !== null)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await page.mouse.wheel({ deltaY: -300 })
  await page.waitForFunction(() => (globalThis.gradscope.session.state.value.display.camera?.distance ?? 1) < 0.9)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const put = (await camera(page))!
  expect(Math.hypot(...put.direction)).toBeCloseTo(1, 6)
  const seen = await columnPlace(page)
  expect(Math.abs(seen - front)).toBeGreaterThan(5)

  await typeOver(page, 'Batch size', '7')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.training.batchSize === 7)
  await untilStep(page, 5)
  const kept = (await camera(page))!
  expect(kept.distance).toBeCloseTo(put.distance!, 4)
  kept.direction.forEach((x, i) => expect(x).toBeCloseTo(put.direction[i]!, 4))
  kept.offset!.forEach((x, i) => expect(x).toBeCloseTo(put.offset![i]!, 4))
  expect(Math.abs((await columnPlace(page)) - seen)).toBeLessThan(2)

  await click(page, '[data-preset=iris]')
  await untilRuns(page, 'iris')
  await untilStep(page, 1)
  expect(await camera(page)).toBeNull()
  expectNoErrors({ errors })
})
