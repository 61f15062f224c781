import * as THREE from 'three/webgpu'
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { firstPathNorm } from '../inspect/path-norms.ts'
import { edgeMesh, pickedEdge } from './edges.ts'
import type { Eye } from './eye.ts'
import { neuronMesh, pickedNeuron } from './neurons.ts'
import type { NeuronValues } from './neuron-values.ts'
import { pickedPath, strandMesh } from './strands.ts'
import { pickedPixel, tileMesh } from './tiles.ts'
import type { Buffers, Uniforms } from './picture.ts'
import type { Picked } from './types.ts'

const size = 3
/** The middle of the nine pixels first. */
const nearestFirst = [4, 1, 3, 5, 7, 0, 2, 6, 8]

/** What is shown, as picking needs it. */
export interface Pickable {
  observation: Observation
  inspector: Inspector
  neurons: NeuronValues
}

/** Draws the few pixels around a point with identities for colours, and reads them back. */
export class Picker {
  readonly #renderer: THREE.WebGPURenderer
  readonly #uniforms: Uniforms
  readonly #target = new THREE.RenderTarget(size, size, { type: THREE.FloatType, depthBuffer: true, samples: 0, generateMipmaps: false })
  #scene = new THREE.Scene()
  /** Of networks shown before: their pipelines are the next one's too, until that has taken them over. */
  #former: THREE.Scene[] = []

  constructor(renderer: THREE.WebGPURenderer, uniforms: Uniforms) {
    this.#renderer = renderer
    this.#uniforms = uniforms
  }

  show(buffers: Buffers) {
    this.clear()
    this.#scene.add(neuronMesh(buffers, this.#uniforms, 'pick'))
    if (buffers.tileCount > 0) this.#scene.add(tileMesh(buffers, this.#uniforms, 'pick'))
    if (buffers.strandCount > 0) this.#scene.add(strandMesh(buffers, this.#uniforms, 'pick'))
    if (buffers.capacity > 0) this.#scene.add(edgeMesh(buffers, this.#uniforms, 'pick'))
  }

  clear() {
    this.#former.push(this.#scene)
    this.#scene = new THREE.Scene()
  }

  /** What lies at a pixel of the canvas. */
  async pick({ observation, inspector, neurons }: Pickable, eye: Eye, x: number, y: number): Promise<Picked | null> {
    const renderer = this.#renderer
    const viewport = this.#uniforms.viewport.value as THREE.Vector2
    const [before, colour, alpha] = [viewport.clone(), renderer.getClearColor(new THREE.Color()), renderer.getClearAlpha()]
    eye.look(x - 1, y - 1, size, size)
    viewport.set(size, size)
    renderer.setClearColor(0x000000, 0)
    renderer.setRenderTarget(this.#target)
    renderer.render(this.#scene, eye.camera)
    this.#forget()
    renderer.setRenderTarget(null)
    renderer.setClearColor(colour, alpha)
    viewport.copy(before)
    eye.lookAtAll()
    const pixels = (await renderer.readRenderTargetPixelsAsync(this.#target, 0, 0, size, size)) as Float32Array
    const found = nearestFirst.map((i) => [...pixels.subarray(4 * i, 4 * i + 4)].map(Math.round) as [number, number, number, number])
    const nearest = (wanted: number) => found.find(([kind]) => kind === wanted)
    // A feature map is a large thing: it gives way to all but what is beside the point.
    const middle = found[0]![0] === pickedPixel ? found[0] : undefined
    const [kind = 0, a = 0, b = 0, c = 0] =
      nearest(pickedNeuron) ?? nearest(pickedPath) ?? middle ?? nearest(pickedEdge) ?? nearest(pickedPixel) ?? []
    const column = observation.columns[a]
    if (kind === pickedNeuron && column) return { kind: 'neuron', column: a, path: column.path, index: b - neurons.nodeFirsts[a]! }
    if (kind === pickedPixel && column) return { kind: 'neuron', column: a, path: column.path, index: b - neurons.firsts[a]! }
    const way = inspector.paths.branches[a - firstPathNorm]
    if (kind === pickedPath && way) {
      const { container, branch } = way
      return { kind: 'path', container, branch, path: observation.containers[container]!.branches[branch]!.path }
    }
    const block = kind === pickedEdge ? observation.blocks[a] : undefined
    return block ? { kind: 'edge', block: a, path: block.path, row: b, column: c, from: block.from, to: block.to } : null
  }

  dispose() {
    this.clear()
    this.#forget()
    this.#target.dispose()
  }

  #forget() {
    for (const former of this.#former.splice(0)) disposeScene(former)
  }
}

/** Frees what the meshes of a scene made; the buffers of others must have been released. */
export function disposeScene(scene: THREE.Scene) {
  scene.traverse((object) => {
    if (object instanceof THREE.Mesh || object instanceof THREE.LineSegments) {
      object.geometry.dispose()
      ;(object.material as THREE.Material).dispose()
    }
  })
}
