import * as THREE from 'three/webgpu'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { fitCamera } from './camera.ts'
import { cornersOf, type Arrangement, type Point } from './layout.ts'
import type { Insets } from './types.ts'

const fieldOfView = 28
/** Room around the network, a share of the free area; more above, where the names stand. */
const margin = { side: 0.05, top: 0.1, bottom: 0.05 }
/** Of a name of two lines and its distance, of every further row of names, and what a name takes of a row; in CSS pixels. A few find room in any case. */
const nameHeight = 46
const nameRow = 30
const nameWidth = 105
const fewNames = 4
const mostNameRows = 4

/** The camera, whose axis runs through the middle of what `insets` leave free of the canvas, and its controls. */
export class Eye {
  readonly camera = new THREE.PerspectiveCamera(fieldOfView, 1, 0.5, 500)
  readonly #controls: OrbitControls | null = null
  #size = { width: 1, height: 1, ratio: 1 }
  #insets: Insets = { left: 0, right: 0, top: 0, bottom: 0 }
  /** How many names stand above the network. */
  names = 0
  #distance = 1
  #fitted = 1
  readonly #framed = new THREE.Vector3()

  /** Turns by mouse and touch where there is an element. */
  constructor(element: HTMLCanvasElement | null) {
    if (!element) return
    const controls = new OrbitControls(this.camera, element)
    controls.enableDamping = true
    controls.dampingFactor = 0.08
    controls.rotateSpeed = 0.6
    this.#controls = controls
  }

  /** Distance from which `fit` lets the network be seen. */
  get distance() {
    return this.#distance
  }

  /** Whether the network stands as `fit` put it, turned perhaps, but neither nearer nor elsewhere. */
  get isFitted() {
    const target = this.#controls?.target
    if (!target) return true
    const fitted = this.#fitted
    return target.distanceTo(this.#framed) < 1e-3 * fitted && Math.abs(this.camera.position.distanceTo(target) / fitted - 1) < 1e-2
  }

  /** Size in CSS pixels. */
  resize(size: { width: number; height: number; ratio: number }, insets: Insets) {
    this.#size = size
    this.#insets = insets
    const free = this.#free()
    this.camera.aspect = free.width / free.height
    this.lookAtAll()
  }

  /** Where the camera looks, as a unit vector. */
  direction(): Point {
    const { x, y, z } = this.camera.getWorldDirection(new THREE.Vector3())
    return { x, y, z }
  }

  /** Tangent of half the vertical angle and shape of the free area less its margins. */
  sight() {
    const { width, height } = this.#free()
    const [across, down] = [1 - 2 * margin.side, 1 - this.#top() - margin.bottom]
    return { tangent: Math.tan(((fieldOfView / 2) * Math.PI) / 180) * down, aspect: ((width / height) * across) / down }
  }

  /** Turns the camera on a part of the canvas, in device pixels. */
  look(x: number, y: number, width: number, height: number) {
    const free = this.#free()
    const { ratio } = this.#size
    this.camera.setViewOffset(free.width * ratio, free.height * ratio, x - free.left * ratio, y - free.top * ratio, width, height)
  }

  lookAtAll() {
    const { width, height, ratio } = this.#size
    this.look(0, 0, Math.floor(width * ratio), Math.floor(height * ratio))
  }

  /** Sees the whole network from a direction, as near as the free area and its margins allow. */
  fit(arrangement: Arrangement, direction: Point) {
    const { tangent, aspect } = this.sight()
    const { position, target, distance } = fitCamera(cornersOf(arrangement), direction, tangent, aspect)
    // Names stand above: the picture moves down by half the difference of the margins.
    const up = new THREE.Vector3(0, 1, 0).projectOnPlane(new THREE.Vector3(direction.x, direction.y, direction.z)).normalize()
    const top = this.#top()
    up.multiplyScalar((distance * tangent * (top - margin.bottom)) / (1 - top - margin.bottom))
    this.camera.position.set(position.x, position.y, position.z).add(up)
    const look = new THREE.Vector3(target.x, target.y, target.z).add(up)
    this.camera.lookAt(look)
    this.camera.near = Math.max(0.05, distance / 100)
    this.camera.far = distance * 20
    this.camera.updateProjectionMatrix()
    this.#distance = distance
    this.#framed.copy(look)
    this.#fitted = this.camera.position.distanceTo(look)
    this.#controls?.target.copy(look)
    this.#controls?.update()
  }

  /** Follows the controls; once a frame. */
  update() {
    this.#controls?.update()
    this.camera.updateMatrixWorld()
  }

  /** CSS pixels of a point in space, which it changes. */
  project(point: THREE.Vector3) {
    this.camera.updateMatrixWorld()
    point.project(this.camera)
    return { x: ((point.x + 1) / 2) * this.#size.width, y: ((1 - point.y) / 2) * this.#size.height }
  }

  dispose() {
    this.#controls?.dispose()
  }

  #top() {
    const { width, height } = this.#free()
    // In an upright window they stand beside it.
    const rows = height > width ? 1 : Math.min(mostNameRows, Math.max(1, Math.ceil(((this.names - fewNames) * nameWidth) / width)))
    return Math.min(0.4, Math.max(margin.top, (nameHeight + (rows - 1) * nameRow) / height))
  }

  #free() {
    const { left, right, top, bottom } = this.#insets
    const { width, height } = this.#size
    return { left, top, width: Math.max(40, width - left - right), height: Math.max(40, height - top - bottom) }
  }
}
