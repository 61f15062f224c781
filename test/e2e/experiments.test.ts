import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { click, expectNoErrors, servedBuild, setPlaying, undo, untilStep } from './page.ts'
import { bytesText } from '../../src/units.ts'
import { another, test } from '../kinds.ts'

const open = servedBuild()

const trainers = (page: Page, count: number) =>
  page.waitForFunction((wanted) => globalThis.gradscope.session.trainers.length === wanted, { timeout: 200_000 }, count)

/** Each row of the table: what stands in it, and what the engine says. */
const rows = (page: Page) =>
  page.evaluate(() => {
    const { session } = globalThis.gradscope
    return [...document.querySelectorAll('.contest-table tbody tr')].map((row, i) => ({
      cells: [...row.children].map((cell) => cell.textContent!.trim()),
      rate: session.trainers[i]!.learningRate,
      memory: session.trainers[i]!.cost.optimizerBytes,
      step: session.trainers[i]!.step,
    }))
  })

test('an experiment trains beside the run; one click makes it the run, and undo brings the run back where it was', async () => {
  const opened = await open('iris', { width: 1440, height: 900 })
  const { page } = opened
  await untilStep(page, 5)
  await click(page, '#question-optimizer')
  await page.waitForSelector('#race')
  await click(page, '#try-beside')
  // The menu opens at its first item.
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Twice the learning rate')
  await page.keyboard.press('Enter')
  await trainers(page, 2)
  await page.waitForFunction(() => {
    const [run, other] = globalThis.gradscope.session.trainers
    return other!.step > 20 && other!.step === run!.step
  })
  await page.waitForFunction(() => document.querySelectorAll('.contest-table tbody tr').length === 2)
  const [run, twice] = await rows(page)
  expect(run!.cells[0]).toBe('the run')
  expect(twice!.cells[0]).toBe('Twice the learning rate')
  expect(twice!.rate).toBeCloseTo(2 * run!.rate)
  for (const { cells, rate, memory } of [run!, twice!]) {
    expect(Number(cells[1])).toBeCloseTo(rate)
    expect(cells[7]).toBe(bytesText(memory))
  }
  // Its own weights are the run's: the seed and the batches are the same.
  const firstLosses = await page.evaluate(() => globalThis.gradscope.session.trainers.map(({ history }) => history.loss[0]))
  expect(firstLosses[0]).toBe(firstLosses[1])

  // Where they rest, each is tested as it is.
  await setPlaying(page, false)
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.contest-table tbody tr')].every((row) => /%/.test(row.children[3]!.textContent!)),
  )
  const tested = await page.evaluate(async () => {
    const found = []
    for (const trainer of globalThis.gradscope.session.trainers) found.push((await trainer.evaluate('test')).accuracy!)
    return found
  })
  expect((await rows(page)).map(({ cells }) => cells[3])).toEqual(tested.map((accuracy) => `${(100 * accuracy).toFixed(1)} %`))
  await setPlaying(page, true)

  const { step } = twice!
  await click(page, '.contest-table tbody tr:nth-child(2) .contest-acts .button')
  await trainers(page, 1)
  const adopted = await page.evaluate(() => {
    const { session } = globalThis.gradscope
    return { rate: session.trainer!.learningRate, step: session.trainer!.step }
  })
  expect(adopted.rate).toBeCloseTo(twice!.rate)
  expect(adopted.step).toBeGreaterThanOrEqual(step)
  await undo(page)
  await trainers(page, 2)
  const back = await rows(page)
  expect(back.map(({ cells }) => cells[0])).toEqual(['the run', 'Twice the learning rate'])
  expect(back[0]!.step).toBeGreaterThanOrEqual(run!.step)
  await click(page, '.contest-table [aria-label="Remove Twice the learning rate"]')
  await trainers(page, 1)
  expectNoErrors(opened)
})

another('two clicks train seven optimizers side by side, each at its own tested rate', { timeout: 900_000 }, async () => {
  const opened = await open('xor', { width: 1440, height: 900 })
  const { page } = opened
  await untilStep(page, 5)
  await click(page, '#question-optimizer')
  await click(page, '#race')
  await page.waitForFunction(() => globalThis.gradscope.session.trainers.length === 7, { timeout: 800_000 })
  await page.waitForFunction(() => document.querySelectorAll('.contest-table tbody tr').length === 7)
  await page.waitForFunction(() => /reaches a loss of/.test(document.querySelector('.verdict')!.textContent!), { timeout: 120_000 })
  const names = (await rows(page)).map(({ cells }) => cells[0])
  expect([...names].sort()).toEqual(['Adagrad', 'Adam', 'AdamW', 'Momentum', 'Nesterov', 'RMSprop', 'SGD'])
  const rates = await page.evaluate(() => globalThis.gradscope.session.trainers.map(({ learningRate }) => learningRate))
  expect(new Set(rates).size).toBeGreaterThan(3)
  expectNoErrors(opened)
})
