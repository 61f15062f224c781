import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { expectNoErrors, saved, servedBuild, setPlaying, untilRuns, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

/** Once the picture has come to rest. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 1700))
const title = (page: Page) => page.$eval('.inspector header span', (element) => element.textContent)
const untilOpen = (page: Page, open: boolean) =>
  page.waitForFunction((wanted) => document.querySelector<HTMLElement>('.inspector')?.hidden !== wanted, {}, open)

async function clickNeuron(page: Page, column: number, index: number) {
  await rest()
  const { x, y } = await page.evaluate(
    (c, i) => globalThis.gradscope.view.locate({ kind: 'neuron', column: c, path: '', index: i }),
    column,
    index,
  )
  await page.mouse.click(x, y)
  await untilOpen(page, true)
}

another('the card of a neuron closes on Escape, and when another preset has a neuron of the same number', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  await clickNeuron(page, 1, 3)
  expect(await title(page)).toBe('Neuron 4 of 8')
  await page.keyboard.press('Escape')
  await untilOpen(page, false)

  await clickNeuron(page, 1, 3)
  // The same layers, on other data.
  await page.click('[data-preset=circle]')
  await untilRuns(page, 'circle')
  await untilOpen(page, false)
  await setPlaying(page, true)
  await untilStep(page, 1)
  await rest()
  expect(await page.$eval('.inspector', (panel) => (panel as HTMLElement).hidden)).toBe(true)
  expectNoErrors({ errors })
})

test('arrow keys walk through the picture, and tell what stands there; Enter opens its card, Escape leaves', async () => {
  const { page, errors } = await start('iris', { width: 1440, height: 900 })
  await untilStep(page, 20)
  await setPlaying(page, false)
  await rest()
  const told = (words: RegExp) =>
    page.waitForFunction((source) => new RegExp(source).test(document.querySelector('.told')?.textContent ?? ''), {}, words.source)
  await page.focus('#view')
  await page.keyboard.press('ArrowRight')
  await told(/^Input, neuron 2: activation −?[\d.e−]+$/)
  await page.keyboard.press('ArrowRight')
  await told(/^Weight from Input, neuron 2 to Dense 1, neuron 8: value −?[\d.e−]+, gradient −?[\d.e−]+$/)
  await page.keyboard.press('ArrowDown')
  await told(/to Dense 1, neuron 9: /)
  await page.keyboard.press('Enter')
  await untilOpen(page, true)
  await page.waitForFunction(() => document.querySelector('.inspector header span')?.textContent === 'Weight 9 ← 2')
  const card = await page.$eval('.inspector', (panel) => panel.textContent)
  expect(card).toContain('input sepal_width')
  expect(card).toMatch(/Adam divides a running mean of this gradient/)
  expect(card).not.toContain('plain gradient step')
  await page.keyboard.press('Escape')
  await untilOpen(page, false)
  expect(await page.$eval('.told', (element) => element.textContent)).toBe('')
  // The picture was not left: the next arrow begins anew.
  await page.keyboard.press('End')
  await told(/^Input, neuron 2: /)
  await page.keyboard.press('End')
  await told(/^Dense 2, neuron 2: activation .+, gradient /)
  expectNoErrors({ errors })
})

another('the browser warns of nothing while networks of all kinds are shown, pointed at and changed', async () => {
  const { page, errors } = await start('penguins', { width: 1440, height: 900 })
  const warnings: string[] = []
  page.on('console', (message) => {
    if (['warn', 'warning'].includes(message.type())) warnings.push(message.text())
  })
  const point = async () => {
    await rest()
    await page.mouse.move(680, 500)
    await page.mouse.move(700, 520)
    await rest()
  }
  await untilStep(page, 5)
  await point()
  for (const preset of ['article', 'xor', 'depth-comparison', 'iris', 'weather', 'spiral', 'penguins']) {
    await page.click(`[data-preset=${preset}]`)
    await untilRuns(page, preset)
    await untilStep(page, 1)
    await point()
  }
  // Feature maps, a block whose weights are all folded away, and back.
  for (const layers of [
    [
      { type: 'residual', layers: [{ type: 'dense', units: 7 }] },
      { type: 'dense', units: 3 },
    ],
    [{ type: 'dense', units: 3 }],
  ]) {
    await page.evaluate(
      async (asked) => {
        const { session } = globalThis.gradscope
        const features = session.state.value.dataset!.inputShape[0]!
        const own = asked.map((layer) => (layer.layers ? { ...layer, layers: [{ type: 'dense', units: features }] } : layer))
        await session.useModel({ ...structuredClone(session.state.value.running!), layers: own as never })
      },
      layers as { type: string; units?: number; layers?: unknown[] }[],
    )
    await untilStep(page, 1)
    await point()
  }
  expect(warnings).toEqual([])
  expectNoErrors({ errors })
})

another('a saved picture has twice the pixels of the view, even while frames are drawn with few', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 20)
  const picture = await saved(page, 'Picture')
  const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)]
  const free = await page.evaluate(() => {
    const { insets } = globalThis.gradscope.view.settings
    return { width: innerWidth - insets.left - insets.right, height: innerHeight - insets.top - insets.bottom }
  })
  expect(width).toBeGreaterThanOrEqual(2 * free.width - 2)
  expect(height).toBeGreaterThan(2 * free.height)
  // The view goes on as it was.
  const ratio = await page.$eval('#view', (canvas) => (canvas as HTMLCanvasElement).width / canvas.clientWidth)
  expect(ratio).toBeLessThanOrEqual(1.01)
  expectNoErrors({ errors })
})

const namesApart = 'no name of the compared networks covers another one or a column, at %i × %i'
// In npm test they stand apart by their plan alone (unit/view-names).
another.each([
  [1440, 900],
  [390, 844],
  [720, 450],
])(namesApart, standApart)

async function standApart(width: number, height: number): Promise<void> {
  const { page, errors } = await start('depth-comparison', { width, height })
  await untilStep(page, 2)
  await setPlaying(page, false)
  await page.waitForSelector('.view-name')
  await rest()
  const meetings = await page.evaluate(() => {
    const { view } = globalThis.gradscope
    const names = [...document.querySelectorAll('.view-name')].map((element) => ({
      text: element.textContent,
      box: element.getBoundingClientRect(),
    }))
    const columns = view.observation!.columns.map((_, i) => ({ text: `column ${i}`, box: view.extent(i) }))
    const meet = (a: { left: number; right: number; top: number; bottom: number }, b: typeof a) =>
      a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
    return names.flatMap((one, i) =>
      [...names.slice(i + 1), ...columns].filter((other) => meet(one.box, other.box)).map((other) => `${one.text}, ${other.text}`),
    )
  })
  expect(meetings).toEqual([])
  expectNoErrors({ errors })
}

another('a slow step shows its ends without motion where that is asked for', async () => {
  const { page, errors } = await start('xor', {
    before: () => {
      const real = globalThis.matchMedia.bind(globalThis)
      globalThis.matchMedia = (query) => (query.includes('reduced-motion') ? real('all') : real(query))
    },
  })
  await untilStep(page, 5)
  await setPlaying(page, false)
  await rest()
  await page.evaluate(() => {
    const flows = new Set<number | null>()
    Object.assign(globalThis, { flows })
    const look = () => {
      flows.add(globalThis.gradscope.view.settings.flow)
      requestAnimationFrame(look)
    }
    look()
  })
  await page.keyboard.press('.')
  await page.waitForFunction(() => document.querySelector('.caption:not([hidden]) b')?.textContent === 'Update')
  const flows = await page.evaluate(() => [...(globalThis as unknown as { flows: Set<number | null> }).flows])
  expect(flows.length).toBeLessThanOrEqual(4)
  expectNoErrors({ errors })
})
