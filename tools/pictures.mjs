// @ts-check
// node tools/pictures.mjs [FOLDER]: pictures of the page's panels for docs/, made in a headless browser as a reader would have them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { openBrowser } from './browser.mjs'
import { root, viteConfig } from './vite.mjs'

/** Milliseconds that a picture may take to come about, on a software adapter. */
const patience = 900_000

/** @typedef {import('puppeteer').Page} Page */
/** @typedef {{ name: string, preset: string, question: string, prepare(page: Page): Promise<void> }} Picture */

/** @type {Picture[]} */
const pictures = [
  {
    name: 'rate',
    preset: 'spiral',
    question: 'rate',
    async prepare(page) {
      await press(page, '#rate-test')
      await page.waitForSelector('#use-rate', { timeout: patience })
    },
  },
  {
    name: 'optimizer',
    preset: 'moons',
    question: 'optimizer',
    async prepare(page) {
      await press(page, '#race')
      await page.waitForFunction(() => globalThis.gradscope.session.trainers.length === 7, { timeout: patience })
      await untilStep(page, 600)
    },
  },
  {
    name: 'health',
    preset: 'depth-comparison',
    question: 'health',
    async prepare(page) {
      await page.evaluate(() => void globalThis.gradscope.session.experiments.adopt(0))
      await page.waitForSelector('[data-kind="vanishing"]', { timeout: patience })
      await untilStep(page, 100)
    },
  },
]

/** With the mouse. @param {Page} page @param {string} selector */
async function press(page, selector) {
  const element = await page.waitForSelector(selector, { visible: true, timeout: patience })
  await element?.click()
}

/** @param {Page} page @param {number} step */
const untilStep = (page, step) =>
  page.waitForFunction((wanted) => Number(document.body.dataset['step']) >= wanted, { timeout: patience }, step)

const folder = process.argv[2] ?? join(root, 'docs')
const server = await createServer({ ...viteConfig(), server: { host: '127.0.0.1', port: 0, hmr: false, watch: null } })
await server.listen()
const { browser } = await openBrowser({ gpu: 'software' })
try {
  const [address] = server.resolvedUrls?.local ?? []
  for (const { name, preset, question, prepare } of pictures) {
    const page = await browser.newPage()
    await page.setViewport({ width: 1440, height: 900 })
    await page.goto(`${address}?preset=${preset}&lang=en`)
    await untilStep(page, 5)
    await press(page, `#question-${question}`)
    await prepare(page)
    const bytes = await page.screenshot({ type: 'jpeg', quality: 86 })
    writeFileSync(join(folder, `answers-${name}.jpg`), bytes)
    console.log(`answers-${name}.jpg`)
    await page.close()
  }
} finally {
  await browser.close()
  await server.close()
}
