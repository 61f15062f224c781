// @ts-check
import { spawn } from 'node:child_process'
import { createServer } from 'vite'
import { viteConfig } from '../vite.mjs'

/** @type {import('./options.mjs').Command} */
export const command = {
  summary: 'Serves the page on this machine alone, prints its address and opens it where there is a display.',
  options: {
    port: { value: 'N', number: { integer: true, minimum: 1, maximum: 65535 }, help: 'first port to try (5173)' },
    'no-open': { help: 'do not open a browser' },
  },
}

/** @param {string} address */
function openInBrowser(address) {
  const { platform, env } = process
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return
  const [program, ...words] =
    platform === 'darwin' ? ['open', address] : platform === 'win32' ? ['cmd', '/c', 'start', '', address] : ['xdg-open', address]
  const child = spawn(/** @type {string} */ (program), words, { stdio: 'ignore', detached: true })
  child.on('error', () => {}) // no opener: the printed address is enough
  child.unref()
}

/** @param {import('./options.mjs').Parsed} parsed */
export async function run({ values }) {
  const server = await createServer({ ...viteConfig(), server: { host: '127.0.0.1', port: values['port'] ?? 5173, strictPort: false } })
  await server.listen()
  const address = server.resolvedUrls?.local[0] ?? ''
  process.stdout.write(`gradscope is at ${address} (Ctrl-C ends it)\n`)
  if (!values['no-open']) openInBrowser(address)
  await new Promise((resolve) => process.once('SIGINT', resolve))
  await server.close()
  return 0
}
