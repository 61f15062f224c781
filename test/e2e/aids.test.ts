import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { chooseOption, click, expectNoErrors, servedBuild, typeOver, undo, untilRuns, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const open = servedBuild()

/** Types into a row of the Training rail. */
async function enter(page: Page, label: string, text: string): Promise<void> {
  await typeOver(page, label, text)
  await page.keyboard.press('Enter')
}
const choose = (page: Page, label: string, option: string) => chooseOption(page, `#training select[aria-label="${label}"]`, option)
const untilRefused = (page: Page, sentence: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('.problem[data-place=training]:not([hidden])')?.textContent === wanted,
    {},
    sentence,
  )
const running = (page: Page) => page.evaluate(() => structuredClone(globalThis.gradscope.session.state.value.running!))
const labels = (page: Page) =>
  page.$$eval('#training .field-name', (names) => names.flatMap((name) => (name.checkVisibility() ? [name.textContent] : [])))

test('a run that gets no better ends, says why, and puts the best parameters back', async () => {
  const opened = await open('weather')
  const { page } = opened
  await untilStep(page, 5)
  // First: on a slow machine the run ends before the other rows are filled in.
  await enter(page, 'Test every', '10')
  await choose(page, 'End early', 'without progress')
  await enter(page, 'Patience', '2')
  await enter(page, 'Minimum improvement', '0.02')
  await enter(page, 'Warm-up steps', '15')
  await untilRuns(page, 'weather')
  expect(await running(page)).toMatchObject({
    earlyStopping: { patience: 2, minimumImprovement: 0.02, restoreBest: true },
    evaluateEvery: 10,
    training: { warmup: 15 },
  })
  await page.evaluate(() => globalThis.gradscope.session.runner.setSpeed(null))
  await page.waitForSelector('#ended:not([hidden])', { timeout: 60_000 })
  const { stopped, restored, step } = await page.evaluate(() => {
    const { state, trainer } = globalThis.gradscope.session
    return { stopped: state.value.stopped!, restored: state.value.restored, step: trainer!.step }
  })
  expect(stopped).toMatchObject({ step, part: 'test', best: { step: restored } })
  expect(step % 10).toBe(0)
  expect(await page.$eval('#ended', ({ textContent }) => textContent)).toBe(
    `Ended early: 2 evaluations in a row were no better than the test loss of ${stopped.best.loss.toPrecision(4)} at step ${restored}. ` +
      `The parameters of step ${restored}, the best, are back.Train again`,
  )
  await page.waitForFunction((best) => globalThis.gradscope.session.state.value.live.tested?.last === best, {}, restored)
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.live.testLoss)).toBe(stopped.best.loss)
  // Slowly, or it ends again before anybody looks.
  await page.evaluate(() => globalThis.gradscope.session.runner.setSpeed(5))
  await click(page, '#play')
  await untilStep(page, step + 5)
  expect(await page.$eval('#ended', (element) => (element as HTMLElement).hidden)).toBe(true)
  expectNoErrors(opened)
})

another('rows come where they belong, refuse what makes no sense, and are undone', async () => {
  const opened = await open('iris')
  const { page } = opened
  await untilStep(page, 1)
  const before = await running(page)
  expect(await labels(page)).not.toContain('Shift by ±')
  await page.evaluate(() =>
    globalThis.gradscope.session.edit((next) => {
      next.input = [1, 2, 2]
      next.layers.unshift({ type: 'flatten' })
    }, 'images'),
  )
  await untilRuns(page, 'iris')
  await enter(page, 'Shift by ±', '1')
  await choose(page, 'Mirror', 'half of them')
  await enter(page, 'Gradient accumulation', '3')
  await enter(page, 'Weight decay', '0.1')
  await choose(page, 'Decay of', 'weights alone')
  await choose(page, 'Schedule', 'on a plateau')
  await untilRuns(page, 'iris')
  expect((await running(page)).training).toMatchObject({
    accumulate: 3,
    augmentation: { shift: 1, flip: true },
    optimizer: { weightDecay: 0.1, decayBiasAndNorm: false },
    schedule: { type: 'plateau', factor: 0.5, patience: 3 },
  })
  await untilStep(page, 20)
  await enter(page, 'Shift by ±', '2')
  await untilRefused(page, 'Shift by ± is 2 on images of 2 × 2, expected less than their sides')
  await enter(page, 'Shift by ±', '0')
  await enter(page, 'Gradient accumulation', '0')
  await untilRefused(page, 'Gradient accumulation is 0, expected an integer from 1 to 1024')
  await enter(page, 'Gradient accumulation', '1')
  await enter(page, 'Test every', 'often')
  await untilRefused(page, 'Test every is "often", expected a positive integer, or auto')
  await enter(page, 'Test every', 'auto')
  await untilRuns(page, 'iris')
  await click(page, '#network-title')
  for (let i = 0; i < 20; i++) await undo(page)
  await untilRuns(page, 'iris')
  expect(await running(page)).toEqual(before)
  expectNoErrors(opened)
})
