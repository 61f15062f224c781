import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import puppeteer, { type Browser, type BrowserContext, type ElementHandle, type Page } from 'puppeteer'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import type { Session } from '../../src/app/session.ts'
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
  await (await page.$(`.saves ::-p-text(${button})`))!.click()
  await done
  return readFileSync(join(folder, readdirSync(folder)[0]!))
}

/** The step that the page shows in its own data attribute. */
export const stepOf = (page: Page): Promise<number> => page.evaluate(() => Number(document.body.dataset['step'] ?? 0))

export const untilStep = (page: Page, step: number) =>
  page.waitForFunction((least) => document.body.dataset['phase'] === 'ready' && Number(document.body.dataset['step']) >= least, {}, step)

/** Waits until a preset runs as the rail describes it. */
export const untilRuns = (page: Page, name: string) =>
  page.waitForFunction(
    (wanted) => {
      const { preset, preparing, loading, draft, running } = globalThis.gradscope.session.state.value
      return preset === wanted && !preparing && loading === null && JSON.stringify(draft) === JSON.stringify(running)
    },
    {},
    name,
  )

/** Presses play or pause, and waits until the page has done so. */
export async function setPlaying(page: Page, playing: boolean): Promise<void> {
  if ((await page.evaluate(() => document.body.dataset['playing'])) === String(playing)) return
  await page.click('#play')
  await page.waitForFunction((wanted) => document.body.dataset['playing'] === wanted, {}, String(playing))
}

/** The problem told in a section of the rail, once there is one. */
export async function problemIn(page: Page, section: string): Promise<string> {
  const selector = `#${section} .problem:not([hidden])`
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
