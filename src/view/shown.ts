import * as THREE from 'three/webgpu'
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { backgroundMesh } from './background.ts'
import type { Composition } from './composition.ts'
import { edgeMesh, emphasisedEdgeMesh } from './edges.ts'
import { linkLines } from './links.ts'
import { NeuronValues } from './neuron-values.ts'
import { neuronMesh, ringMesh } from './neurons.ts'
import { disposeScene } from './picking.ts'
import { createBuffers, type Buffers, type Uniforms } from './picture.ts'
import type { Picked } from './types.ts'

/** What is made anew for every network shown: its scene, and the values that colour it. */
export class Shown {
  readonly observation: Observation
  readonly inspector: Inspector
  readonly neurons: NeuronValues
  readonly buffers: Buffers
  readonly scene = new THREE.Scene()
  composition: Composition
  readonly #uniforms: Uniforms
  readonly #still: THREE.Mesh
  readonly #moving: THREE.Mesh
  readonly #edge: THREE.Mesh
  readonly #ring: THREE.Mesh
  #lines: THREE.LineSegments | null = null

  constructor(
    renderer: THREE.WebGPURenderer,
    device: GPUDevice,
    uniforms: Uniforms,
    observation: Observation,
    inspector: Inspector,
    composition: Composition,
  ) {
    this.observation = observation
    this.inspector = inspector
    this.composition = composition
    this.#uniforms = uniforms
    this.neurons = new NeuronValues(device, observation)
    this.buffers = createBuffers(renderer, observation, inspector, this.neurons, composition.arrangement)
    this.#still = edgeMesh(this.buffers, uniforms, 'still')
    this.#moving = edgeMesh(this.buffers, uniforms, 'moving')
    this.#edge = emphasisedEdgeMesh(this.buffers, uniforms)
    this.#ring = ringMesh(this.buffers, uniforms)
    this.scene.add(
      backgroundMesh(uniforms),
      neuronMesh(this.buffers, uniforms, 'core'),
      neuronMesh(this.buffers, uniforms, 'rim'),
      this.#still,
      this.#moving,
      this.#edge,
      this.#ring,
    )
    this.#link()
    this.emphasise(null)
    uniforms.airiness.value = airinessOf(this.buffers.capacity)
  }

  /** Whether pulses run along the edges, or a step is played slowly. */
  set moves(moves: boolean) {
    this.#still.visible = !moves
    this.#moving.visible = moves
  }

  emphasise(picked: Picked | null) {
    this.#edge.visible = picked?.kind === 'edge'
    this.#ring.visible = picked?.kind === 'neuron'
    this.#uniforms.neuron.value = picked?.kind === 'neuron' ? this.neurons.firsts[picked.column]! + picked.index + 1 : 0
    if (picked?.kind === 'edge') {
      this.#uniforms.block.value = picked.block
      this.#uniforms.edge.value = picked.row * this.observation.blocks[picked.block]!.gradient.shape[1]! + picked.column
    }
  }

  /** Where a neuron, or the point at `share` of the way along an edge, stands in space. */
  pointOf(picked: Picked, share: number): THREE.Vector3 {
    const { neurons } = this.composition.arrangement
    const at = (column: number, index: number) => new THREE.Vector4().fromArray(neurons, 4 * (this.neurons.firsts[column]! + index))
    const point = new THREE.Vector3()
    if (picked.kind === 'neuron') return point.copy(at(picked.column, picked.index))
    const [from, to] = [at(picked.from, picked.column), at(picked.to, picked.row)]
    const [a, b] = [point.copy(from), new THREE.Vector3().copy(to)]
    const way = b.clone().sub(a).normalize()
    return a.addScaledVector(way, from.w).lerp(b.addScaledVector(way, -to.w), share)
  }

  rearrange(composition: Composition) {
    this.composition = composition
    this.buffers.place(composition.arrangement)
    this.#link()
  }

  /** Gives the engine's buffers back and frees the rest. */
  release() {
    this.buffers.release()
    disposeScene(this.scene)
    this.neurons.destroy()
  }

  #link() {
    if (this.#lines) {
      this.scene.remove(this.#lines)
      this.#lines.geometry.dispose()
      ;(this.#lines.material as THREE.Material).dispose()
    }
    this.#lines = linkLines(this.observation, this.composition.arrangement)
    if (this.#lines) this.scene.add(this.#lines)
  }
}

/** The more edges, the thinner and, the weak ones, the fainter, so that a dense layer stays air and not a wall; 1 up to 250 edges. */
function airinessOf(edges: number) {
  return Math.max(0.3, Math.min(1, Math.sqrt(250 / edges)))
}
