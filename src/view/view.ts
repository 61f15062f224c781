import * as THREE from 'three/webgpu'
import { InputError } from '../errors.ts'
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { backgroundMesh } from './background.ts'
import { tableRows } from './colour.ts'
import { compose, type Composition } from './composition.ts'
import { edgeMesh, emphasisedEdgeMesh } from './edges.ts'
import { Eye } from './eye.ts'
import { Labels } from './labels.ts'
import type { Arrangement, Point } from './layout.ts'
import { linkLines } from './links.ts'
import { NeuronValues } from './neuron-values.ts'
import { neuronMesh, ringMesh } from './neurons.ts'
import { Picker, disposeScene } from './picking.ts'
import { createBuffers, createUniforms, type Buffers } from './picture.ts'
import { Pointer } from './pointer.ts'
import type { PickListener, Picked, View, ViewOptions, ViewSettings } from './types.ts'
import { ValueReader } from './values.ts'

export type * from './types.ts'

const defaults: ViewSettings = {
  scale: 'layer',
  map: 'inferno',
  neurons: 'activation',
  sample: 0,
  flow: null,
  flowing: false,
  insets: { left: 0, right: 0, top: 0, bottom: 0 },
}

/** Three's renderer on the engine's own device, so that it can draw the engine's own buffers. */
export async function createView(canvas: HTMLCanvasElement | OffscreenCanvas, device: GPUDevice, options: ViewOptions = {}): Promise<View> {
  const renderer = new THREE.WebGPURenderer({ canvas: canvas as HTMLCanvasElement, device, antialias: false, alpha: false })
  await renderer.init()
  if (!(renderer.backend as { isWebGPUBackend?: boolean }).isWebGPUBackend)
    throw new Error('the view needs WebGPU: three fell back to WebGL, which cannot read the engine’s buffers')
  renderer.toneMapping = THREE.NoToneMapping
  return new NetworkView(renderer, canvas, device, options)
}

/** What is made anew for every network shown. */
interface Shown {
  observation: Observation
  inspector: Inspector
  neurons: NeuronValues
  buffers: Buffers
  arrangement: Arrangement
  direction: Point
  edge: THREE.Mesh
  ring: THREE.Mesh
  lines: THREE.LineSegments | null
}

class NetworkView implements View {
  readonly settings: ViewSettings
  readonly #renderer: THREE.WebGPURenderer
  readonly #device: GPUDevice
  readonly #uniforms = createUniforms()
  readonly #eye: Eye
  readonly #labels: Labels | null
  readonly #pointer: Pointer | null
  readonly #picker: Picker
  readonly #values: ValueReader
  readonly #hover = new Set<PickListener>()
  readonly #select = new Set<PickListener>()
  #scene = new THREE.Scene()
  #shown: Shown | null = null
  #size: { width: number; height: number; ratio: number }
  #hovered: Picked | null = null
  #disposed = false

  constructor(
    renderer: THREE.WebGPURenderer,
    canvas: HTMLCanvasElement | OffscreenCanvas,
    device: GPUDevice,
    { settings, labels = true }: ViewOptions,
  ) {
    this.settings = { ...defaults, ...settings }
    this.#renderer = renderer
    this.#device = device
    this.#picker = new Picker(renderer, this.#uniforms)
    this.#values = new ValueReader(device)
    const element = typeof HTMLCanvasElement !== 'undefined' && canvas instanceof HTMLCanvasElement ? canvas : null
    this.#eye = new Eye(element)
    this.#labels = element?.parentElement && labels ? new Labels(element) : null
    this.#pointer =
      element &&
      new Pointer(
        element,
        (x, y) => this.pick(x, y),
        (picked) => this.#hovering(picked),
        (picked) => tell(this.#select, picked),
      )
    this.#size = { width: element?.clientWidth || canvas.width, height: element?.clientHeight || canvas.height, ratio: 1 }
    this.resize(this.#size.width, this.#size.height, 1)
  }

  show(observation: Observation, inspector: Inspector) {
    this.#clear()
    const { arrangement, direction } = this.#compose(observation)
    const neurons = new NeuronValues(this.#device, observation)
    const buffers = createBuffers(this.#renderer, observation, inspector, neurons, arrangement)
    const edge = emphasisedEdgeMesh(buffers, this.#uniforms)
    const ring = ringMesh(buffers, this.#uniforms)
    edge.visible = ring.visible = false
    const lines = linkLines(observation, arrangement)
    this.#scene.add(
      backgroundMesh(this.#uniforms),
      neuronMesh(buffers, this.#uniforms, 'core'),
      neuronMesh(buffers, this.#uniforms, 'rim'),
      edgeMesh(buffers, this.#uniforms, 'picture'),
      edge,
      ring,
    )
    if (lines) this.#scene.add(lines)
    this.#picker.show(buffers)
    this.#shown = { observation, inspector, neurons, buffers, arrangement, direction, edge, ring, lines }
    this.#uniforms.airiness.value = airinessOf(buffers.capacity)
    this.#labels?.show(observation, arrangement)
    this.#hovered = null
    this.highlight(null)
    this.resetCamera()
    this.#apply()
  }

  render() {
    if (this.#disposed || !this.#shown) return
    const { observation, inspector, neurons } = this.#shown
    const encoder = this.#device.createCommandEncoder({ label: 'view' })
    inspector.update(encoder, { statistics: false })
    neurons.encode(encoder, Math.min(this.settings.sample, observation.batch - 1))
    this.#device.queue.submit([encoder.finish()])
    this.#uniforms.time.value = this.settings.flowing ? (performance.now() / 1000) % 1000 : -1
    this.#eye.update()
    this.#renderer.render(this.#scene, this.#eye.camera)
    this.#labels?.place(this.#eye.camera, this.#size.width, this.#size.height, this.settings.insets.left)
  }

  resize(width: number, height: number, pixelRatio: number) {
    this.#size = { width: Math.max(1, width), height: Math.max(1, height), ratio: pixelRatio }
    this.#renderer.setPixelRatio(pixelRatio)
    this.#renderer.setSize(this.#size.width, this.#size.height, false)
    this.#uniforms.pixelRatio.value = pixelRatio
    this.#rearrange()
  }

  set(settings: Partial<ViewSettings>) {
    if (settings.sample !== undefined && !(Number.isInteger(settings.sample) && settings.sample >= 0))
      throw new InputError(`The sample to show is ${settings.sample}; expected an integer from 0.`)
    Object.assign(this.settings, settings)
    this.#apply()
    if (settings.insets) this.#rearrange()
  }

  async pick(x: number, y: number): Promise<Picked | null> {
    const shown = this.#shown
    if (this.#disposed || !shown) return null
    const { ratio } = this.#size
    const found = await this.#picker.pick(shown.observation, shown.neurons.firsts, this.#eye, Math.floor(x * ratio), Math.floor(y * ratio))
    return shown === this.#shown ? found : null
  }

  locate(picked: Picked, share = 0.5) {
    if (!this.#shown) throw new Error('the view shows no network')
    const { arrangement, neurons } = this.#shown
    const at = (column: number, index: number) => new THREE.Vector4().fromArray(arrangement.neurons, 4 * (neurons.firsts[column]! + index))
    const point = new THREE.Vector3()
    if (picked.kind === 'neuron') point.copy(at(picked.column, picked.index))
    else {
      const [from, to] = [at(picked.from, picked.column), at(picked.to, picked.row)]
      const [a, b] = [new THREE.Vector3().copy(from), new THREE.Vector3().copy(to)]
      const way = b.clone().sub(a).normalize()
      point.copy(a.addScaledVector(way, from.w)).lerp(b.addScaledVector(way, -to.w), share)
    }
    return this.#eye.project(point)
  }

  highlight(picked: Picked | null) {
    const shown = this.#shown
    if (!shown) return
    const { edge, ring, observation, neurons } = shown
    edge.visible = picked?.kind === 'edge'
    ring.visible = picked?.kind === 'neuron'
    this.#uniforms.neuron.value = picked?.kind === 'neuron' ? neurons.firsts[picked.column]! + picked.index + 1 : 0
    if (picked?.kind === 'edge') {
      this.#uniforms.block.value = picked.block
      this.#uniforms.edge.value = picked.row * observation.blocks[picked.block]!.gradient.shape[1]! + picked.column
    }
  }

  async readValues(picked: Picked) {
    if (!this.#shown) throw new Error('the view shows no network')
    const { observation } = this.#shown
    return this.#values.read(observation, Math.min(this.settings.sample, observation.batch - 1), picked)
  }

  onHover(listener: PickListener) {
    this.#hover.add(listener)
    return () => void this.#hover.delete(listener)
  }

  onSelect(listener: PickListener) {
    this.#select.add(listener)
    return () => void this.#select.delete(listener)
  }

  async legend() {
    if (!this.#shown) return []
    const ranges = await this.#shown.inspector.ranges()
    return (this.settings.scale === 'global' ? ranges.slice(-1) : ranges.slice(0, -1)).map(({ path, lo, hi }) => ({ path, lo, hi }))
  }

  resetCamera() {
    if (this.#shown) this.#fit(this.#shown.arrangement, this.#shown.direction)
  }

  dispose() {
    if (this.#disposed) return
    this.#disposed = true
    this.#clear()
    this.#pointer?.dispose()
    this.#eye.dispose()
    this.#labels?.dispose()
    this.#picker.dispose()
    this.#values.destroy()
    void this.#renderer.dispose()
  }

  #clear() {
    if (!this.#shown) return
    const { buffers, neurons } = this.#shown
    buffers.release()
    this.#picker.clear()
    disposeScene(this.#scene)
    this.#scene = new THREE.Scene()
    neurons.destroy()
    this.#shown = null
  }

  #apply() {
    const { scale, map, neurons, flow } = this.settings
    this.#uniforms.global.value = scale === 'global' ? 1 : 0
    this.#uniforms.map.value = tableRows[map]
    this.#uniforms.kind.value = neurons === 'gradient' ? 1 : 0
    const depth = this.#shown?.arrangement.depth ?? 1
    this.#uniforms.direction.value = flow === null ? 0 : flow < 0.5 ? 1 : -1
    // From a little before the first layer to a little behind the last, and back.
    const share = flow === null ? 0 : flow < 0.5 ? 2 * flow : 2 - 2 * flow
    this.#uniforms.front.value = -0.2 + share * (depth + 0.4)
  }

  #hovering(picked: Picked | null) {
    if (samePick(picked, this.#hovered)) return
    this.#hovered = picked
    this.highlight(picked)
    tell(this.#hover, picked)
  }

  #compose(observation: Observation): Composition {
    const { tangent, aspect } = this.#eye.sight()
    return compose(observation, tangent, aspect)
  }

  #fit(arrangement: Arrangement, direction: Point) {
    this.#eye.fit(arrangement, direction)
    this.#uniforms.distance.value = this.#eye.distance
  }

  /** Fits the network to the canvas and its insets as they are now, seen from where it is seen. */
  #rearrange() {
    const { width, height, ratio } = this.#size
    ;(this.#uniforms.viewport.value as THREE.Vector2).set(Math.floor(width * ratio), Math.floor(height * ratio))
    this.#eye.resize(this.#size, this.settings.insets)
    const shown = this.#shown
    if (!shown) return
    const { upright } = shown.arrangement
    Object.assign(shown, this.#compose(shown.observation))
    shown.buffers.place(shown.arrangement)
    this.#labels?.show(shown.observation, shown.arrangement)
    if (shown.lines) {
      this.#scene.remove(shown.lines)
      shown.lines.geometry.dispose()
      shown.lines = linkLines(shown.observation, shown.arrangement)
      if (shown.lines) this.#scene.add(shown.lines)
    }
    this.#fit(shown.arrangement, upright === shown.arrangement.upright ? this.#eye.direction() : shown.direction)
  }
}

/** The more edges, the thinner and, the weak ones, the fainter, so that a dense layer stays air and not a wall; 1 up to 250 edges. */
function airinessOf(edges: number) {
  return Math.max(0.3, Math.min(1, Math.sqrt(250 / edges)))
}

function tell(listeners: ReadonlySet<PickListener>, picked: Picked | null) {
  for (const listener of listeners) listener(picked)
}

function samePick(a: Picked | null, b: Picked | null) {
  return JSON.stringify(a) === JSON.stringify(b)
}
