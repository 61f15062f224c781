/** The guided examples, followed as a newcomer would: at each step what is lit is clicked, and the next step comes. */
import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { en } from '../../src/words/en/index.ts'
import { another, test } from '../kinds.ts'
import { click, expectNoErrors, servedBuild, untilStep } from './page.ts'

const start = servedBuild()

/** The step of the example, as it is told: how far it is, and its sentence. */
const told = (page: Page) => page.$eval('.guide', (strip) => (strip as HTMLElement).innerText.trim())

/** The step that says so, with what it speaks of lit and in sight. */
async function untilTold(page: Page, sentence: string): Promise<void> {
  await page.waitForFunction((text) => document.querySelector<HTMLElement>('.guide')?.innerText.includes(text), {}, sentence)
  await page.waitForFunction(() => document.querySelector('[data-guided]')?.checkVisibility())
}

async function opened(question: string) {
  const open = await start('xor', { width: 1440, height: 900 })
  await untilStep(open.page, 1)
  await click(open.page, `#question-${question}`)
  await open.page.waitForFunction((id) => document.querySelector(`#answer-${id} .hint`) === null, {}, question)
  await new Promise((resolve) => setTimeout(resolve, 400)) // the drawer opens
  await click(open.page, '.guide-button')
  return open
}

const rateOf = (page: Page) => page.evaluate(() => globalThis.gradscope.session.state.value.running!.training.optimizer.learningRate)
const lossOf = (page: Page) => page.evaluate(() => globalThis.gradscope.session.state.value.live.loss!)
const others = (page: Page) => page.evaluate(() => globalThis.gradscope.session.trainers.length - 1)

another('which learning rate: the test finds one, and with it the loss falls', async () => {
  const { page, errors } = await opened('rate')
  await untilTold(page, en['guide.rate.test'])
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.training.optimizer.learningRate === 1e-5)
  await click(page, '[data-guided]')
  await untilTold(page, en['guide.rate.use'])
  const before = await lossOf(page)
  await click(page, '[data-guided]')
  await untilTold(page, en['guide.rate.watch'])
  expect(await told(page)).toMatch(/^3 of 3/)
  expect(await rateOf(page)).toBeGreaterThan(0.001)
  await page.waitForFunction((loss) => globalThis.gradscope.session.state.value.live.loss! < loss / 2, {}, before)
  // Of another network the example has nothing to say.
  await click(page, '[data-preset=moons]')
  await page.waitForFunction(() => document.querySelector('.guide, [data-guided]') === null)
  expectNoErrors({ errors })
})

another('which optimizer: seven are compared, one is used, and undo brings the others back', async () => {
  const { page, errors } = await opened('optimizer')
  await untilTold(page, en['guide.optimizer.race'])
  await click(page, '[data-guided]')
  await untilTold(page, en['guide.optimizer.read'])
  expect(await others(page)).toBe(6)
  const optimizer = await page.$eval('[data-guided]', (button) => button.closest('tr')!.querySelector('.contest-name')!.textContent)
  await click(page, '[data-guided]')
  await untilTold(page, en['guide.optimizer.undo'])
  expect(await others(page)).toBe(0)
  const type = await page.evaluate(() => globalThis.gradscope.session.state.value.running!.training.optimizer.type)
  expect(optimizer!.toLowerCase()).toContain(type)
  await click(page, '[data-guided]')
  await page.waitForFunction(() => globalThis.gradscope.session.trainers.length === 7)
  expectNoErrors({ errors })
})

test('why does it not learn: the finding comes by itself, and its first cure trains beside the run', async () => {
  const { page, errors } = await opened('health')
  await untilTold(page, en['guide.health.wait'])
  await untilTold(page, en['guide.health.cure'])
  await click(page, '[data-guided]')
  await untilTold(page, en['guide.health.compare'])
  expect(await others(page)).toBe(1)
  expectNoErrors({ errors })
})
