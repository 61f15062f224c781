// @ts-check
// The first step of `mnist` as a newcomer sees it: the built page, in a browser that has kept nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { launchBrowser } from '../browser.mjs'
import { root } from '../vite.mjs'

/** The page, built and served when the first measurement is asked for. @param {() => import('../gpu-choice.mjs').GpuKind | undefined} gpu where the page is to run */
export function firstStepMeter(gpu) {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-page-'))
  /** @type {ReturnType<typeof serve> | undefined} */
  let serving
  return {
    /** Milliseconds from the page's load to the first step that it shows, in a fresh browser. */
    async measure() {
      const server = await (serving ??= serve(folder))
      const browser = await launchBrowser({ gpu: gpu() })
      try {
        const page = await browser.newPage()
        await page.setViewport({ width: 1440, height: 900 })
        await page.evaluateOnNewDocument(watchFirstStep)
        await page.goto(server.resolvedUrls?.local[0] ?? '', { waitUntil: 'domcontentloaded' })
        const shown = await page.waitForFunction('globalThis.firstStepAt', { polling: 200, timeout: 120_000 })
        return /** @type {number} */ (await shown.jsonValue())
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
function watchFirstStep() {
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver((_, observer) => {
      if (!(Number(document.body.dataset['step']) >= 1)) return
      observer.disconnect()
      Object.assign(globalThis, { firstStepAt: performance.now() })
    }).observe(document.body, { attributeFilter: ['data-step'] }),
  )
}
