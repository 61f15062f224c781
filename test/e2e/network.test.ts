import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { chooseOption, click, expectNoErrors, problemIn, servedBuild, setPlaying, stepOf, typeOver, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

const layersOf = (page: Page) => page.evaluate(() => globalThis.gradscope.session.state.value.running?.layers ?? [])
const untilTypes = (page: Page, types: string[]) =>
  page.waitForFunction(
    (wanted) => globalThis.gradscope.session.state.value.running?.layers.map(({ type }) => type).join() === wanted,
    {},
    types.join(),
  )

/** By its button: within a field the keys undo what was typed there. */
const undo = (page: Page) => click(page, '#network [aria-label=Undo]')

/** Opens the menu of a button and chooses by name. */
async function add(page: Page, button: string, title: string): Promise<string[]> {
  // The places between rows show themselves where the pointer is near.
  if (button.includes('after')) await page.hover(`.layer:has(> ${button}) > .layer-head`)
  await click(page, button)
  const items = await page.$$('.menu [role=menuitem]')
  const titles = await Promise.all(items.map((item) => item.$eval(':scope > :first-child', ({ textContent }) => textContent ?? '')))
  if (title) await click(page, items[titles.indexOf(title)]!)
  return titles
}

async function enter(page: Page, label: string, text: string): Promise<void> {
  await typeOver(page, label, text)
  await page.keyboard.press('Enter')
}

another('samples are read as images, a convolution is added, and a kernel that does not fit is told in its row', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 2)
  await page.evaluate(async () => {
    const { session } = globalThis.gradscope
    const count = 32
    const x = Uint8Array.from({ length: count * 64 }, (_, i) => (i * 37) % 251)
    const train = { count, x, y: Int32Array.from({ length: count }, (_, i) => i % 2) }
    await session.useData(
      { name: 'tiles', inputShape: [64], outputs: 2, train },
      {
        input: null,
        layers: [{ type: 'dense', units: 8 }, { type: 'tanh' }, { type: 'dense', units: 2 }],
        training: { loss: 'crossEntropy', optimizer: { type: 'adam', learningRate: 0.01 }, batchSize: 8, seed: 1 },
        perturbation: 0,
        shuffle: true,
        epochs: null,
      },
    )
  })
  await chooseOption(page, 'select[aria-label="Samples are read as"]', 'images of 1 × 8 × 8')
  await untilTypes(page, ['flatten', 'dense', 'tanh', 'dense'])
  expect(await add(page, '[aria-label="Add a layer after Input"]', 'Conv2d')).toEqual(expect.arrayContaining(['Conv2d', 'Max pool']))
  await untilTypes(page, ['conv2d', 'flatten', 'dense', 'tanh', 'dense'])
  expect(await page.$eval('[data-layer="layers.0"] .shape', (shape) => shape.textContent)).toBe('16×8×8')
  expect(await page.$eval('[data-layer="layers.1"] .shape', (shape) => shape.textContent)).toBe('1024')
  expect(await add(page, '[aria-label="Add a layer after Layer 2, Flatten"]', '')).not.toContain('Conv2d')
  await page.keyboard.press('Escape')

  await click(page, '[aria-label^="Layer 1, Conv2d: further settings"]')
  await enter(page, 'Layer 1, Conv2d: kernel', '20')
  expect(await problemIn(page, 'network [data-layer="layers.0"]')).toBe(
    'Layer 1 (Conv 1) has a kernel of 20 on a padded input of 10 × 10, expected one that fits',
  )
  expect(await page.$eval('[aria-label="Layer 1, Conv2d: kernel"]', (input) => input.getAttribute('aria-invalid'))).toBe('true')
  expect((await layersOf(page))[0]).toMatchObject({ kernel: 3 })
  await enter(page, 'Layer 1, Conv2d: kernel', '5')
  await page.waitForFunction(() => JSON.stringify(globalThis.gradscope.session.state.value.running?.layers[0]).includes('"kernel":5'))
  await undo(page)
  await page.waitForFunction(() => JSON.stringify(globalThis.gradscope.session.state.value.running?.layers[0]).includes('"kernel":3'))
  expectNoErrors({ errors })
})

another('a residual group is added, opened, edited within and left by the arrow keys; undo brings all back', async () => {
  const { page, errors } = await start('xor')
  await untilStep(page, 2)
  const before = await layersOf(page)
  await add(page, '.adders .add', 'Residual')
  await untilTypes(page, ['dense', 'tanh', 'dense', 'tanh', 'residual', 'dense', 'sigmoid'])
  const group = '[data-layer="layers.4"]'
  expect(await page.$eval(`${group} .disclose`, (button) => button.textContent)).toBe('2 × dense 8')
  expect(await page.$(`${group} .layers`)).toBeNull()
  await click(page, `${group} .disclose`)
  await page.waitForSelector(`${group} .layers [data-layer]`)
  expect(await page.$$eval(`${group} .layers [data-layer]`, (rows) => rows.map((row) => (row as HTMLElement).dataset['layer']))).toEqual([
    'layers.4.layers.0',
    'layers.4.layers.1',
    'layers.4.layers.2',
  ])

  await enter(page, 'Layer 5.3, Dense: units', '5')
  expect(await problemIn(page, `network ${group}`)).toContain('its layers give [5], its shortcut [8]')
  await undo(page)
  await page.waitForFunction(() => document.querySelector('#network .problem')!.hasAttribute('hidden'))

  await click(page, `[data-layer="layers.4.layers.1"] .handle`)
  await page.keyboard.press('ArrowLeft')
  await untilTypes(page, ['dense', 'tanh', 'dense', 'tanh', 'residual', 'tanh', 'dense', 'sigmoid'])
  expect(await page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-layer]')?.dataset['layer'])).toBe('layers.5')
  await page.keyboard.press('ArrowRight')
  await untilTypes(page, ['dense', 'tanh', 'dense', 'tanh', 'residual', 'dense', 'sigmoid'])
  expect(await page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-layer]')?.dataset['layer'])).toBe(
    'layers.4.layers.2',
  )
  await click(page, `[aria-label="Remove Layer 5, Residual"]`)
  await untilTypes(page, ['dense', 'tanh', 'dense', 'tanh', 'dense', 'sigmoid'])
  for (let i = 0; i < 5; i++) await undo(page)
  await page.waitForFunction(
    (wanted) => JSON.stringify(globalThis.gradscope.session.state.value.running?.layers) === wanted,
    {},
    JSON.stringify(before),
  )
  expectNoErrors({ errors })
})

test(
  'the comparison trains four networks at the same step, says which gradient vanishes, and shows whichever is chosen',
  { timeout: 240_000 },
  async () => {
    const { page, errors } = await start('depth-comparison')
    await page.waitForFunction(() => Number(document.body.dataset['step']) >= 3, { timeout: 180_000 })
    const said = (name: string) =>
      page.waitForFunction(
        (wanted) => {
          const row = [...document.querySelectorAll('.variant')].find((own) => own.querySelector('b')?.textContent === wanted)
          return row?.querySelector('.words')?.textContent || null
        },
        { timeout: 60_000 },
        name,
      )
    expect(await (await said('plain')).jsonValue()).toMatch(/^The first layer’s gradient is 1e−\d+ of the last’s: it vanishes\./)
    expect(await (await said('residual')).jsonValue()).toMatch(/: it (arrives|fades)\./)
    await click(page, '.variant')
    await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.experiments?.shown === 0, { timeout: 60_000 })
    expect(await page.$eval('.variant', (row) => row.getAttribute('aria-checked'))).toBe('true')
    const step = await stepOf(page)
    expect(step).toBeGreaterThanOrEqual(3)
    await page.waitForFunction((least) => Number(document.body.dataset['step']) > least, { timeout: 60_000 }, step)
    await setPlaying(page, false)
    const state = await page.evaluate(() => {
      const { session } = globalThis.gradscope
      return {
        steps: session.trainers.map((trainer) => trainer.step),
        shown: session.trainers.indexOf(session.trainer!),
        rows: document.querySelectorAll('[data-layer]').length,
      }
    })
    expect(new Set(state.steps).size).toBe(1)
    expect(state).toMatchObject({ shown: 0, rows: 40 })
    expectNoErrors({ errors })
  },
)
