/** The tab "Learning rate", with a reader's mouse and keys: what it shows is what the engine's own sweep gives. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'puppeteer'
import { expect, test } from 'vitest'
import { spacedRates } from '../../src/answers/rate/rates.ts'
import { suggest } from '../../src/answers/rate/suggest.ts'
import { bandOf, reached } from '../../src/answers/rate/summary.ts'
import { parseAxis } from '../../src/answers/sweep/axes.ts'
import type { Variation } from '../../src/train/sweep.ts'
import { axisNumber } from '../../src/view/charts/drawing.ts'
import { short } from '../../src/app/words/format.ts'
import { en } from '../../src/words/en/index.ts'
import { say } from '../../src/words/say.ts'
import { chooseOption, click, expectNoErrors, servedBuild, setPlaying, typeOver, untilStep } from './page.ts'

const start = servedBuild()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const steps = 300

/** The losses of the run at hand with each variation, by the engine in the page. */
async function sweep(page: Page, variations: readonly Variation[]): Promise<number[][]> {
  return page.evaluate(
    async (given, count) => {
      const { engine, session } = globalThis.gradscope
      const { dataset, running } = session.state.value
      const { input, layers, ...training } = session.trainer!.model
      const results = await engine.sweep({ input, layers }, dataset!, given, { ...training, shuffle: running!.shuffle, steps: count })
      return results.map(({ loss }) => Array.from(loss, (value) => (Number.isFinite(value) ? value : -1)))
    },
    variations as Variation[],
    steps,
  )
}
const reachedOf = (losses: number[]) => reached(losses.map((loss) => (loss < 0 ? NaN : loss)))!

const textOf = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent ?? '')

async function middleOf(page: Page, selector: string, across = 0.5, up = 0.5) {
  const { x, y, width, height } = (await (await page.waitForSelector(selector))!.boundingBox())!
  return { x: x + width * across, y: y + height * (1 - up) }
}

/** Types over a field and leaves it. */
async function enter(page: Page, label: string, text: string) {
  await typeOver(page, label, text)
  await page.keyboard.press('Tab')
}

async function opened() {
  const open = await start('xor', { width: 1440, height: 900 })
  await untilStep(open.page, 3)
  await setPlaying(open.page, false)
  await click(open.page, '#question-rate')
  return open
}

test('the rate test shows, by mouse and by keys, what networks trained apart from it reach; its rate is taken by a click', async () => {
  const { page, errors } = await opened()
  await page.waitForSelector('#rate-test:not(:disabled)')
  const before = await page.evaluate(() => globalThis.gradscope.session.trainer!.step)
  expect(await textOf(page, '#rate-test')).toMatch(/^Test 16 rates × 16 seeds · about \d+ s$/)
  await click(page, '#rate-test')
  await page.waitForSelector('.rate-progress progress')
  await page.waitForSelector('#rate-reason')
  expect(await page.evaluate(() => globalThis.gradscope.session.trainer!.step)).toBe(before)

  const rates = spacedRates({ least: 1e-5, greatest: 1 }, 16)
  const seeds = Array.from({ length: 16 }, (_, i) => i + 1)
  const all = await sweep(
    page,
    rates.flatMap((learningRate) => seeds.map((seed) => ({ learningRate, seed }))),
  )
  const loss = rates.map((_, i) => all.slice(i * 16, i * 16 + 16).map(reachedOf))
  const expected = suggest({ rates, loss, start: all.slice(0, 16).map(([first]) => first!), steps })
  expect(await textOf(page, '#rate-reason')).toBe(say(en, expected.reason))
  expect(await textOf(page, '#use-rate')).toBe(`Use ${axisNumber(expected.suggested!)}`)

  const readout = (i: number) => {
    const { rate, median, lower, upper } = bandOf(rates[i]!, loss[i]!)
    const diverged = loss[i]!.filter((value) => value === null).length
    return `rate ${axisNumber(rate)}: median loss ${short(median)}, middle half ${short(lower)} to ${short(upper)}, ${diverged} of 16 seeds diverged`
  }
  const right = await middleOf(page, '#rate-chart', 0.9)
  await page.mouse.move(right.x, right.y)
  await page.waitForFunction((text) => document.querySelector('#rate-readout')!.textContent === text, {}, readout(15))
  await page.mouse.move(5, 5)
  await page.focus('#rate-chart')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction((text) => document.querySelector('#rate-readout')!.textContent === text, {}, readout(1))
  expect(await page.$eval('#rate-chart', (chart) => chart.getAttribute('aria-valuetext'))).toBe(readout(1))

  await page.evaluate(axe)
  const { violations } = (await page.evaluate('axe.run("#answers", { resultTypes: ["violations"] })')) as AxeResults
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])

  await click(page, '#use-rate')
  await page.waitForFunction(
    (rate) => globalThis.gradscope.session.state.value.draft!.training.optimizer.learningRate === rate,
    {},
    expected.suggested!,
  )
  expect(await textOf(page, '#use-rate')).toBe(`${axisNumber(expected.suggested!)} is in use`)
  expect(await page.$('#rate-chart.stale')).toBeNull()
  await enter(page, 'Batch size', '64')
  await page.waitForSelector('#rate-chart.stale')
  expect(await textOf(page, '.rate-panel')).toContain('The run has changed since: test again.')
  expectNoErrors({ errors })
})

test('a rate test that is cancelled leaves everything as it was', async () => {
  const { page, errors } = await opened()
  await page.waitForSelector('#rate-test:not(:disabled)')
  await click(page, '#rate-test')
  await page.waitForSelector('.rate-progress')
  await click(page, '.rate-progress .button')
  await page.waitForSelector('#rate-test:not(:disabled)')
  expect(await page.$('#rate-reason')).toBeNull()
  expect(await page.$('.rate-refused')).toBeNull()
  expectNoErrors({ errors })
})

test('the sweep map shows what networks trained apart from it reach; a click on one adopts it', async () => {
  const { page, errors } = await opened()
  await click(page, '.rate-switch ::-p-text(Sweep map)')
  await chooseOption(page, '.sweep-axis select[aria-label="Axis upwards"]', 'batch size')
  await enter(page, 'learning rate from', '0')
  await page.waitForFunction(() =>
    document.querySelector('.rate-panel')!.textContent!.includes('learningRate is 0, expected a positive number'),
  )
  expect(await page.$('#sweep-run:disabled')).not.toBeNull()
  await enter(page, 'learning rate from', '0.001')
  await enter(page, 'batch size from', '8')
  await enter(page, 'batch size to', '9')
  await click(page, '#sweep-run')
  await page.waitForSelector('#sweep-chart')
  await page.waitForSelector('#sweep-run')

  const rates = parseAxis('learningRate=0.001:1:16').values
  const at = await middleOf(page, '#sweep-chart', 0.45, 0.75)
  await page.mouse.move(at.x, at.y)
  await page.waitForFunction(() => document.querySelector('#sweep-readout')!.textContent!.includes('batch size 9'))
  const text = await textOf(page, '#sweep-readout')
  const learningRate = rates.find((rate) => text.includes(`learning rate ${axisNumber(rate)} `))!
  const [losses] = await sweep(page, [{ learningRate, change: { batchSize: 9 } }])
  expect(text).toBe(`learning rate ${axisNumber(learningRate)} · batch size 9: loss ${short(reachedOf(losses!))}`)
  await page.mouse.click(at.x, at.y)
  await page.waitForFunction(
    (rate) => {
      const { optimizer, batchSize } = globalThis.gradscope.session.state.value.draft!.training
      return optimizer.learningRate === rate && batchSize === 9
    },
    {},
    learningRate,
  )
  expectNoErrors({ errors })
})
