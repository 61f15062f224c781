// @ts-check
// The bench's other engines: installed on first use from bench/peers, so that `npm ci` stays small; loaded in Node, or served to the page.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { extname, join, normalize, sep } from 'node:path'
import { runnerImport } from 'vite'
import { npmInstall } from '../npm-install.mjs'
import { root, viteConfig } from '../vite.mjs'
import { nodePeerNames, peerLibraries } from './peer-libraries.mjs'

const folder = join(root, 'bench/peers')
export const modules = join(folder, 'node_modules')

export function installPeers() {
  if (existsSync(join(modules, '.package-lock.json'))) return // npm writes it last
  npmInstall('the other engines', ['ci'], folder)
}

/** The peers that dawn.node can run; the WASM backends need a page. @returns {Promise<import('../../bench/peers/peer.ts').Peers>} */
export async function nodePeers() {
  /** @type {{ module: typeof import('../../bench/peers/open.ts') }} */
  const { module } = await runnerImport(join(folder, 'open.ts'), viteConfig())
  return { names: nodePeerNames, open: (name) => module.openPeer(name, peerLibraries(modules)) }
}

/** Without these a page has no threads for WASM, and a coarse clock. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}
/** @type {Record<string, string>} */
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' }

/** Serves what is installed, as it is, under /@peers/. @returns {import('vite').Plugin} */
export const peersPlugin = () => ({
  name: 'gradscope:peers',
  configureServer(server) {
    server.middlewares.use('/@peers/', (request, response) => {
      const file = normalize(join(modules, decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)))
      if (!file.startsWith(modules + sep) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
        response.statusCode = 404
        response.end()
        return
      }
      for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value)
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
      createReadStream(file).pipe(response)
    })
  },
})
