// @ts-check
// node tools/soak.mjs [minutes] [preset] : trains in the page at full speed and measures its heap after collection, each minute. Exits with 1 where it grows
// by more than 5 % after the second minute.
import { createServer } from 'vite'
import { launchBrowser } from './browser.mjs'
import { viteConfig } from './vite.mjs'

const [minutes = '20', preset = 'article'] = process.argv.slice(2)
const allowed = 1.05
const settled = 2

const server = await createServer({ ...viteConfig(), server: { host: '127.0.0.1', port: 0, hmr: false, watch: null } })
await server.listen()
const browser = await launchBrowser({ protocolTimeout: 0 })
try {
  const page = await browser.newPage()
  await page.setViewport({ width: 1440, height: 900 })
  await page.goto(new URL(`?preset=${preset}`, server.resolvedUrls?.local[0]).href)
  await page.waitForFunction(() => Number(document.body.dataset['step']) > 0, { timeout: 300_000 })
  // As fast as it goes, without an end.
  await page.evaluate(() => {
    const { session } = /** @type {any} */ (globalThis).gradscope
    session.edit((/** @type {{ epochs: number | null }} */ description) => (description.epochs = null), 'epochs')
    session.runner.setSpeed(null)
    session.runner.play()
  })
  const client = await page.createCDPSession()
  await client.send('HeapProfiler.enable')
  /** @type {number[]} */
  const heaps = []
  for (let minute = 1; minute <= Number(minutes); minute++) {
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    await client.send('HeapProfiler.collectGarbage')
    const { JSHeapUsedSize = 0 } = await page.metrics()
    const { step, buffers } = await page.evaluate(async () => {
      const { memory } = /** @type {any} */ (performance)
      return { step: Number(document.body.dataset['step']), buffers: memory?.usedJSHeapSize ?? 0 }
    })
    heaps.push(JSHeapUsedSize)
    console.log(
      `minute ${minute}: step ${step.toLocaleString('en-US')}, heap ${(JSHeapUsedSize / 2 ** 20).toFixed(1)} MiB, ${(buffers / 2 ** 20).toFixed(1)} with buffers`,
    )
  }
  const [first, last] = [heaps[settled - 1] ?? NaN, heaps.at(-1) ?? NaN]
  console.log(`heap at the end over the heap after ${settled} minutes: ${(last / first).toFixed(3)}`)
  process.exitCode = last <= first * allowed ? 0 : 1
} finally {
  await browser.close()
  await server.close()
}
