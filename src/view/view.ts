import * as THREE from 'three/webgpu'
import { within } from '../errors.ts'
import { wholeNumber } from '../model/schema.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { Eye } from './eye.ts'
import { frame } from './framing.ts'
import { Labels } from './labels.ts'
import type { CollapsibleObservation as Observation } from './arrangement.ts'
import { Listeners } from './listeners.ts'
import { NamePlan, textWidth } from './name-plan.ts'
import { Picker } from './picking.ts'
import { createUniforms } from './picture.ts'
import { Pointing } from './pointing.ts'
import { DrawnNetwork } from './drawn-network.ts'
import { applySettings, defaultSettings } from './settings.ts'
import { Sketch } from './sketch.ts'
import { pickInSketch } from './sketch-bodies.ts'
import type { CameraPose, Picked, View, ViewOptions, ViewSettings } from './types.ts'
import { ValueReader } from './values.ts'

export type * from './types.ts'

/** Three's renderer on the engine's own device, so that it can draw the engine's own buffers. */
export async function createView(canvas: HTMLCanvasElement | OffscreenCanvas, device: GPUDevice, options: ViewOptions = {}): Promise<View> {
  const renderer = new THREE.WebGPURenderer({ canvas: canvas as HTMLCanvasElement, device, antialias: false, alpha: false })
  await renderer.init()
  if (!(renderer.backend as { isWebGPUBackend?: boolean }).isWebGPUBackend)
    throw new Error('the view needs WebGPU: three fell back to WebGL, which cannot read the engine’s buffers')
  renderer.toneMapping = THREE.NoToneMapping
  return new NetworkView(renderer, canvas, device, options)
}

class NetworkView implements View {
  readonly settings: ViewSettings
  readonly #renderer: THREE.WebGPURenderer
  readonly #device: GPUDevice
  readonly #uniforms = createUniforms()
  readonly #eye: Eye
  readonly #hasNames: boolean
  readonly #labels: Labels | null
  readonly #pointing: Pointing
  readonly #picker: Picker
  readonly #values: ValueReader
  readonly #toggle = new Listeners<string>()
  readonly #look = new Listeners<void>()
  readonly onHover: View['onHover']
  readonly onSelect: View['onSelect']
  readonly onToggle = this.#toggle.add
  readonly onLook = this.#look.add
  readonly highlight: View['highlight'] = (picked) => this.#pointing.emphasise(picked)
  readonly mark: View['mark'] = (column, neurons) => this.#shown?.mark(column, neurons)
  readonly #sketch: Sketch | null
  readonly #widthOf = textWidth()
  #shown: DrawnNetwork | null = null
  /** Networks shown before: their pipelines, shared with the next one, stay until it has compiled its own. */
  #former: DrawnNetwork[] = []
  #names: NamePlan | null = null
  #size: { width: number; height: number; ratio: number }
  #disposed = false

  constructor(
    renderer: THREE.WebGPURenderer,
    canvas: HTMLCanvasElement | OffscreenCanvas,
    device: GPUDevice,
    { settings, labels = true }: ViewOptions,
  ) {
    this.settings = { ...defaultSettings, ...settings }
    this.#renderer = renderer
    this.#device = device
    this.#picker = new Picker(renderer, this.#uniforms)
    this.#values = new ValueReader(device)
    const element = typeof HTMLCanvasElement !== 'undefined' && canvas instanceof HTMLCanvasElement ? canvas : null
    this.#eye = new Eye(element, () => this.#look.tell())
    this.#hasNames = labels
    this.#labels = element?.parentElement && labels ? new Labels(element, (path) => this.#toggle.tell(path)) : null
    this.#sketch = element?.parentElement ? new Sketch(element) : null
    this.#pointing = new Pointing(
      element,
      (x, y) => this.pick(x, y),
      (picked) => this.#shown?.emphasise(picked),
    )
    this.onHover = this.#pointing.hover.add
    this.onSelect = this.#pointing.select.add
    this.#size = { width: element?.clientWidth || canvas.width, height: element?.clientHeight || canvas.height, ratio: 1 }
    this.resize(this.#size.width, this.#size.height, 1)
  }

  show(observation: Observation, inspector: Inspector) {
    this.#clear()
    this.#names = this.#hasNames ? new NamePlan(observation, this.#widthOf, this.settings.say) : null
    const composition = frame(observation, this.#names, this.#eye)
    this.#shown = new DrawnNetwork(this.#renderer, this.#device, this.#uniforms, observation, inspector, composition)
    this.#picker.show(this.#shown.buffers)
    if (this.#names) this.#labels?.show(this.#names)
    this.#framed(this.#shown)
    this.#apply()
    // What was under the pointer is gone.
    this.#pointing.over(null)
  }

  async compile() {
    const shown = this.#shown
    if (!shown) return
    const { inspector, neurons, scene } = shown
    shown.moves = this.#moves
    const compiled = this.#renderer.compileAsync(scene, this.#eye.camera)
    await Promise.all([compiled, neurons.compile(), inspector.compile({ statistics: false })])
    if (shown === this.#shown) this.#forget()
  }

  sketch() {
    if (!this.#shown || this.#disposed) return
    this.#eye.update()
    this.#sketch?.draw(this.#shown, this.#eye, this.#size, this.settings, this.#shown.colours.last)
    this.#placeLabels()
  }

  async colourSketch() {
    const shown = this.#shown
    if (!shown) return
    await shown.colours.read(() => shown.read(this.#sample))
    if (shown === this.#shown && this.#sketch?.isShown) this.sketch()
  }

  greySketch() {
    this.#shown?.colours.forget()
  }

  render({ choose = true } = {}) {
    if (this.#disposed || !this.#shown) return
    const { inspector, neurons } = this.#shown
    const encoder = this.#device.createCommandEncoder({ label: 'view' })
    if (choose) inspector.update(encoder, { statistics: false })
    neurons.encode(encoder, this.#sample)
    this.#device.queue.submit([encoder.finish()])
    this.#uniforms.time.value = this.settings.flowing ? (performance.now() / 1000) % 1000 : -1
    this.#shown.moves = this.#moves
    this.#eye.update()
    this.#renderer.render(this.#shown.scene, this.#eye.camera)
    this.#forget()
    this.#placeLabels()
    if (this.#sketch?.isShown) void this.#unsketch(this.#shown, this.#sketch)
  }

  resize(width: number, height: number, pixelRatio: number) {
    this.#size = { width: Math.max(1, width), height: Math.max(1, height), ratio: pixelRatio }
    this.#renderer.setPixelRatio(pixelRatio)
    this.#renderer.setSize(this.#size.width, this.#size.height, false)
    this.#uniforms.pixelRatio.value = pixelRatio
    this.#rearrange()
  }

  set(settings: Partial<ViewSettings>) {
    if (settings.sample !== undefined) within('set', () => wholeNumber(settings.sample, 'sample'))
    Object.assign(this.settings, settings)
    this.#apply()
    if (settings.say) this.#rename()
    if (settings.say || settings.insets) this.#rearrange()
  }

  async pick(x: number, y: number): Promise<Picked | null> {
    const shown = this.#shown
    if (this.#disposed || !shown) return null
    const { ratio, height } = this.#size
    // In grey it tells nothing: nothing was computed yet.
    const { last } = shown.colours
    if (this.#sketch?.isShown) return last && pickInSketch(shown, this.#eye, height, this.settings, last, { x, y })
    const found = await this.#picker.pick(shown, this.#eye, Math.floor(x * ratio), Math.floor(y * ratio))
    return shown === this.#shown ? found : null
  }

  locate(picked: Picked, share = 0.5) {
    if (!this.#shown) throw new Error('the view shows no network')
    return this.#eye.project(this.#shown.pointOf(picked, share))
  }

  async readValues(picked: Picked) {
    if (!this.#shown) throw new Error('the view shows no network')
    const shown = this.#shown
    const { observation, inspector } = shown
    return this.#values.read(observation, inspector, this.#sample, picked, () => shown === this.#shown && !this.#disposed)
  }

  extent(column: number) {
    if (!this.#shown) throw new Error('the view shows no network')
    return this.#shown.extent(column, this.#eye)
  }

  names() {
    return this.#shown && this.#names ? this.#names.seen(this.#eye, this.#shown.composition.arrangement) : []
  }

  get observation() {
    return this.#shown?.observation ?? null
  }

  async legend() {
    return this.#inScale(await this.#shown?.inspector.ranges()).map(({ zeros: _, ...range }) => range)
  }

  async neuronLegend() {
    return this.#inScale(await this.#shown?.neurons.ranges(this.settings.neurons))
  }

  get camera() {
    return this.#eye.pose
  }

  look(camera: CameraPose | null) {
    if (!this.#shown) return
    const [x, y, z] = camera?.direction ?? [0, 0, 0]
    this.#shown.rearrange(frame(this.#shown.observation, this.#names, this.#eye, camera && !camera.distance ? { x, y, z } : undefined))
    this.#framed(this.#shown)
    if (camera) this.#eye.moveTo(camera)
  }

  dispose() {
    if (this.#disposed) return
    this.#disposed = true
    this.#clear()
    this.#forget()
    this.#pointing.dispose()
    this.#eye.dispose()
    this.#labels?.dispose()
    this.#sketch?.dispose()
    this.#picker.dispose()
    this.#values.destroy()
    void this.#renderer.dispose()
  }

  /** Of the columns' ranges and that of all, the last, those that are shown. */
  #inScale<Range>(ranges: readonly Range[] = []): Range[] {
    return this.settings.scale === 'global' ? ranges.slice(-1) : ranges.slice(0, -1)
  }

  /** The row of the batch that is shown. */
  get #sample() {
    return Math.min(this.settings.sample, (this.#shown?.observation.batch ?? 1) - 1)
  }

  get #moves() {
    return this.settings.flowing || this.settings.flow !== null
  }

  #clear() {
    if (!this.#shown) return
    this.#shown.release()
    this.#former.push(this.#shown)
    this.#picker.clear()
    this.#shown = null
  }

  /** Frees what was shown before. */
  #forget() {
    for (const former of this.#former.splice(0)) former.dispose()
  }

  /** Once the picture is there, and not when it was merely asked for. */
  async #unsketch(shown: DrawnNetwork, sketch: Sketch) {
    await this.#device.queue.onSubmittedWorkDone()
    if (shown === this.#shown) sketch.hide()
  }

  #placeLabels() {
    const arrangement = this.#shown?.composition.arrangement
    if (arrangement) this.#labels?.place(this.#eye, arrangement, this.#size.width, this.#size.height, this.#pointing.column)
  }

  #apply() {
    applySettings(this.#uniforms, this.settings, this.#shown?.composition.arrangement.depth ?? 1)
  }

  #framed({ composition }: DrawnNetwork) {
    this.#uniforms.distance.value = this.#eye.distance
    this.#uniforms.upright.value = composition.arrangement.upright ? 1 : 0
  }

  /** Says the names anew. */
  #rename() {
    if (!this.#shown || !this.#hasNames) return
    this.#names = new NamePlan(this.#shown.observation, this.#widthOf, this.settings.say)
    this.#labels?.show(this.#names)
  }

  /** Fits the network to the canvas and its insets, from the same direction as before; unless a person has framed it. */
  #rearrange() {
    const { width, height, ratio } = this.#size
    ;(this.#uniforms.viewport.value as THREE.Vector2).set(Math.floor(width * ratio), Math.floor(height * ratio))
    const { isFitted } = this.#eye
    const direction = this.#eye.direction()
    this.#eye.resize(this.#size, this.settings.insets)
    const shown = this.#shown
    if (!shown) return
    const turns = shown.composition.arrangement.upright !== this.#eye.upright
    if (!isFitted && !turns) return
    shown.rearrange(frame(shown.observation, this.#names, this.#eye, turns ? undefined : direction))
    this.#framed(shown)
  }
}
