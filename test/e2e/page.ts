import { execFile } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'puppeteer'
import { expect } from 'vitest'
import { projectRoot } from './command.ts'

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' }

/** `npm run build` into a folder. */
export async function build(folder: string): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    [join(projectRoot, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir'],
    { cwd: projectRoot },
  )
}

/** A plain file server that knows a folder only below `path`; ends with `close`. */
export async function serveFolder(folder: string, path: string): Promise<{ address: string; close(): void }> {
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = join(folder, asked.startsWith(path) ? asked.slice(path.length) || 'index.html' : '..')
    if (!asked.startsWith(path) || !existsSync(file)) return void response.writeHead(404).end()
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, close: () => server.close() }
}

export interface OpenPage {
  page: Page
  /** What the console was told as an error, and what nobody caught. */
  errors: string[]
}

/** A new page; `before` runs in it ahead of its own scripts. */
export async function openPage(
  browser: Browser,
  address: string,
  options: { width?: number; height?: number; before?: () => void } = {},
): Promise<OpenPage> {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error instanceof Error ? error.message : String(error)))
  await page.setViewport({ width: options.width ?? 1000, height: options.height ?? 700 })
  if (options.before) await page.evaluateOnNewDocument(options.before)
  await page.goto(address)
  return { page, errors }
}

/** The step that the page shows in its own data attribute. */
export const stepOf = (page: Page): Promise<number> => page.evaluate(() => Number(document.body.dataset['step'] ?? 0))

export const untilStep = (page: Page, step: number) =>
  page.waitForFunction(
    (least) => document.body.dataset['phase'] === 'ready' && Number(document.body.dataset['step']) >= least,
    { timeout: 60_000 },
    step,
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

/** The 3D view's pixels, as the screen shows them where nothing covers them. */
export async function picture(page: Page): Promise<string> {
  const { width, height } = page.viewport()!
  return page.screenshot({ encoding: 'base64', clip: { x: width * 0.4, y: height * 0.25, width: width * 0.2, height: height * 0.4 } })
}

export function expectNoErrors({ errors }: OpenPage): void {
  expect(errors).toEqual([])
}
