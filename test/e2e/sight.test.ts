import type { Page } from 'puppeteer'
import { expect } from 'vitest'
import { takesCifar10 } from '../../src/data/image-presets.ts'
import { presetNames } from '../../src/data/presets.ts'
import { click, expectNoErrors, servedBuild, setPlaying, untilRuns, untilStep } from './page.ts'
import { another, test } from '../kinds.ts'

const start = servedBuild()

const essential = ['#play', 'input[aria-label="Learning rate"]', 'select[aria-label="Optimizer"]', 'input[aria-label="Batch size"]']

/** Those of the selectors whose element cannot be seen whole, or lies under another. */
const hidden = (page: Page, selectors: string[]) =>
  page.evaluate((wanted) => {
    return wanted.flatMap((selector) => {
      const all = document.querySelectorAll(selector)
      if (all.length !== 1) return [`${selector}: ${all.length} of them`]
      const { left, right, top, bottom, width, height } = all[0]!.getBoundingClientRect()
      const isIn = width > 0 && height > 0 && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      return isIn && hit && (all[0]!.contains(hit) || hit.contains(all[0]!)) ? [] : [`${selector}: ${[left, top, right, bottom].join(' ')}`]
    })
  }, selectors)

const loaded = presetNames.filter((name) => !takesCifar10(name))
const inSight = 'learning rate, optimizer, batch size and play are in sight without scrolling, once each, for %s'
test.for([['article', 'penguins', 'depth-comparison']])(inSight, areInSight)
another.for([loaded])(inSight, areInSight)

async function areInSight(names: readonly string[]): Promise<void> {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 1)
  await setPlaying(page, false)
  expect(loaded.length).toBeGreaterThan(10)
  for (const name of names) {
    await click(page, `[data-preset="${name}"]`)
    // What the rail says, before anything of it is prepared.
    await page.waitForFunction(
      (wanted) => {
        const { preset, work, draft } = globalThis.gradscope.session.state.value
        return preset === wanted && work.kind !== 'loading' && draft !== null
      },
      { timeout: 60_000 },
      name,
    )
    expect(await hidden(page, essential), name).toEqual([])
  }
  expectNoErrors({ errors })
}

const inSheet = 'at %i × %i they are in sight once the sheet of the training is open, and help covers no name'
test.each([[390, 844]])(inSheet, areInSheet)
another.each([[720, 450]])(inSheet, areInSheet)

async function areInSheet(width: number, height: number): Promise<void> {
  const { page, errors } = await start('moons', { width, height })
  await untilStep(page, 1)
  await click(page, '#tab-training')
  await page.waitForFunction(() => document.querySelector('#build')!.getBoundingClientRect().bottom <= innerHeight)
  await new Promise((resolve) => setTimeout(resolve, 400)) // the sheet slides in
  expect(await hidden(page, essential)).toEqual([])
  for (const tab of [null, '#tab-training']) {
    if (tab) await click(page, tab)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(await coveredNames(page, '#brand-actions button')).toEqual([])
  }
  expectNoErrors({ errors })
}

another('what is said of the run lies over no neuron and no name', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilRuns(page, 'xor')
  await page.evaluate(() => globalThis.gradscope.session.edit((draft) => void (draft.epochs = 1), 'epochs'))
  await page.waitForSelector('#ended:not([hidden])', { timeout: 60_000 })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(await coveredNames(page, '#ended')).toEqual([])
  const lowest = await page.evaluate(() => {
    const { session, view } = globalThis.gradscope
    return Math.max(
      ...session
        .trainer!.observation()
        .columns.flatMap(({ width, path }, column) =>
          Array.from({ length: width }, (_, index) => view.locate({ kind: 'neuron', column, path, index }).y),
        ),
    )
  })
  expect(lowest).toBeLessThan(await page.$eval('#ended', (element) => element.getBoundingClientRect().top))
  // Both ways on are named.
  expect(await page.$eval('#play', (button) => button.textContent)).toBe('Train on')
  await click(page, '#ended button')
  // Of a run that was past its one epoch when that was asked for, the next one ends there.
  await page.waitForFunction(() => {
    const { step, stepsPerEpoch } = globalThis.gradscope.session.trainer!
    return step === stepsPerEpoch
  })
  await page.waitForSelector('#ended:not([hidden])')
  expectNoErrors({ errors })
})

test('every control that Tab reaches shows that it has the focus', async () => {
  const { page, errors } = await start('xor', { width: 1440, height: 900 })
  await untilStep(page, 1)
  await setPlaying(page, false)
  const seen: string[] = []
  const dark: string[] = []
  for (let stops = 0; stops < 150; stops++) {
    await page.keyboard.press('Tab')
    const { name, isShown } = await page.evaluate(() => {
      const element = document.activeElement!
      // lil-gui draws its lists itself.
      const drawn = element.nextElementSibling?.matches('.lil-display') ? element.nextElementSibling : element
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn)
      const name = element === document.body ? '' : (element.getAttribute('aria-label') ?? element.textContent ?? '')
      return { name, isShown: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
    })
    if (name === '') continue // between the page's end and its beginning
    if (name === seen[0]) break
    seen.push(name)
    if (!isShown) dark.push(name)
  }
  expect(seen).toEqual(expect.arrayContaining(['Learning rate', 'Loss', 'Seed', 'Layer 1, Dense: units']))
  expect(dark).toEqual([])
  expectNoErrors({ errors })
})

/** Names in the picture that an element lies over. */
const coveredNames = (page: Page, selector: string) =>
  page.evaluate((over) => {
    const box = document.querySelector(over)!.getBoundingClientRect()
    return [...document.querySelectorAll('.view-labels > *')].flatMap((label) => {
      const { left, right, top, bottom, width } = label.getBoundingClientRect()
      const apart = right <= box.left || left >= box.right || bottom <= box.top || top >= box.bottom
      return width === 0 || apart || getComputedStyle(label).visibility === 'hidden' ? [] : [label.textContent]
    })
  }, selector)
