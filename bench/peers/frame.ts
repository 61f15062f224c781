import { openPeer, type Libraries } from './open.ts'
import type { Library, PeerName } from './peer.ts'

// One peer in a frame of its own: two backends of one library share their globals, and this page's device calls are counted apart.
declare global {
  var tf: Library
  var peer: ReturnType<typeof openPeer>
}

/** Where tools/cli/peers.mjs serves what npm installed in bench/peers. */
const installed = '/@peers/'

function script(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script')
    element.src = installed + path
    element.addEventListener('load', () => resolve())
    element.addEventListener('error', () => reject(new Error(`${path} could not be loaded`)))
    document.head.append(element)
  })
}

const libraries: Libraries = {
  async tensorflow(backend) {
    await script('@tensorflow/tfjs/dist/tf.min.js')
    const folder = `@tensorflow/tfjs-backend-${backend}/dist/`
    await script(`${folder}tf-backend-${backend}.min.js`)
    if (backend === 'wasm') {
      globalThis.tf.wasm.setWasmPaths(installed + folder)
      globalThis.tf.wasm.setThreadsCount(navigator.hardwareConcurrency)
    }
    return globalThis.tf
  },
  jax: () => import(/* @vite-ignore */ `${installed}@jax-js/jax/dist/index.js`),
}

globalThis.peer = openPeer(new URLSearchParams(location.search).get('engine') as PeerName, libraries)
globalThis.peer.catch(() => {}) // whoever opened the frame hears of it
