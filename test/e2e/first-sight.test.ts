import { PNG } from 'pngjs'
import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { expectNoErrors, picture, servedBuild, stepOf, untilRuns, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

declare global {
  var letDigitsPass: () => void
}

const open = servedBuild()

/** Keeps the digits back until they are let pass. */
function holdDigits(): void {
  const ordinary = globalThis.fetch
  const passed = new Promise<void>((resolve) => (globalThis.letDigitsPass = resolve))
  globalThis.fetch = async (input, options) => {
    if (String(input).includes('train-images')) await passed
    return ordinary(input, options)
  }
}

const untilPicture = (page: Page, wanted: string) =>
  page.waitForFunction((name) => document.body.dataset['picture'] === name, { timeout: 170_000 }, wanted)

/** How much of the middle of the stage is lighter than its ground, and how much is coloured: shares. */
async function lightAndColour(page: Page): Promise<{ light: number; colour: number }> {
  const { data } = PNG.sync.read(Buffer.from(await picture(page), 'base64'))
  let [light, colour] = [0, 0]
  for (let i = 0; i < data.length; i += 4) {
    const channels = [data[i]!, data[i + 1]!, data[i + 2]!]
    const [least, most] = [Math.min(...channels), Math.max(...channels)]
    if (most > 50) light++
    // Inferno's reds and yellows: far more red than blue.
    if (channels[0]! > channels[2]! + 60 && most - least > 60) colour++
  }
  return { light: light / (data.length / 4), colour: colour / (data.length / 4) }
}

const caption = (page: Page) => page.$eval('#caption', (element) => (element as HTMLElement).innerText.trim())

test('the network stands there in grey before its data are, the page says what it waits for, and the first step colours it', async () => {
  const opened = await open('mnist', { before: holdDigits })
  const { page } = opened
  await untilPicture(page, 'outline')
  expect(await stepOf(page)).toBe(0)
  const grey = await lightAndColour(page)
  expect(grey.light).toBeGreaterThan(0.03)
  expect(grey.colour).toBe(0)
  expect(await page.$eval('.view-labels', (element) => element.textContent)).toContain('dense 256')
  await page.waitForFunction(() => document.querySelector<HTMLElement>('#caption')!.innerText.includes('Loading mnist'), {
    timeout: 60_000,
  })

  // It can be turned already, and tells nothing where there is nothing to tell.
  const { width, height } = page.viewport()!
  await page.mouse.move(width / 2, height / 2)
  await page.mouse.down()
  await page.mouse.move(width / 2 + 40, height / 2, { steps: 4 })
  await page.mouse.up()
  await page.evaluate(() => globalThis.letDigitsPass())
  await untilStep(page, 1)
  await untilPicture(page, 'drawn')
  expect((await lightAndColour(page)).colour).toBeGreaterThan(0.001)
  await page.waitForFunction(() => document.querySelector<HTMLElement>('#caption')!.innerText.trim() === '', { timeout: 60_000 })
  expectNoErrors(opened)
})

another('a network that takes the place of another is drawn in its turn', async () => {
  const opened = await open('xor')
  const { page } = opened
  page.setDefaultTimeout(170_000)
  await untilStep(page, 1)
  await untilPicture(page, 'drawn')
  await page.click('[data-preset="spiral"]')
  await untilRuns(page, 'spiral')
  await untilStep(page, 1)
  await untilPicture(page, 'drawn')
  expect((await lightAndColour(page)).colour).toBeGreaterThan(0.001)
  expect(await caption(page)).toBe('')
  expectNoErrors(opened)
})
