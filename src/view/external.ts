import * as THREE from 'three/webgpu'
import { storage } from 'three/tsl'
import type { Node } from './tsl.ts'

/** How a shader of three reads a buffer that three does not own. */
export interface External {
  /** A read-only array in TSL: `node.element(i)`. */
  readonly node: Node
  /** For `BufferGeometry.setIndirect`, where `indirect` was asked for. */
  readonly attribute: THREE.IndirectStorageBufferAttribute
  /** Must come before the renderer's or the geometry's `dispose`, which would destroy the buffer. */
  release(): void
}

type Type = 'float' | 'uint' | 'uvec2' | 'uvec4' | 'vec2' | 'vec4'
const components = { float: 1, uint: 1, uvec2: 2, uvec4: 4, vec2: 2, vec4: 4 } as const

/** The backend's record of an attribute: three allocates no buffer where one is there already. Not a public interface of three: its version is pinned. */
interface Backend {
  isWebGPUBackend?: boolean
  get(attribute: THREE.BufferAttribute): { buffer?: GPUBuffer | { destroy(): void } }
}

/**
 * Binds an engine's buffer, whole and without a copy, wherever `node` is used. After `renderer.init()`. `indirect` gives the arguments of a draw.
 * This is the one place that touches an internal of three.
 */
export function externalBuffer(renderer: THREE.WebGPURenderer, buffer: GPUBuffer, type: Type, indirect = false): External {
  const backend = renderer.backend as unknown as Backend
  if (!backend.isWebGPUBackend)
    throw new Error('the view needs the WebGPU backend of three; its WebGL fallback reads storage buffers as garbage')
  const size = components[type]
  const dummy = type.startsWith('u') ? new Uint32Array(size) : new Float32Array(size)
  const Attribute = indirect
    ? THREE.IndirectStorageBufferAttribute
    : (THREE.StorageBufferAttribute as typeof THREE.IndirectStorageBufferAttribute)
  const attribute = new Attribute(dummy as Uint32Array, size)
  attribute.name = buffer.label
  backend.get(attribute).buffer = buffer
  return {
    node: (storage(attribute, type, 0) as Node).toReadOnly(),
    attribute,
    release() {
      backend.get(attribute).buffer = { destroy() {} }
    },
  }
}
