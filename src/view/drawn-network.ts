import * as THREE from 'three/webgpu'
import type { Inspector } from '../inspect/inspector.ts'
import { backgroundMesh } from './background.ts'
import type { Composition } from './composition.ts'
import { columnFrame, tileFrames } from './frames.ts'
import { edgeMesh, emphasisedEdgeMesh } from './edges.ts'
import type { Eye } from './eye.ts'
import { Latest } from './latest.ts'
import { cornersOfColumn, type Point, type CollapsibleObservation as Observation } from './arrangement.ts'
import { linkLines } from './links.ts'
import { NeuronValues } from './neuron-values.ts'
import { Readout, type ColourReading } from './readout.ts'
import type { StrandPlace } from './strand-layout.ts'
import { litMesh, neuronMesh, ringMesh } from './neurons.ts'
import { disposeScene } from './picking.ts'
import { strandMesh } from './strands.ts'
import { tileMesh } from './tiles.ts'
import { firstPathNorm } from '../inspect/path-norms.ts'
import { nodesOf } from '../graph/observation.ts'
import { createBuffers, type Buffers, type Uniforms } from './picture.ts'
import type { Picked } from './types.ts'

/** Scene and colouring values of one network; made anew for every network shown. */
export class DrawnNetwork {
  readonly observation: Observation
  readonly inspector: Inspector
  readonly neurons: NeuronValues
  readonly buffers: Buffers
  readonly scene = new THREE.Scene()
  composition: Composition
  readonly colours = new Latest<ColourReading>()
  readonly #device: GPUDevice
  #readout: Readout | null = null
  readonly #uniforms: Uniforms
  readonly #still: THREE.Mesh
  readonly #moving: THREE.Mesh
  readonly #edge: THREE.Mesh
  readonly #ring: THREE.Mesh
  #lines: THREE.LineSegments | null = null
  readonly #lit: THREE.Mesh
  #frames: THREE.LineSegments[] = []
  #marked: { column: number | null; neurons: readonly number[] } = { column: null, neurons: [] }

  constructor(
    renderer: THREE.WebGPURenderer,
    device: GPUDevice,
    uniforms: Uniforms,
    observation: Observation,
    inspector: Inspector,
    composition: Composition,
  ) {
    this.#device = device
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
    this.#lit = litMesh(this.buffers, uniforms)
    this.#lit.visible = false
    this.scene.add(
      backgroundMesh(uniforms),
      neuronMesh(this.buffers, uniforms, 'core'),
      neuronMesh(this.buffers, uniforms, 'rim'),
      this.#edge,
      this.#ring,
      this.#lit,
    )
    // With all weights inside collapsed groups there are no edges.
    if (this.buffers.capacity > 0) this.scene.add(this.#still, this.#moving)
    if (this.buffers.tileCount > 0) this.scene.add(tileMesh(this.buffers, uniforms, 'picture'))
    if (this.buffers.strandCount > 0) this.scene.add(strandMesh(this.buffers, uniforms, 'picture'))
    this.#link()
    this.emphasise(null)
    this.moves = false
    uniforms.airiness.value = airinessOf(this.buffers.capacity)
    uniforms.blockCount.value = this.buffers.blockCount
    uniforms.columnCount.value = this.buffers.columnCount
    uniforms.valueCount.value = this.buffers.valueCount
  }

  /** Whether pulses run along the edges, or a step is played slowly. */
  set moves(moves: boolean) {
    this.#still.visible = !moves
    this.#moving.visible = moves
  }

  emphasise(picked: Picked | null) {
    this.#edge.visible = picked?.kind === 'edge'
    this.#ring.visible = picked?.kind === 'neuron' && !this.composition.arrangement.places[picked.column]!.tiles
    this.#uniforms.neuron.value = picked?.kind === 'neuron' ? this.#nodeOf(picked.column, picked.index) + 1 : 0
    const path = picked?.kind === 'path' ? this.pathOf(picked) : -1
    this.#uniforms.path.value = path < 0 ? 0 : path + firstPathNorm + 1
    if (picked?.kind === 'edge') {
      this.#uniforms.block.value = picked.block
      this.#uniforms.edge.value = picked.row * this.observation.blocks[picked.block]!.gradient.shape[1]! + picked.column
    }
  }

  /** Frames a column, and lights neurons or channels of it; null: none. */
  mark(column: number | null, neurons: readonly number[] = []) {
    this.#marked = { column, neurons }
    for (const frame of this.#frames.splice(0)) this.#remove(frame)
    const { arrangement } = this.composition
    const frames = column === null ? [] : [columnFrame(arrangement, column), tileFrames(arrangement, column, neurons)]
    this.#frames = frames.filter((frame) => frame !== null)
    if (this.#frames.length > 0) this.scene.add(...this.#frames)
    const observed = column === null ? undefined : this.observation.columns[column]
    const there = observed ? neurons.filter((neuron) => neuron < nodesOf(observed)) : []
    const isLit = there.length > 0
    // The frame follows each arrangement; there is nothing to write where all is dark and stays so.
    if (isLit || this.#lit.visible) this.buffers.light(there.map((neuron) => this.#nodeOf(column!, neuron)))
    this.#lit.visible = isLit
  }

  /** Where a neuron or a pixel, or the point at `share` of the way along an edge or a branch, stands in space. */
  pointOf(picked: Picked, share: number): THREE.Vector3 {
    if (picked.kind === 'neuron') return this.#neuronAt(picked.column, picked.index)
    const { nodes, strands } = this.composition.arrangement
    if (picked.kind === 'path') {
      const strand = strands.find(({ container, branch }) => container === picked.container && branch === picked.branch)
      if (!strand) throw new Error(`the picture has no branch ${picked.path}`)
      return this.curveOf(strand).getPoint(share)
    }
    const at = (node: number) => new THREE.Vector4().fromArray(nodes, 4 * node)
    const { groups = 1, gradient } = this.observation.blocks[picked.block]!
    const group = Math.floor((picked.row * groups) / gradient.shape[0]!)
    const from = at(this.neurons.nodeFirsts[picked.from]! + group * gradient.shape[1]! + picked.column)
    const to = at(this.neurons.nodeFirsts[picked.to]! + picked.row)
    const end = (node: THREE.Vector4, side: number) => new THREE.Vector3(node.x, node.y, node.z + side * Math.max(0, -node.w))
    const [a, b] = [end(from, 1), end(to, -1)]
    const way = b.clone().sub(a).normalize()
    return a.addScaledVector(way, Math.max(0, from.w)).lerp(b.addScaledVector(way, -Math.max(0, to.w)), share)
  }

  /** The picture's rectangle of a column, in CSS pixels. */
  extent(column: number, eye: Eye) {
    const place = this.composition.arrangement.places[column]
    if (!place) throw new Error(`the view shows no column ${column}`)
    const points = cornersOfColumn(place).map(({ x, y, z }) => eye.project(new THREE.Vector3(x, y, z)))
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  }

  curveOf({ start, control, end }: StrandPlace): THREE.QuadraticBezierCurve3 {
    const point = ({ x, y, z }: Point) => new THREE.Vector3(x, y, z)
    return new THREE.QuadraticBezierCurve3(point(start), point(control), point(end))
  }

  /** Which of the inspector's branches it is; −1 where nothing of it is measured. */
  pathOf({ container, branch }: { container: number; branch: number }) {
    return this.inspector.paths.branches.findIndex((path) => path.container === container && path.branch === branch)
  }

  #nodeOf(column: number, index: number) {
    return this.neurons.nodeFirsts[column]! + (index % nodesOf(this.observation.columns[column]!))
  }

  #neuronAt(column: number, index: number): THREE.Vector3 {
    const { nodes, places, upright } = this.composition.arrangement
    const point = new THREE.Vector3().fromArray(nodes, 4 * this.#nodeOf(column, index))
    const [channels = 1, height = 1, width = 1] = this.observation.columns[column]!.shape
    const { tiles } = places[column]!
    if (!tiles) return point
    const pixel = Math.floor(index / channels)
    const across = (((pixel % width) + 0.5) / width - 0.5) * 2 * tiles.halfWidth
    const down = ((Math.floor(pixel / width) + 0.5) / height - 0.5) * 2 * tiles.halfHeight
    return point.add(upright ? new THREE.Vector3(across, 0, down) : new THREE.Vector3(0, -down, across))
  }

  rearrange(composition: Composition) {
    this.composition = composition
    this.buffers.place(composition.arrangement)
    this.#link()
    this.mark(this.#marked.column, this.#marked.neurons)
  }

  /** Reads the colours from the buffers. One read at a time; rejects with ReaderDestroyed once another network is shown. */
  read(sample: number): Promise<ColourReading> {
    this.#readout ??= new Readout(this.#device, this.inspector, this.neurons)
    return this.#readout.read(sample)
  }

  /** Releases the engine's buffers; compiled pipelines stay until `dispose`. */
  release() {
    this.#readout?.destroy()
    this.buffers.release()
    this.neurons.destroy()
  }

  /** Frees the rest, after `release`. */
  dispose() {
    disposeScene(this.scene)
  }

  #link() {
    this.#remove(this.#lines)
    this.#lines = linkLines(this.observation, this.composition.arrangement)
    if (this.#lines) this.scene.add(this.#lines)
  }

  #remove(lines: THREE.LineSegments | null) {
    if (!lines) return
    this.scene.remove(lines)
    lines.geometry.dispose()
    ;(lines.material as THREE.Material).dispose()
  }
}

/** How thin edges are and how faint the weak ones, 1 up to 250 edges and less for more, so that a dense layer does not become a wall. */
export function airinessOf(edges: number) {
  return Math.max(0.3, Math.min(1, Math.sqrt(250 / edges)))
}
