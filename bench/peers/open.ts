import { jaxPeer } from './jax.ts'
import { plainPeer } from './plain.ts'
import { tensorflowPeer } from './tensorflow.ts'
import type { Library, Peer, PeerName } from './peer.ts'

/** How a runtime loads what is installed apart. */
export interface Libraries {
  tensorflow(backend: 'webgpu' | 'wasm'): Promise<Library>
  jax(): Promise<Library>
}

export async function openPeer(name: PeerName, libraries: Libraries): Promise<Peer> {
  switch (name) {
    case 'tfjs-webgpu':
      return tensorflowPeer(await libraries.tensorflow('webgpu'), 'webgpu')
    case 'tfjs-wasm':
      return tensorflowPeer(await libraries.tensorflow('wasm'), 'wasm')
    case 'jax-js-webgpu':
      return jaxPeer(await libraries.jax(), 'webgpu')
    case 'jax-js-wasm':
      return jaxPeer(await libraries.jax(), 'wasm')
    case 'plain-js':
      return plainPeer()
  }
}
