import * as THREE from 'three/webgpu'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { fitCamera } from './camera.ts'
import { cornersOf, type Arrangement, type Point } from './arrangement.ts'
import type { CameraPose, Insets } from './types.ts'

const fieldOfView = 28
/** Least room around the network, a share of the free area. */
const margin = { side: 0.05, top: 0.06, bottom: 0.05 }
/** Names take no more of the free area than this; frames that were not drawn count as no more than so many. */
const most = { left: 0.42, top: 0.45, frames: 60 }
/** Milliseconds of a frame, and how much of what is left of a movement each leaves: a camera comes to rest in the same time however few are drawn. */
const frame = 1000 / 60
const keptPerFrame = 0.92
/** Of width to height, below which a network runs downwards. */
const uprightBelow = 0.78

/** The camera, whose axis runs through the middle of what `insets` leave free of the canvas, and its controls. */
export class Eye {
  readonly camera = new THREE.PerspectiveCamera(fieldOfView, 1, 0.5, 500)
  readonly #controls: OrbitControls | null = null
  #size = { width: 1, height: 1, ratio: 1 }
  #insets: Insets = { left: 0, right: 0, top: 0, bottom: 0 }
  /** What the names take above the network and to its left, in CSS pixels. */
  room = { left: 0, top: 0 }
  #distance = 1
  #fitted = 1
  readonly #framed = new THREE.Vector3()
  /** The same as the picture puts it, which poses are told by. */
  readonly #front = { target: new THREE.Vector3(), distance: 1 }
  /** Whether a person has moved it since it was put somewhere. */
  #isMoved = false
  /** While it is put somewhere, which is no movement of a person's. */
  #isPut = false
  #updatedAt = 0

  /** Turns by mouse and touch where there is an element; `onMove` hears of it. */
  constructor(element: HTMLCanvasElement | null, onMove = () => {}) {
    if (!element) return
    const controls = new OrbitControls(this.camera, element)
    controls.enableDamping = true
    controls.rotateSpeed = 0.6
    controls.addEventListener('start', () => (this.#isMoved = true))
    controls.addEventListener('change', () => !this.#isPut && onMove())
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

  get pose(): CameraPose | null {
    const target = this.#controls?.target
    if (!target || !this.#isMoved) return null
    const ahead = target.clone().sub(this.camera.position)
    const distance = ahead.length() / this.#front.distance
    const direction = ahead.normalize().toArray()
    if (this.isFitted) return { direction }
    return { direction, distance, offset: target.clone().sub(this.#front.target).divideScalar(this.#front.distance).toArray() }
  }

  /** It stands where `fit` has put it, from the picture's own direction. */
  forget() {
    this.#isMoved = false
    this.#front.target.copy(this.#framed)
    this.#front.distance = this.#fitted
  }

  /** Goes to a pose, once the network was fitted: in the pose's direction where that is all of it, else from the picture's own. */
  moveTo({ direction, distance, offset }: CameraPose) {
    this.#isMoved = true
    if (distance === undefined || offset === undefined) return
    this.#halt()
    const target = new THREE.Vector3(...offset).multiplyScalar(this.#front.distance).add(this.#front.target)
    this.camera.position.copy(target).addScaledVector(new THREE.Vector3(...direction), -distance * this.#front.distance)
    this.camera.lookAt(target)
    this.#aim(target)
  }

  /** Size in CSS pixels. */
  resize(size: { width: number; height: number; ratio: number }, insets: Insets) {
    this.#size = size
    this.#insets = insets
    const free = this.free()
    this.camera.aspect = free.width / free.height
    this.lookAtAll()
  }

  /** Where the camera looks, as a unit vector. */
  direction(): Point {
    const { x, y, z } = this.camera.getWorldDirection(new THREE.Vector3())
    return { x, y, z }
  }

  /** Whether the free area is so narrow that a network runs downwards in it. */
  get upright() {
    const { width, height } = this.free()
    return width / height < uprightBelow
  }

  /** Tangent of half the vertical angle and shape of the free area less its margins. */
  sight() {
    const { width, height } = this.free()
    const { left, right, top, bottom } = this.#margins()
    const [across, down] = [1 - left - right, 1 - top - bottom]
    return { tangent: Math.tan(((fieldOfView / 2) * Math.PI) / 180) * down, aspect: ((width / height) * across) / down }
  }

  /** Turns the camera on a part of the canvas, in device pixels. */
  look(x: number, y: number, width: number, height: number) {
    const free = this.free()
    const { ratio } = this.#size
    this.camera.setViewOffset(free.width * ratio, free.height * ratio, x - free.left * ratio, y - free.top * ratio, width, height)
  }

  lookAtAll() {
    const { width, height, ratio } = this.#size
    this.look(0, 0, Math.floor(width * ratio), Math.floor(height * ratio))
  }

  /** Sees the whole network from a direction, as near as the free area and its margins allow. */
  fit(arrangement: Arrangement, direction: Point) {
    this.#halt()
    const { tangent, aspect } = this.sight()
    const { position, target, distance } = fitCamera(cornersOf(arrangement), direction, tangent, aspect)
    // Names stand above and at the left: the picture moves by half the difference of the margins.
    const forward = new THREE.Vector3(direction.x, direction.y, direction.z)
    const up = new THREE.Vector3(0, 1, 0).projectOnPlane(forward).normalize()
    const right = forward.clone().cross(up)
    const { left: before, right: behind, top, bottom } = this.#margins()
    up.multiplyScalar((distance * tangent * (top - bottom)) / (1 - top - bottom))
    up.addScaledVector(right, (-distance * tangent * aspect * (before - behind)) / (1 - before - behind))
    this.camera.position.set(position.x, position.y, position.z).add(up)
    const look = new THREE.Vector3(target.x, target.y, target.z).add(up)
    this.camera.lookAt(look)
    this.camera.near = Math.max(0.05, distance / 100)
    this.camera.far = distance * 20
    this.camera.updateProjectionMatrix()
    this.#distance = distance
    this.#framed.copy(look)
    this.#fitted = this.camera.position.distanceTo(look)
    this.#aim(look)
  }

  /** Follows the controls; once a frame. */
  update() {
    const now = performance.now()
    const frames = Math.min(most.frames, (now - this.#updatedAt) / frame)
    this.#updatedAt = now
    if (this.#controls) this.#controls.dampingFactor = 1 - keptPerFrame ** frames
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

  /** What is left of a movement ends: it would go on from where the camera is put. */
  #halt() {
    if (!this.#controls) return
    this.#controls.enableDamping = false
    this.#turn(this.#controls)
    this.#controls.enableDamping = true
  }

  /** The controls take the place that the camera was put at. */
  #aim(target: THREE.Vector3) {
    this.#controls?.target.copy(target)
    if (this.#controls) this.#turn(this.#controls)
  }

  #turn(controls: OrbitControls) {
    this.#isPut = true
    controls.update()
    this.#isPut = false
  }

  /** Shares of the free area. */
  #margins() {
    const { width, height } = this.free()
    return {
      left: Math.min(most.left, Math.max(margin.side, this.room.left / width)),
      right: margin.side,
      top: Math.min(most.top, Math.max(margin.top, this.room.top / height)),
      bottom: margin.bottom,
    }
  }

  /** What the insets leave of the canvas, in CSS pixels. */
  free() {
    const { left, right, top, bottom } = this.#insets
    const { width, height } = this.#size
    return { left, top, width: Math.max(40, width - left - right), height: Math.max(40, height - top - bottom) }
  }
}
