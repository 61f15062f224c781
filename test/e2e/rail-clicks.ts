import type { Page } from 'puppeteer'
import { expect, test } from 'vitest'
import { centreOf, click, expectNoErrors, servedBuild, setPlaying, typeOver, untilStep } from './page.ts'

const start = servedBuild()

export const units = 'Layer 1, Dense: units'
const chevron = 'Layer 2, Conv2d: further settings'

/** A page with a network of every kind of row, paused. */
export async function paused(options?: Parameters<typeof start>[1]) {
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

/** Images of 8 × 8 in place of the data, and a network that convolves them. */
export async function convolutions(page: Page): Promise<void> {
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

interface EveryClick {
  /** In which something is typed, these texts in turn. */
  field: string
  texts: string[]
  /** Milliseconds that the pointer is pressed. */
  hold: number
  /** The first control that is clicked: the rail's, or the one behind the field. */
  from: 0 | 'here'
  /** Controls at least. */
  least: number
}

// A kernel that does not fit brings its refusal, and a weight decay a row of its own: both move all below, once the edit has
// rested, and must not while the pointer is pressed.
export function testEveryClick(cases: EveryClick[]): void {
  test.each(cases)(
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
}
