// @ts-check
import { adapterOf } from './gpu-choice.mjs'

/** A driver that hangs must not hang the command. */
const mostMilliseconds = 30_000

/**
 * The adapter that a browser's pages get. An adapter without a device is none: a driver may be there and refuse.
 * @param {import('puppeteer').Browser} browser @returns {Promise<import('./gpu-choice.mjs').Found>}
 */
export async function adapterIn(browser) {
  const page = await browser.newPage()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  try {
    // WebGPU needs a secure origin; this one is answered here, without a server.
    await page.setRequestInterception(true)
    page.on('request', (request) => void request.respond({ contentType: 'text/html', body: '<!doctype html>' }).catch(() => {}))
    await page.goto('http://localhost/')
    const tooLong = new Promise((resolve) => {
      timer = setTimeout(
        () => resolve({ problem: `no answer of the browser's GPU process in ${mostMilliseconds / 1000} s` }),
        mostMilliseconds,
      )
    })
    const answer = /** @type {Awaited<ReturnType<typeof askAdapter>>} */ (await Promise.race([page.evaluate(askAdapter), tooLong]))
    return 'info' in answer ? { adapter: adapterOf(answer.info) } : answer
  } finally {
    clearTimeout(timer)
    await page.close().catch(() => {})
  }
}

/** Runs in the page; the same request as the engine's (src/gpu/device.ts). */
async function askAdapter() {
  if (!navigator.gpu) return { problem: 'no WebGPU in the browser' }
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return { problem: 'no adapter in the browser' }
    ;(await adapter.requestDevice()).destroy()
    const { vendor, architecture, device, description } = adapter.info
    // Chromium before 140 has this on the adapter itself.
    const { isFallbackAdapter } = 'isFallbackAdapter' in adapter.info ? adapter.info : /** @type {any} */ (adapter)
    return { info: { vendor, architecture, device, description, isFallbackAdapter: isFallbackAdapter === true } }
  } catch (error) {
    return { problem: `an adapter that gives no device (${error instanceof Error ? error.message : String(error)})` }
  }
}
