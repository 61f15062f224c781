// @ts-check
import { spawn } from 'node:child_process'
import { createServer } from 'vite'
import { openBrowser } from '../browser.mjs'
import { gpuOption } from '../gpu-choice.mjs'
import { viteConfig } from '../vite.mjs'

/** @type {import('./options.mjs').Command} */
export const command = {
  summary: 'Serves the page on this machine alone, prints its address and opens it where there is a display.',
  options: {
    port: { value: 'N', number: { integer: true, minimum: 1, maximum: 65535 }, help: 'first port to try (default 5173)' },
    'no-open': { help: 'do not open a browser' },
    gpu: { ...gpuOption, help: 'opens a browser window of its own, on the GPU or in software (default: your browser)' },
  },
}

const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])

/** @param {string} address */
function openInBrowser(address) {
  const { platform } = process
  const [program, ...words] =
    platform === 'darwin' ? ['open', address] : platform === 'win32' ? ['cmd', '/c', 'start', '', address] : ['xdg-open', address]
  const child = spawn(/** @type {string} */ (program), words, { stdio: 'ignore', detached: true })
  child.on('error', () => {}) // no opener: the printed address is enough
  child.unref()
}

/** A window whose adapter is chosen, where there is a display. @param {import('../gpu-choice.mjs').GpuKind} gpu */
async function openWindow(gpu) {
  const { browser } = await openBrowser({ gpu, headless: false, defaultViewport: null, ignoreDefaultArgs: ['--enable-automation'] })
  return browser
}

/** @param {import('./options.mjs').Parsed} parsed */
export async function run({ values }) {
  const opens = !values['no-open'] && hasDisplay()
  const browser = opens && values['gpu'] ? await openWindow(values['gpu']) : undefined
  const server = await createServer({ ...viteConfig(), server: { host: '127.0.0.1', port: values['port'] ?? 5173, strictPort: false } })
  await server.listen()
  const address = server.resolvedUrls?.local[0] ?? ''
  process.stdout.write(`gradscope is at ${address} (Ctrl-C ends it)\n`)
  if (browser) await (await browser.newPage()).goto(address)
  else if (opens) openInBrowser(address)
  await new Promise((resolve) => process.once('SIGINT', resolve))
  await browser?.close().catch(() => {})
  await server.close()
  return 0
}
