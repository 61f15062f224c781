// @ts-check
// TypeScript of this project in Node.
import { createServer } from 'vite'
import { viteConfig } from './vite.mjs'

/**
 * Hands the exports of a TypeScript file to `use`. Its modules can be imported until that is done: some are when they are needed.
 * @template Exports, Result
 * @param {string} file @param {(exports: Exports) => Promise<Result>} use @returns {Promise<Result>}
 */
export async function inNode(file, use) {
  const server = await createServer({ ...viteConfig(), server: { middlewareMode: true, hmr: false, ws: false, watch: null } })
  try {
    return await use(/** @type {Exports} */ (await server.ssrLoadModule(file)))
  } finally {
    await server.close()
  }
}
