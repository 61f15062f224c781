import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { click, expectNoErrors, runLayers, servedBuild, setPlaying, stepOf, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

/** Trains a network of ReLUs, whose outputs nothing bounds, at a learning rate that it does not survive, until the loss is NaN; then pauses. */
async function diverge(page: Page, outputs: number, loss: 'mse' | 'crossEntropy'): Promise<void> {
  await untilStep(page, 1)
  await page.evaluate(
    async (units, name) => {
      const { session } = globalThis.gradscope
      const asked = structuredClone(session.state.value.running!)
      asked.layers = [
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dense', units },
      ]
      Object.assign(asked.training, { loss: name, optimizer: { type: 'sgd', learningRate: 0.01 } })
      await session.useModel(asked)
    },
    outputs,
    loss,
  )
  await untilStep(page, 3)
  await setPlaying(page, false)
  const field = 'input[aria-label="Learning rate"]'
  await page.$eval(field, (element) => element.scrollIntoView({ block: 'center' }))
  await page.click(field, { count: 3 })
  await page.keyboard.type('1e30')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.training.optimizer.learningRate === 1e30)
  const before = await stepOf(page)
  await setPlaying(page, true)
  // The first number that is not finite stops the run; asked to, it goes on.
  await page.waitForFunction(() => {
    const { playing, live } = globalThis.gradscope.session.state.value
    return !playing && live.loss !== null && !Number.isFinite(live.loss)
  })
  await setPlaying(page, true)
  await untilStep(page, before + 10)
  await page.waitForFunction(() => Number.isNaN(globalThis.gradscope.session.state.value.live.loss))
  await setPlaying(page, false)
}

const texts = (page: Page, selector: string) =>
  page.$$eval(selector, (all) => all.map((element) => (element as HTMLElement).innerText.trim()))

/** Waits until a text stands in one of the selected elements. */
const untilText = (page: Page, selector: string, pattern: RegExp) =>
  page.waitForFunction(
    (where, wanted) => [...document.querySelectorAll<HTMLElement>(where)].some((element) => new RegExp(wanted).test(element.innerText)),
    { timeout: 30_000 },
    selector,
    pattern.source,
  )

test('a run that has become NaN says so in legend, norms and histograms, and answers nothing in the plane', async () => {
  const { page, errors } = await start('moons', { width: 1440, height: 900 })
  await diverge(page, 1, 'mse')
  // Every edge of the last layer at least.
  await untilText(page, '.legend-rows .odd', /^NaN [\d,]+ of [\d,]+$/)
  await page.$eval('#card-norms', (element) => element.scrollIntoView({ block: 'center' }))
  await untilText(page, '#card-norms .bars .odd', /^NaN [\d,]+ of [\d,]+$/)
  expect(await texts(page, '#card-norms .bars .number')).toContain('NaN')
  await untilText(page, '#card-norms .note.odd', /Parameters not finite: .*NaN/)
  await page.$eval('#card-histograms', (element) => element.scrollIntoView({ block: 'center' }))
  await untilText(page, '#card-histograms .span .odd', /^NaN [\d,]+ of [\d,]+$/)
  // What has no finite number has no ends either.
  for (const ends of await texts(page, '#card-histograms .span:has(.odd)')) expect(ends).toMatch(/^(NaN|infinite)[^−\n]* of [\d,]+$/)
  await page.$eval('#card-prediction', (element) => element.scrollIntoView({ block: 'center' }))
  await untilText(page, '#card-prediction .odd', /^no answer: NaN 4,096 of 4,096$/)
  // Grey in every point: no class' colour.
  const saturation = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#card-prediction canvas')!
    const { width, height } = canvas
    const { data } = canvas.getContext('2d')!.getImageData(Math.round(width / 2) - 20, Math.round(height / 2) - 20, 40, 40)
    const spreads = Array.from({ length: data.length / 4 }, (_, i) => {
      const rgb = [...data.subarray(4 * i, 4 * i + 3)]
      return Math.max(...rgb) - Math.min(...rgb)
    })
    return spreads.toSorted((a, b) => a - b)[spreads.length >> 1]!
  })
  expect(saturation).toBeLessThan(12)
  expectNoErrors({ errors })
})

another('a confusion matrix of outputs that are NaN is empty and says so; the accuracy is 0', async () => {
  const { page, errors } = await start('iris', { width: 1440, height: 900 })
  await diverge(page, 3, 'crossEntropy')
  await page.$eval('#card-prediction', (element) => element.scrollIntoView({ block: 'center' }))
  await untilText(page, '#card-prediction .note', /^no answer: (\d+) of \1 outputs are (NaN|NaN or infinite)$/)
  await page.waitForFunction(() => Number.isNaN(globalThis.gradscope.session.state.value.live.testLoss))
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.live.testAccuracy)).toBe(0)
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.live.accuracy)).toBe(0)
  expectNoErrors({ errors })
})

another('a group that cannot be shown is told of; picture and figures stay with what was shown', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 1)
  await runLayers(page, [
    { type: 'dense', units: 6 },
    { type: 'residual', layers: [{ type: 'dense', units: 6 }, { type: 'tanh' }, { type: 'dense', units: 6 }] },
    { type: 'dense', units: 1 },
    { type: 'sigmoid' },
  ])
  await untilStep(page, 5)
  await setPlaying(page, false)
  const columns = () => page.evaluate(() => globalThis.gradscope.view.observation?.columns.map(({ label }) => label))
  const before = await columns()
  await page.evaluate(() => {
    const { view } = globalThis.gradscope
    const show = view.show.bind(view)
    // The view lets go of what it showed before it fails, as where the GPU has no memory left.
    view.show = (observation, inspector) => {
      view.show = show
      show({ ...observation, columns: observation.columns.map((column) => ({ ...column, width: column.width + 1 })) }, inspector)
    }
  })
  await page.focus('.view-fold')
  await page.keyboard.press('Enter')
  await untilText(page, '#notices .notice', /^The group could not be shown: the values of input have shape/)
  expect(await columns()).toEqual(before)
  // The picture's own numbers are of the network that it shows.
  const step = await stepOf(page)
  await setPlaying(page, true)
  await untilStep(page, step + 20)
  await setPlaying(page, false)
  await untilText(page, '.legend-rows .hi:not(.head)', /\d/)
  await page.focus('.view-fold')
  await page.keyboard.press('Enter')
  await page.waitForFunction((count) => globalThis.gradscope.view.observation?.columns.length === count, {}, before!.length - 1)
  expectNoErrors({ errors })
})

test('a GPU that is lost is told, with a way on', async () => {
  const { page, errors } = await start('moons')
  await untilStep(page, 20)
  await page.evaluate(() => globalThis.gradscope.engine.device.destroy())
  await page.waitForSelector('.unsupported ::-p-text(The GPU was lost)', { visible: true })
  await page.waitForFunction(() => document.body.dataset['playing'] === 'false')
  expect(await page.evaluate(() => ({ ...document.body.dataset }))).toMatchObject({ phase: 'lost', cause: 'lost' })
  expect(await page.$eval('.unsupported', (element) => element.textContent)).toContain('Load the page again')
  expectNoErrors({ errors })
  await Promise.all([page.waitForNavigation(), click(page, '.unsupported button')])
  await untilStep(page, 5)
})
