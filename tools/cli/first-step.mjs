// @ts-check
// How `mnist` opens as a newcomer sees it, and then as one who comes again: the built page, in a browser that has kept nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { launchBrowser } from '../browser.mjs'
import { root } from '../vite.mjs'

/** @typedef {import('../../src/cli/host.ts').Opening} Opening */

/** The page, built and served when the first measurement is asked for. @param {() => import('../gpu-choice.mjs').GpuKind | undefined} gpu where the page is to run */
export function firstStepMeter(gpu) {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-page-'))
  /** @type {ReturnType<typeof serve> | undefined} */
  let serving
  return {
    /** Two visits, one after the other, in a fresh browser. */
    async measure() {
      const server = await (serving ??= serve(folder))
      const address = server.resolvedUrls?.local[0] ?? ''
      const browser = await launchBrowser({ gpu: gpu() })
      try {
        return { first: await visit(browser, address), again: await visit(browser, address) }
      } finally {
        await browser.close()
      }
    },
    async close() {
      await (await serving?.catch(() => undefined))?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @param {import('puppeteer').Browser} browser @param {string} address @returns {Promise<Opening>} */
async function visit(browser, address) {
  const page = await browser.newPage()
  try {
    await page.setViewport({ width: 1440, height: 900 })
    await page.evaluateOnNewDocument(watchOpening)
    await page.goto(address, { waitUntil: 'domcontentloaded' })
    const seen = await page.waitForFunction('globalThis.opening?.picture && globalThis.opening', { polling: 200, timeout: 120_000 })
    return /** @type {Opening} */ (await seen.jsonValue())
  } finally {
    await page.close()
  }
}

/** @param {string} outDir */
async function serve(outDir) {
  const config = {
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: /** @type {const} */ ('error'),
    build: { outDir, emptyOutDir: true },
  }
  await build(config)
  return preview({ ...config, preview: { host: '127.0.0.1', port: 0 } })
}

/** Runs in the page: its clock begins with its load. */
function watchOpening() {
  /** @type {Partial<Opening>} */
  const opening = {}
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver((_, observer) => {
      const { step, picture } = document.body.dataset
      const now = performance.now()
      if (picture) opening.outline ??= now
      if (Number(step) >= 1) opening.step ??= now
      if (picture === 'coloured') opening.colour ??= now
      if (picture !== 'drawn') return
      observer.disconnect()
      const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN
      Object.assign(globalThis, { opening: { paint, colour: now, ...opening, picture: now } })
    }).observe(document.body, { attributeFilter: ['data-step', 'data-picture'] }),
  )
}
