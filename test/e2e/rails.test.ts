import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { choose, click, expectNoErrors, focusedName, tabTo, typeOver } from './page.ts'
import { convolutions, paused, units } from './rail-clicks.ts'
import { another, test } from '../kinds.ts'

const layersNow = (page: Page) => page.evaluate(() => globalThis.gradscope.session.state.value.draft!.layers)

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

another(
  'Tab and Shift+Tab after typing go where they go without, from every field of the rail',
  async () => {
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
      // A row's button says its settings in its name.
      return (await focusedName(page)).replace(/(further settings).*/, '$1')
    }
    for (const [label, value] of fields)
      for (const back of [false, true]) {
        await click(page, `input[aria-label="${label}"]`)
        const usual = await leave(back)
        expect(usual, label).not.toBe('nothing')
        const other = Number.isFinite(Number(value)) ? String(Number(value || 1) + 1) : '9'
        await typeOver(page, label, other)
        expect(await leave(back), `${label}, ${back ? 'back' : 'on'}`).toBe(usual)
        // Without the pointer: what the page says of the edit before moves the rows meanwhile.
        await page.$eval(`input[aria-label="${label}"]`, (input) => (input as HTMLInputElement).select())
        await page.keyboard.type(value || '1')
        await page.keyboard.press('Enter')
        expect(await focusedName(page), `${label}, Enter`).toBe(label)
      }
    expectNoErrors({ errors })
  },
  300_000,
)

another('what is removed hands the focus to what stands in its place, and what is typed stays through other changes', async () => {
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
  const told = await page.waitForSelector('[data-layer="layers.0"] .problem:not([hidden])')
  expect(await told!.evaluate((problem) => problem.textContent)).toContain('many')
  expect(await focusedName(page)).toBe(units)
  expectNoErrors({ errors })
})

another('in the dialog of own data what is chosen by keys or mouse keeps the focus, and what was refused can be mended', async () => {
  const { page, errors } = await paused()
  await choose(page, { 'points.csv': 'a,b,c\n1,2,x\n2,3,y\n3,1,x\n4,4,y\n5,5,x\n6,1,y\n' })
  await page.waitForSelector('dialog')
  await tabTo(page, '[aria-label="Use column a"]')
  await page.keyboard.press('Space')
  await page.waitForFunction(() => document.querySelector('dialog .note')?.textContent?.startsWith('1 input '))
  expect(await focusedName(page)).toBe('Use column a')
  await page.keyboard.press('Space')
  await click(page, '[aria-label="Use column b"]')
  await page.waitForFunction(() => document.querySelector('dialog .note')?.textContent?.startsWith('1 input '))
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
