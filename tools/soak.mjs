// @ts-check
// node tools/soak.mjs [minutes] [preset] : trains in the page at full speed and measures its memory after collection, each minute: JavaScript's heap, the
// browser's objects of the page, and array buffers, which lie outside both. Exits with 1 where their sum grows by more than 5 % after the second minute.
import { createServer } from 'vite'
import { launchBrowser } from './browser.mjs'
import { viteConfig } from './vite.mjs'

const [minutes = '20', preset = 'article'] = process.argv.slice(2)
const allowed = 1.05
const settled = 2
const mebibytes = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(1)

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
  const sums = []
  for (let minute = 1; minute <= Number(minutes); minute++) {
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    await client.send('HeapProfiler.collectGarbage')
    const step = await page.evaluate(() => Number(document.body.dataset['step']))
    const { usedSize: heap, embedderHeapUsedSize: objects, backingStorageSize: buffers } = await client.send('Runtime.getHeapUsage')
    // An older browser leaves them out.
    if (objects === undefined || buffers === undefined)
      throw new Error(`${await browser.version()} does not tell the size of array buffers (backingStorageSize of Runtime.getHeapUsage)`)
    const sum = heap + objects + buffers
    sums.push(sum)
    console.log(
      `minute ${minute}: step ${step.toLocaleString('en-US')}, ${mebibytes(sum)} MiB: heap ${mebibytes(heap)}, objects ${mebibytes(objects)}, buffers ${mebibytes(buffers)}`,
    )
  }
  const [first, last] = [sums[settled - 1] ?? NaN, sums.at(-1) ?? NaN]
  console.log(`memory at the end over the memory after ${settled} minutes: ${(last / first).toFixed(3)}`)
  process.exitCode = last <= first * allowed ? 0 : 1
} finally {
  await browser.close()
  await server.close()
}
