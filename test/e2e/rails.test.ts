import type { Page } from 'puppeteer'
import { expect, test } from 'vitest'
import {
  centreOf,
  choose,
  click,
  tabTo,
  expectNoErrors,
  focusedName,
  problemIn,
  servedBuild,
  setPlaying,
  typeOver,
  untilStep,
} from './page.ts'

const start = servedBuild()

const layersNow = (page: Page) => page.evaluate(() => globalThis.gradscope.session.state.value.draft!.layers)
const units = 'Layer 1, Dense: units'
const chevron = 'Layer 2, Conv2d: further settings'

/** A page with a network of every kind of row, paused. */
async function paused(options?: Parameters<typeof start>[1]) {
  const open = await start('xor', options)
  await untilStep(open.page, 2)
  await setPlaying(open.page, false)
  return open
}

/** Every control of the left rail by a name of its own, with the stage that it stands in; sliders and file fields left out. */
const controls = (page: Page) =>
  page.evaluate(() => {
    const all = [
      ...document.querySelectorAll<HTMLElement>(
        '#build :is(button, select, summary, [role=button], input[type=text], input[type=checkbox])',
      ),
    ]
    return all
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .map((element, i) => {
        element.dataset['testControl'] = String(i)
        return { selector: `[data-test-control="${i}"]`, name: element.getAttribute('aria-label') ?? element.textContent ?? '' }
      })
  })

type Layers = Awaited<ReturnType<typeof layersNow>>

/** What a click on each kind of control does once units were typed in the first row; the layers then. */
const works: Record<string, (layers: Layers, page: Page) => unknown> = {
  [`[aria-label="${units}, more"]`]: (layers) => expect(layers[0]).toMatchObject({ units: 25 }),
  [`[aria-label="${units}, less"]`]: (layers) => expect(layers[0]).toMatchObject({ units: 17 }),
  '[aria-label="Layer 3, Dense: units, less"]': (layers) => expect(layers.slice(0, 3)).toMatchObject([{ units: 21 }, {}, { units: 7 }]),
  '[aria-label="Remove Layer 2, tanh"]': (layers) => expect(layers.slice(0, 2)).toMatchObject([{ units: 21 }, { type: 'dense' }]),
  '[aria-label="Remove Layer 1, Dense"]': (layers) => expect(layers[0]).toMatchObject({ type: 'tanh' }),
  '[aria-label="Layer 3, Dense: further settings"]': (_, page) => page.waitForSelector('[data-layer="layers.2"] .settings'),
  '.adders .add': (_, page) => page.waitForSelector('.menu'),
  '[aria-label="Add a layer after Layer 3, Dense"]': (_, page) => page.waitForSelector('.menu'),
  '[aria-label="Undo"]': (layers) => expect(layers[0]).toMatchObject({ units: 8 }),
}

test('a click after typed units does its work, and the focus is where it went', async () => {
  const { page, errors } = await paused()
  for (const [control, expected] of Object.entries(works)) {
    await typeOver(page, units, '21')
    if (control.includes('after')) await page.hover('[data-layer="layers.2"] .layer-head')
    await click(page, control)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)))
    await expected(await layersNow(page), page)
    expect(await focusedName(page), control).not.toBe('nothing')
    await page.keyboard.press('Escape')
    await page.evaluate(() => {
      const { session } = globalThis.gradscope
      while (session.edits.canUndo) session.undo()
      return new Promise((resolve) => setTimeout(resolve, 50))
    })
  }
  expectNoErrors({ errors })
})

// A kernel that does not fit brings its refusal, and a weight decay a row of its own: both move all below, once the edit has
// rested, and must not while the pointer is pressed.
test.each([
  { field: units, texts: ['21', '8'], hold: 20, from: 0, least: 40 },
  { field: 'Layer 2, Conv2d: kernel', texts: ['99', '3'], hold: 350, from: 'here', least: 20 },
  { field: 'Weight decay', texts: ['0.1', '0'], hold: 350, from: 'here', least: 8 },
])(
  'whatever is clicked after typing hears the click: $field',
  async ({ field, texts, hold, from, least }) => {
    const { page, errors } = await paused({ width: 1000, height: 900 })
    if (field !== units) await convolutions(page)
    const every = await controls(page)
    const all = every.slice(from === 'here' ? every.findIndex(({ name }) => name === field) : 0).filter(({ name }) => name !== field)
    expect(all.length).toBeGreaterThanOrEqual(least)
    // Heard and kept from doing anything, so that every control meets the same page.
    await page.evaluate(() => {
      addEventListener(
        'click',
        (event) => {
          if (!(event.target as Element).closest('#build')) return
          document.body.dataset['clicked'] =
            (event.target as Element).closest<HTMLElement>('[data-test-control]')?.dataset['testControl'] ?? ''
          event.preventDefault()
          event.stopImmediatePropagation()
        },
        { capture: true },
      )
    })
    const lost: string[] = []
    for (const [i, { selector, name }] of all.entries()) {
      await typeOver(page, field, texts[i % 2]!)
      await page.evaluate(() => (document.body.dataset['clicked'] = 'none'))
      if (name.startsWith('Add a layer after')) await page.hover(`:is([data-layer], .layer):has(> ${selector}) > .layer-head`)
      await click(page, selector, { hold })
      const clicked = await page.evaluate(() => document.body.dataset['clicked'])
      if (`[data-test-control="${clicked}"]` !== selector) lost.push(`${name}: ${clicked}`)
      await page.keyboard.press('Escape')
    }
    expect(lost).toEqual([])
    expectNoErrors({ errors })
  },
  400_000,
)

test('Tab and Shift+Tab after typing go where they go without, from every field of the rail', async () => {
  const { page, errors } = await paused({ width: 1000, height: 900 })
  await convolutions(page)
  const fields = await page.$$eval('#build input[type=text]', (inputs) =>
    inputs.filter((input) => input.checkVisibility()).map((input) => [input.getAttribute('aria-label')!, input.value] as const),
  )
  expect(fields.length).toBeGreaterThan(12)
  const leave = async (back: boolean) => {
    if (back) await page.keyboard.down('Shift')
    await page.keyboard.press('Tab')
    if (back) await page.keyboard.up('Shift')
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 30)))
    return focusedName(page)
  }
  for (const [label, value] of fields)
    for (const back of [false, true]) {
      await click(page, `input[aria-label="${label}"]`)
      const usual = await leave(back)
      expect(usual, label).not.toBe('nothing')
      const other = Number.isFinite(Number(value)) ? String(Number(value || 1) + 1) : '9'
      await typeOver(page, label, other)
      expect(await leave(back), `${label}, ${back ? 'back' : 'on'}`).toBe(usual)
      await typeOver(page, label, value)
      await page.keyboard.press('Enter')
      expect(await focusedName(page), `${label}, Enter`).toBe(label)
    }
  expectNoErrors({ errors })
}, 300_000)

test('what is removed hands the focus to what stands in its place, and what is typed stays through other changes', async () => {
  const { page, errors } = await paused()
  await click(page, '[aria-label="Remove Layer 2, tanh"]')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Remove Layer 2, Dense')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Remove Layer 2, tanh')

  await typeOver(page, units, '33')
  await page.evaluate(() => globalThis.gradscope.session.edit((draft) => void (draft.training.optimizer.learningRate = 0.02), 'else'))
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.running?.training.optimizer.learningRate === 0.02)
  expect(await page.$eval(`input[aria-label="${units}"]`, (input) => (input as HTMLInputElement).value)).toBe('33')
  expect(await focusedName(page)).toBe(units)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => Object.values(globalThis.gradscope.session.state.value.draft!.layers[0]!).includes(33))

  await typeOver(page, units, 'many')
  await page.keyboard.press('Enter')
  expect(await problemIn(page, 'network [data-layer="layers.0"]')).toContain('many')
  expect(await focusedName(page)).toBe(units)
  expectNoErrors({ errors })
})

test('in the dialog of own data what is chosen by keys or mouse keeps the focus, and what was refused can be mended', async () => {
  const { page, errors } = await paused()
  await choose(page, { 'points.csv': 'a,b,c\n1,2,x\n2,3,y\n3,1,x\n4,4,y\n5,5,x\n6,1,y\n' })
  await page.waitForSelector('dialog')
  await tabTo(page, '[aria-label="Use column a"]')
  await page.keyboard.press('Space')
  await page.waitForFunction(() => document.querySelector('dialog .note')?.textContent?.startsWith('1 inputs'))
  expect(await focusedName(page)).toBe('Use column a')
  await page.keyboard.press('Space')
  await click(page, '[aria-label="Use column b"]')
  await page.waitForFunction(() => document.querySelector('dialog .note')?.textContent?.startsWith('1 inputs'))
  expect(await focusedName(page)).toBe('Use column b')
  await click(page, '[aria-label="Use column a"]')
  await page.waitForSelector('dialog .problem:not([hidden])')
  await tabTo(page, 'dialog .primary')
  await page.keyboard.press('Enter')
  expect(await focusedName(page)).toBe('Train on this')
  expect(await page.$('dialog')).not.toBeNull()
  await click(page, '[aria-label="Use column a"]')
  await click(page, 'dialog .primary')
  await page.waitForSelector('dialog', { hidden: true })
  await page.waitForFunction(() => globalThis.gradscope.session.state.value.dataset?.name === 'points.csv')
  expectNoErrors({ errors })
})

/** Images of 8 × 8 in place of the data, and a network that convolves them. */
async function convolutions(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { session } = globalThis.gradscope
    const x = Uint8Array.from({ length: 32 * 64 }, (_, i) => (i * 37) % 251)
    const { training } = session.state.value.running!
    await session.useData(
      { name: 'tiles', inputShape: [1, 8, 8], outputs: 2, train: { count: 32, x, y: Int32Array.from({ length: 32 }, (_, i) => i % 2) } },
      {
        ...session.state.value.running!,
        layers: [
          { type: 'relu' },
          { type: 'conv2d', filters: 4, kernel: 3, padding: 1 },
          { type: 'maxPool2d', size: 2 },
          { type: 'residual', layers: [{ type: 'batchNorm' }] },
          { type: 'flatten' },
          { type: 'dropout', rate: 0.2 },
          { type: 'dense', units: 2 },
        ],
        training: { ...training, loss: 'crossEntropy', batchSize: 8 },
      },
    )
    session.runner.pause()
  })
  await page.waitForFunction(() => document.body.dataset['playing'] === 'false')
  await click(page, `[aria-label^="${chevron}"]`)
  await centreOf(page, 'input[aria-label="Layer 2, Conv2d: kernel"]')
}
