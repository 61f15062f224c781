// @ts-check
// The bench's other engines in Node, from the folder where they are installed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'

/** Those that dawn.node can run; the WASM backends need a page. @type {import('../../bench/peers/peer.ts').PeerName[]} */
export const nodePeerNames = ['tfjs-webgpu', 'jax-js-webgpu', 'plain-js']

/** @param {string} modules @returns {import('../../bench/peers/open.ts').Libraries} */
export const peerLibraries = (modules) => ({
  async tensorflow(backend) {
    // The bundles for a page, run as a page runs them.
    const global = /** @type {any} */ (globalThis)
    global.require ??= createRequire(join(modules, 'x.js'))
    global.self ??= globalThis
    global.window ??= globalThis
    for (const path of [tensorflowFile, tensorflowBackend(backend)])
      runInThisContext(readFileSync(join(modules, path), 'utf8'), { filename: path })
    return global.tf
  },
  async jax() {
    // It asks the browser for its name; Node 20's navigator is the one that dawn.node was put on.
    const { navigator } = /** @type {any} */ (globalThis)
    if (navigator.userAgent === undefined) navigator.userAgent = 'Node'
    return import(/* @vite-ignore */ pathToFileURL(join(modules, jaxFolder, 'dist/index.js')).href)
  },
})

const tensorflowFile = '@tensorflow/tfjs/dist/tf.min.js'
const tensorflowBackend = (/** @type {string} */ backend) => `@tensorflow/tfjs-backend-${backend}/dist/tf-backend-${backend}.min.js`
const jaxFolder = '@jax-js/jax'

/** What of the installed folder these need. */
export const nodePeerFiles = [tensorflowFile, tensorflowBackend('webgpu'), jaxFolder]
