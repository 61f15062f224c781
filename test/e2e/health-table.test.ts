import { PNG } from 'pngjs'
import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { percent, short } from '../../src/app/words/format.ts'
import { test } from '../kinds.ts'
import { click, expectNoErrors, servedBuild, setPlaying, untilStep } from './page.ts'

const start = servedBuild()

const rowsIn = (page: Page) =>
  page.$$eval('.layer-table tbody tr', (rows) =>
    rows.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.querySelector('b, span')?.textContent ?? '')),
  )

/** What the engine's own tensors of the last step say of layers `dense · tanh`, as the table writes it. */
async function expected(page: Page, before: Readonly<Record<string, readonly number[]>>): Promise<string[][]> {
  const read = await page.evaluate(async () => {
    const trainer = globalThis.gradscope.session.trainer!
    const paths = trainer.parameterPaths.filter((path) => path.endsWith('weight'))
    return Promise.all(
      paths.map(async (path) => {
        const layer = path.slice(0, -'.weight'.length)
        const output = `layers.${Number(layer.split('.')[1]) + 1}`
        const tensors = [trainer.gradient(path), trainer.parameter(path), trainer.activation(output)]
        const [gradient, weight, activation] = await Promise.all(tensors.map(async (tensor) => [...(await tensor.read())]))
        return { path, gradient: gradient!, weight: weight!, output: activation! }
      }),
    )
  })
  const norm = (values: readonly number[]) => Math.hypot(...values)
  const last = norm(read.at(-1)!.gradient)
  return read.map(({ path, gradient, weight, output }) => {
    const mean = output.reduce((sum, value) => sum + value, 0) / output.length
    const deviation = norm(output.map((value) => value - mean)) / Math.sqrt(output.length)
    const change = weight.map((value, i) => value - before[path]![i]!)
    const saturated = output.filter((value) => Math.abs(value) > 0.97).length / output.length
    const numbers = [norm(gradient), norm(gradient) / last, norm(weight), norm(change) / norm(before[path]!), mean, deviation]
    return [...numbers.map(short), percent(0), path.startsWith('layers.4') ? '' : percent(saturated)]
  })
}

const weights = (page: Page) =>
  page.evaluate(async () => {
    const trainer = globalThis.gradscope.session.trainer!
    const paths = trainer.parameterPaths
    return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, [...(await trainer.parameter(path).read())]] as const)))
  })

/** How many pixels of the picture have the colour of the frame around a column. */
async function framePixels(page: Page): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1700)) // once the picture has come to rest
  const { width } = page.viewport()!
  const clip = { x: 320, y: 60, width: width - 700, height: 400 }
  const { data } = PNG.sync.read(Buffer.from(await page.screenshot({ clip, captureBeyondViewport: false })))
  let count = 0
  for (let i = 0; i < data.length; i += 4)
    if (data[i]! < 130 && data[i + 1]! > 150 && data[i + 2]! > 120 && data[i + 1]! > data[i + 2]!) count++
  return count
}

test('the table of layers tells the engine’s own numbers, sorts, filters, and selects in the picture as the picture selects in it', async () => {
  const { page, errors } = await start('spiral', { width: 1440, height: 900 })
  await untilStep(page, 5)
  await setPlaying(page, false)
  await click(page, '#question-health')
  await page.waitForSelector('.layer-table')
  // The kernels of the readings may still compile: steps from then on are read, each.
  const stepNow = () => page.evaluate(() => globalThis.gradscope.session.trainer!.step)
  const told = (step: number) =>
    page.waitForFunction(
      (wanted) => document.querySelector('.layer-table .when')?.textContent.startsWith(`Step ${wanted},`),
      { timeout: 15_000 },
      step,
    )
  let before: Awaited<ReturnType<typeof weights>> | undefined
  for (let tries = 0; tries < 8 && !before; tries++) {
    const [step, own] = [await stepNow(), await weights(page)]
    await click(page, '#step')
    await page.waitForFunction((least) => globalThis.gradscope.session.trainer!.step > least, {}, step)
    const isTold = await told(step + 1).then(
      () => true,
      () => false,
    )
    if (isTold && (await stepNow()) === step + 1) before = own
  }
  await page.waitForFunction(() => document.querySelector('.layer-table td[data-metric=weight] span')?.textContent !== '–')
  const found = await rowsIn(page)
  expect(found.map(([name]) => name)).toEqual(['Dense 1', 'Dense 2', 'Dense 3'])
  const wanted = await expected(page, before!)
  wanted.forEach((cells, i) =>
    cells.forEach((text, k) => {
      if (text !== '') expect(found[i]![k + 1], `${found[i]![0]}, column ${k}`).toBe(text)
    }),
  )

  const weightNorms = () =>
    page.$$eval('.layer-table td[data-metric=weight] span', (cells) => cells.map((cell) => Number(cell.textContent)))
  await click(page, '.layer-table th[data-metric=weight] button')
  expect(await page.$eval('.layer-table th[data-metric=weight]', (head) => head.ariaSort)).toBe('descending')
  const sorted = await weightNorms()
  expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
  await click(page, '.layer-table th[data-metric=weight] button')
  expect(await weightNorms()).toEqual(sorted.toReversed())
  await click(page, '.layer-table input')
  await page.keyboard.type('sigmoid')
  expect((await rowsIn(page)).map(([name]) => name)).toEqual(['Dense 3'])
  await page.keyboard.press('Escape')
  await click(page, '.layer-table input', { count: 3 })
  await page.keyboard.press('Backspace')

  const selected = () => page.$$eval('.layer-table tr[aria-current]', (rows) => rows.map((row) => (row as HTMLElement).dataset['layer']))
  const without = await framePixels(page)
  await click(page, '.layer-table tr[data-layer="layers.2"] button')
  expect(await selected()).toEqual(['layers.2'])
  expect(await framePixels(page)).toBeGreaterThan(without + 200)
  const { x, y } = await page.evaluate(() => globalThis.gradscope.view.locate({ kind: 'neuron', column: 1, path: '', index: 3 }))
  await page.mouse.click(x, y)
  await page.waitForFunction(() => document.querySelector<HTMLElement>('.layer-table tr[aria-current]')?.dataset['layer'] === 'layers.0')
  // Closed, the drawer leaves nothing in the picture.
  await click(page, '.close-drawer')
  expect(await framePixels(page)).toBeLessThan(without + 100)
  expectNoErrors({ errors })
})
