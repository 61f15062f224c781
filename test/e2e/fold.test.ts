import type { Page } from 'puppeteer'
import { untilRests } from './rest.ts'
import { expect } from 'vitest'
import { tabTo, click, expectNoErrors, runLayers, servedBuild, setPlaying, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

const labels = (page: Page) => page.evaluate(() => globalThis.gradscope.view.observation?.columns.map(({ label }) => label))
const untilColumns = (page: Page, count: number) =>
  page.waitForFunction((wanted) => globalThis.gradscope.view.observation?.columns.length === wanted, {}, count)

test('a residual block folds and opens by keyboard; legend and card tell what flows around it and through it', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 1)
  await runLayers(page, [
    { type: 'dense', units: 6 },
    { type: 'tanh' },
    {
      type: 'residual',
      layers: [{ type: 'dense', units: 6 }, { type: 'tanh' }, { type: 'dense', units: 6 }, { type: 'tanh' }],
    },
    { type: 'dense', units: 1 },
    { type: 'sigmoid' },
  ])
  await untilStep(page, 20)
  await setPlaying(page, false)
  await untilColumns(page, 5)
  const open = await labels(page)
  expect(open).toEqual(['input 2', 'dense 6 · tanh', 'dense 6 · tanh', 'dense 6 · tanh · + shortcut', 'dense 1 · sigmoid'])

  await page.waitForFunction(() => /Residual 1\d/.test(document.querySelector('.legend-paths .legend-rows')?.textContent ?? ''))
  const told = await page.$$eval('.legend-paths .legend-rows span:not([hidden])', (cells) => cells.map((cell) => cell.textContent))
  expect(told.slice(0, 4)).toEqual(['', 'bypass', 'layers', 'Residual 1'])
  for (const number of told.slice(4)) expect(Number(number!.replace('−', '-'))).toBeGreaterThan(0)

  // Where the picture has come to rest.
  await untilRests(page)
  const { x, y } = await page.evaluate(() =>
    globalThis.gradscope.view.locate({ kind: 'path', container: 0, branch: 1, path: 'layers.2.shortcut' }),
  )
  await page.mouse.click(x, y)
  await page.waitForFunction(() => document.querySelector('.inspector header span')?.textContent === 'Gradient through the bypass')

  await tabTo(page, '.view-fold')
  await page.keyboard.press('Enter')
  await untilColumns(page, 4)
  expect(await labels(page)).toEqual(['input 2', 'dense 6 · tanh', 'residual · 6', 'dense 1 · sigmoid'])
  await page.waitForFunction(() => document.activeElement?.textContent === 'residual ▸')
  await page.waitForFunction(() => /Residual 1\d/.test(document.querySelector('.legend-paths .legend-rows')?.textContent ?? ''))
  // The charts go on to tell of every layer.
  expect(await page.$$eval('.bars .number', (cells) => cells.length)).toBe(8)
  await page.keyboard.press('Enter')
  await untilColumns(page, 5)
  expect(await labels(page)).toEqual(open)
  expectNoErrors({ errors })
})

another('a network whose weights are all folded away, and one that has none but those of norms, are shown and train', async () => {
  const { page, errors } = await start('iris', { width: 1440, height: 900 })
  await untilStep(page, 1)
  await page.evaluate(async () => {
    const { session } = globalThis.gradscope
    const asked = structuredClone(session.state.value.running!)
    const dense = { type: 'dense', units: 3 } as const
    asked.layers = [{ type: 'residual', layers: [dense, { type: 'tanh' }, dense], shortcut: [dense] }]
    await session.useModel(asked)
  })
  await untilStep(page, 5)
  const open = await page.evaluate(() => globalThis.gradscope.view.observation!.columns.length)
  await click(page, '.view-fold')
  await page.waitForFunction((wanted) => globalThis.gradscope.view.observation!.columns.length < wanted, {}, open)
  expect(await page.evaluate(() => globalThis.gradscope.view.observation!.blocks.length)).toBe(0)
  await untilStep(page, (await page.evaluate(() => globalThis.gradscope.session.trainer!.step)) + 50)
  const refusal = await page.evaluate(async () => {
    const { session } = globalThis.gradscope
    const asked = structuredClone(session.state.value.running!)
    asked.layers = [{ type: 'layerNorm' }]
    asked.training.loss = 'mse'
    asked.training.batchSize = 8
    const x = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i))
    return session.useData({ name: 'norms', inputShape: [4], outputs: 4, train: { count: 32, x, y: x } }, asked)
  })
  expect(refusal).toBeNull()
  await untilStep(page, 5)
  expect(await page.evaluate(() => globalThis.gradscope.session.state.value.problem)).toBeNull()
  expectNoErrors({ errors })
})
