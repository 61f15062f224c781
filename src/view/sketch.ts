import * as THREE from 'three/webgpu'
import { linearOf, neuronColourOf, zeroColour } from './colour.ts'
import type { Eye } from './eye.ts'
import type { Shown } from './shown.ts'

/** Edges drawn between two columns, spread over all of them. */
const edgesPerBlock = 90
/** Steps of the ground from its middle to its rim. */
const groundSteps = 8
const grey = (opacity: number) => `rgb(${zeroColour.join(' ')} / ${opacity})`
const resting = neuronColourOf(0, 1)

interface Size {
  width: number
  height: number
  ratio: number
}

/**
 * The network in grey on a canvas of its own, exactly where the picture will have it: for as long as the picture's pipelines compile, which is seconds on a
 * software adapter. Nothing of it needs the GPU.
 */
export class Sketch {
  readonly #canvas: HTMLCanvasElement
  readonly #beside: HTMLCanvasElement

  constructor(beside: HTMLCanvasElement) {
    this.#beside = beside
    this.#canvas = beside.ownerDocument.createElement('canvas')
    this.#canvas.className = 'view-sketch'
    this.#canvas.setAttribute('aria-hidden', 'true')
    this.#canvas.style.cssText = 'position:absolute;pointer-events:none'
    this.#canvas.hidden = true
    beside.after(this.#canvas)
  }

  get isShown(): boolean {
    return !this.#canvas.hidden
  }

  hide() {
    this.#canvas.hidden = true
  }

  draw(shown: Shown, eye: Eye, { width, height, ratio }: Size) {
    const canvas = this.#canvas
    const { style } = canvas
    style.left = `${this.#beside.offsetLeft}px`
    style.top = `${this.#beside.offsetTop}px`
    style.width = `${width}px`
    style.height = `${height}px`
    canvas.width = Math.floor(width * ratio)
    canvas.height = Math.floor(height * ratio)
    canvas.hidden = false
    const context = canvas.getContext('2d')
    if (!context) return
    context.scale(ratio, ratio)
    drawGround(context, width, height)
    drawEdges(context, shown, eye)
    drawStrands(context, shown, eye)
    drawNodes(context, shown, eye, height)
  }

  dispose() {
    this.#canvas.remove()
  }
}

/** As `backgroundMesh` has it. */
function drawGround(context: CanvasRenderingContext2D, width: number, height: number) {
  const srgb = (light: number) => 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055)
  const ground = context.createRadialGradient(0.5, 0.46 * 0.9, 0, 0.5, 0.46 * 0.9, 0.72)
  for (let i = 0; i <= groundSteps; i++) {
    const share = i / groundSteps
    const mixed = share * share * (3 - 2 * share)
    const channels = [
      [17, 5],
      [20, 6],
      [29, 10],
    ].map(([middle, rim]) => Math.round(srgb(linearOf(middle!) * (1 - mixed) + linearOf(rim!) * mixed)))
    ground.addColorStop(share, `rgb(${channels.join(' ')})`)
  }
  context.save()
  context.scale(width, height / 0.9)
  context.fillStyle = ground
  context.fillRect(0, 0, 1, 0.9)
  context.restore()
}

function drawEdges(context: CanvasRenderingContext2D, shown: Shown, eye: Eye) {
  context.strokeStyle = grey(0.22)
  context.lineWidth = 0.8
  context.beginPath()
  shown.observation.blocks.forEach(({ path, from, to, gradient }, block) => {
    const [rows = 0, columns = 0] = gradient.shape
    const count = Math.min(rows * columns, edgesPerBlock)
    for (let i = 0; i < count; i++) {
      // Multiples of the golden ratio lie evenly, and in no pattern with the rows.
      const edge = count === rows * columns ? i : Math.floor(((i * 0.618034) % 1) * rows * columns)
      const picked = { kind: 'edge', block, path, row: Math.floor(edge / columns), column: edge % columns, from, to } as const
      const [start, end] = [eye.project(shown.pointOf(picked, 0)), eye.project(shown.pointOf(picked, 1))]
      context.moveTo(start.x, start.y)
      context.lineTo(end.x, end.y)
    }
  })
  context.stroke()
}

function drawStrands(context: CanvasRenderingContext2D, shown: Shown, eye: Eye) {
  context.strokeStyle = grey(0.6)
  context.lineWidth = 1.6
  for (const { start, control, end } of shown.composition.arrangement.strands) {
    const [a, b, c] = [start, control, end].map(({ x, y, z }) => new THREE.Vector3(x, y, z)) as [
      THREE.Vector3,
      THREE.Vector3,
      THREE.Vector3,
    ]
    context.beginPath()
    for (const point of new THREE.QuadraticBezierCurve3(a, b, c).getPoints(24)) {
      const { x, y } = eye.project(point)
      context.lineTo(x, y)
    }
    context.stroke()
  }
}

function drawNodes(context: CanvasRenderingContext2D, shown: Shown, eye: Eye, height: number) {
  const { camera } = eye
  const { nodes, tiles, upright } = shown.composition.arrangement
  camera.updateMatrixWorld()
  const ahead = new THREE.Vector3()
  const distanceOf = (point: THREE.Vector3) => -ahead.copy(point).applyMatrix4(camera.matrixWorldInverse).z
  const things: { distance: number; draw(): void }[] = []
  context.fillStyle = `rgb(${resting.join(' ')})`
  context.strokeStyle = 'rgb(82 97 128 / 0.5)'
  context.lineWidth = 1
  for (let node = 0; node < nodes.length / 4; node++) {
    const radius = nodes[4 * node + 3]!
    if (radius < 0) continue // a channel: its tile is drawn
    const point = new THREE.Vector3().fromArray(nodes, 4 * node)
    const distance = distanceOf(point)
    const pixels = Math.max(1.2, (radius * camera.projectionMatrix.elements[5]! * height) / 2 / distance)
    const { x, y } = eye.project(point)
    things.push({
      distance,
      draw() {
        context.beginPath()
        context.arc(x, y, pixels, 0, 2 * Math.PI)
        context.fill()
        if (pixels > 3) context.stroke()
      },
    })
  }
  for (const { centre, halfWidth, halfHeight } of tiles) {
    const corner = (across: number, down: number) =>
      upright
        ? new THREE.Vector3(centre.x + across * halfWidth, centre.y, centre.z + down * halfHeight)
        : new THREE.Vector3(centre.x, centre.y - down * halfHeight, centre.z + across * halfWidth)
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)].map((point) => eye.project(point))
    things.push({
      distance: distanceOf(new THREE.Vector3(centre.x, centre.y, centre.z)),
      draw() {
        context.beginPath()
        for (const { x, y } of corners) context.lineTo(x, y)
        context.closePath()
        context.fill()
        context.stroke()
      },
    })
  }
  // The nearer over the farther.
  for (const { draw } of things.sort((a, b) => b.distance - a.distance)) draw()
}
