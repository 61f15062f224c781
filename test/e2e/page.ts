import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import puppeteer, { type Browser, type BrowserContext, type ElementHandle, type Page } from 'puppeteer'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import type { Session } from '../../src/app/run/session.ts'
import type { Layer, Training } from '../../src/model/types.ts'
import type { Engine } from '../../src/train/engine.ts'
import type { View } from '../../src/view/types.ts'
import { temporaryFolder } from './command.ts'

declare global {
  var gradscope: { session: Session; engine: Engine; view: View }
}

/** Milliseconds that a page may take for whatever a test waits for: a busy machine is slow, not broken. */
const patience = 120_000

export interface OpenPage {
  page: Page
  /** What the console was told as an error, and what nobody caught. */
  errors: string[]
}

/** A new page; `before` runs in it ahead of its own scripts. */
export async function openPage(
  browser: Browser | BrowserContext,
  address: string,
  options: { width?: number; height?: number; before?: () => void } = {},
): Promise<OpenPage> {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error instanceof Error ? error.message : String(error)))
  page.setDefaultTimeout(patience)
  await page.setViewport({ width: options.width ?? 1000, height: options.height ?? 700 })
  if (options.before) await page.evaluateOnNewDocument(options.before)
  await page.goto(address)
  return { page, errors }
}

/** The explorer of `servedSite` at a preset. */
export function servedBuild(): (preset: string, options?: Parameters<typeof openPage>[2]) => Promise<OpenPage> {
  const open = servedSite()
  return (preset, options) => open(`?preset=${preset}`, options)
}

/**
 * The browser that the files of a worker share (site.setup.ts), in a context of this file's own: its pages see no storage and no cache of
 * another file. To be asked while the tests of this file run.
 */
export function sharedBrowser(): () => { context: BrowserContext; address: string } {
  let browser: Browser | undefined
  let opened: { context: BrowserContext; address: string } | undefined
  beforeAll(async () => {
    const response = await fetch(`${inject('site')}/browser?worker=${process.env['VITEST_POOL_ID']}`)
    if (!response.ok) throw new Error(await response.text())
    const { endpoint, address } = (await response.json()) as { endpoint: string; address: string }
    browser = await puppeteer.connect({ browserWSEndpoint: endpoint, defaultViewport: null })
    opened = { context: await browser.createBrowserContext(), address }
  })
  afterAll(async () => {
    await opened?.context.close()
    await browser?.disconnect()
  })
  return () => opened!
}

/** The production build, served from a path below the root as any static host may. Opens a page of it, for as long as the test runs. */
export function servedSite(): (path: string, options?: Parameters<typeof openPage>[2]) => Promise<OpenPage> {
  const shared = sharedBrowser()
  return async (path, options) => {
    const { context, address } = shared()
    const open = await openPage(context, address + path, options)
    onTestFinished(() => open.page.close())
    return open
  }
}

/** Files by name and content, for as long as the test runs; their paths. */
export function written(files: Record<string, string | Uint8Array>): string[] {
  const folder = temporaryFolder()
  return Object.entries(files).map(([name, content]) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  })
}

/** Chooses files in the page's own dialog for data. */
export async function choose(page: Page, files: Record<string, string | Uint8Array>): Promise<void> {
  const input = (await page.$('#data input[type=file]')) as ElementHandle<HTMLInputElement>
  await input.uploadFile(...written(files))
}

/** Drops files in the middle of the page, as a desktop does. */
export async function drop(page: Page, files: Record<string, string | Uint8Array>): Promise<void> {
  const client = await page.createCDPSession()
  const { width, height } = page.viewport()!
  const data = { items: [], files: written(files), dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data })
}

/** The file that a button of the page saves. */
export async function saved(page: Page, button: string): Promise<Buffer> {
  const folder = temporaryFolder()
  const client = await page.createCDPSession()
  const { id } = page.browserContext()
  await client.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: folder,
    eventsEnabled: true,
    ...(id !== undefined && { browserContextId: id }),
  })
  const done = new Promise<void>((resolve) => {
    client.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve())
  })
  await click(page, `.saves ::-p-text(${button})`)
  await done
  return readFileSync(join(folder, readdirSync(folder)[0]!))
}

/**
 * The middle of a control, brought to sight as a hand would scroll to it. Fails where it cannot be seen or something else lies over it:
 * there a hand would press something else.
 */
export async function centreOf(page: Page, target: string | ElementHandle<Element>): Promise<{ x: number; y: number }> {
  const element = typeof target === 'string' ? await page.waitForSelector(target) : target
  const { x, y, over } = await element!.evaluate((control) => {
    const inSight = () => {
      const { left, right, top, bottom } = control.getBoundingClientRect()
      return { x: (left + right) / 2, y: (top + bottom) / 2 }
    }
    const hit = () => {
      const { x, y } = inSight()
      const found = document.elementFromPoint(x, y)
      return found && (control === found || control.contains(found)) ? null : (found?.outerHTML.slice(0, 120) ?? 'nothing')
    }
    if (hit() !== null) control.scrollIntoView({ block: 'center', behavior: 'instant' })
    return { ...inSight(), over: hit() }
  })
  if (over !== null) throw new Error(`At the middle of ${String(target)} (${x}, ${y}) lies ${over}`)
  return { x, y }
}

/** Clicks as a hand does: moves there, presses, holds for a moment, lets go. */
export async function click(page: Page, target: string | ElementHandle<Element>, { count = 1, hold = 20 } = {}): Promise<void> {
  const { x, y } = await centreOf(page, target)
  await page.mouse.move(x, y)
  for (let i = 1; i <= count; i++) {
    await page.mouse.down({ clickCount: i })
    await new Promise((resolve) => setTimeout(resolve, hold))
    await page.mouse.up({ clickCount: i })
  }
}

/** Resolves when a control has stood still for a while: a hand does not aim at what moves. */
const untilStill = (page: Page, selector: string) =>
  page.evaluate(async (wanted) => {
    const place = () => JSON.stringify(document.querySelector(wanted)?.getBoundingClientRect())
    for (let [before, frames] = [place(), 0]; frames < 6; frames++) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      if (place() !== before) [before, frames] = [place(), 0]
    }
  }, selector)

/** Marks what a field holds and types over it, without leaving it. */
export async function typeOver(page: Page, label: string, text: string): Promise<void> {
  const field = `input[aria-label="${label}"]`
  await untilStill(page, field)
  await click(page, field, { count: 3 })
  if (text === '') await page.keyboard.press('Backspace')
  else await page.keyboard.type(text)
}

/** Chooses in a list by its keys: opens it, goes to the option, takes it. */
export async function chooseOption(page: Page, list: string, option: string): Promise<void> {
  await page.waitForSelector(list)
  // By its selector, not as the element that it is now: another may take its place, under the same pointer.
  const options = await page.$eval(list, (select) => [...(select as HTMLSelectElement).options].map(({ text }) => text))
  const wanted = options.indexOf(option)
  if (wanted < 0) throw new Error(`${list} offers ${options.join(', ')}, expected ${option}`)
  await click(page, list)
  await page.keyboard.press('Home')
  for (let i = 0; i < wanted; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForFunction(
    (select, text) => document.querySelector<HTMLSelectElement>(select)?.selectedOptions[0]?.text === text,
    {},
    list,
    option,
  )
}

/** Goes to a control by Tab, from where the focus is. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let stops = 0; stops < 200; stops++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not come to ${selector}`)
}

/** What has the focus, by its name. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    return !element || element === document.body ? 'nothing' : (element.getAttribute('aria-label') ?? element.textContent ?? '')
  })

/** The step that the page shows in its own data attribute. */
export const stepOf = (page: Page): Promise<number> => page.evaluate(() => Number(document.body.dataset['step'] ?? 0))

export const untilStep = (page: Page, step: number) =>
  page.waitForFunction((least) => document.body.dataset['phase'] === 'ready' && Number(document.body.dataset['step']) >= least, {}, step)

/** Waits until a preset runs as the rail describes it. */
export const untilRuns = (page: Page, name: string) =>
  page.waitForFunction(
    (wanted) => {
      // The page may have no session yet: what throws is not asked again.
      const { preset, work, draft, running } = globalThis.gradscope?.session.state.value ?? {}
      return preset === wanted && work?.kind === 'none' && JSON.stringify(draft) === JSON.stringify(running)
    },
    {},
    name,
  )

/** Other layers in place of the run's, and what of its training differs; without an end where `endless`. */
export const runLayers = (page: Page, layers: Layer[], training: Partial<Training> = {}, { endless = false } = {}) =>
  page.evaluate(
    async (own, change, isEndless) => {
      const { session } = globalThis.gradscope
      const asked = structuredClone(session.state.value.running!)
      Object.assign(asked.training, change)
      await session.useModel({ ...asked, layers: own, ...(isEndless && { epochs: null }) })
    },
    layers,
    training,
    endless,
  )

/** Presses play or pause, and waits until the page has done so. */
export async function setPlaying(page: Page, playing: boolean): Promise<void> {
  if ((await page.evaluate(() => document.body.dataset['playing'])) === String(playing)) return
  await click(page, '#play')
  await page.waitForFunction((wanted) => document.body.dataset['playing'] === wanted, {}, String(playing))
}

/** The problem told in a section of the rail, once there is one. */
export async function problemIn(page: Page, section: string): Promise<string> {
  const own = `#${section} .problem:not([hidden])`
  // A stage's own stands where its fields do.
  const selector = /^\w+$/.test(section) ? `${own}, .problem[data-place="${section}"]:not([hidden])` : own
  await page.waitForSelector(selector)
  return page.$eval(selector, (element) => element.textContent ?? '')
}

/** Waits until the one sentence that refuses a file stands under Data. */
export const untilTold = (page: Page, sentence: string) =>
  page.waitForFunction((wanted) => document.querySelector('#data .problem:not([hidden])')?.textContent === wanted, {}, sentence)

/** Undoes the latest edit by its keys. */
export async function undo(page: Page): Promise<void> {
  await page.keyboard.down('Control')
  await page.keyboard.press('z')
  await page.keyboard.up('Control')
}

/** The 3D view's pixels, as the screen shows them where nothing covers them. */
export async function picture(page: Page): Promise<string> {
  const { width, height } = page.viewport()!
  const clip = { x: width * 0.4, y: height * 0.25, width: width * 0.2, height: height * 0.4 }
  // Beyond the viewport, which puppeteer captures with a clip otherwise, the page would be laid out anew for each look.
  return page.screenshot({ encoding: 'base64', captureBeyondViewport: false, clip })
}

export function expectNoErrors({ errors }: Pick<OpenPage, 'errors'>): void {
  expect(errors).toEqual([])
}
