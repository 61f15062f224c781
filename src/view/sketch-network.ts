import * as THREE from 'three/webgpu'
import { nodesOf } from '../graph/observation.ts'
import { colourOf, neuronColourOf, neuronGradientColourOf, strengthOf, zeroColour, type Rgb } from './colour.ts'
import { thinnest, widest } from './edges.ts'
import type { Eye } from './eye.ts'
import type { TilePlace } from './layout.ts'
import type { Range, Reading } from './readout.ts'
import { airinessOf, type Shown } from './shown.ts'
import type { ViewSettings } from './types.ts'

/** Grey edges between two columns, spread over all of them. */
const edgesPerBlock = 90
const resting = neuronColourOf(0, 1)

const css = (colour: Rgb, opacity = 1) => `rgb(${colour.join(' ')} / ${opacity})`

/** Draws the network as the picture has it: without a reading in grey, since nothing was computed yet. */
export function drawNetwork(
  context: CanvasRenderingContext2D,
  shown: Shown,
  eye: Eye,
  height: number,
  settings: ViewSettings,
  reading: Reading | null,
) {
  if (reading) drawReadEdges(context, shown, eye, settings, reading)
  else drawGreyEdges(context, shown, eye)
  drawStrands(context, shown, eye, settings, reading)
  drawNodes(context, shown, eye, height, colourer(shown, settings, reading))
}

function ends(shown: Shown, eye: Eye, block: number, edge: number) {
  const { path, from, to, gradient } = shown.observation.blocks[block]!
  const columns = gradient.shape[1]!
  const picked = { kind: 'edge', block, path, row: Math.floor(edge / columns), column: edge % columns, from, to } as const
  return [eye.project(shown.pointOf(picked, 0)), eye.project(shown.pointOf(picked, 1))] as const
}

function drawGreyEdges(context: CanvasRenderingContext2D, shown: Shown, eye: Eye) {
  context.strokeStyle = css(zeroColour, 0.22)
  context.lineWidth = 0.8
  context.beginPath()
  shown.observation.blocks.forEach(({ gradient }, block) => {
    const [rows = 0, columns = 0] = gradient.shape
    const count = Math.min(rows * columns, edgesPerBlock)
    for (let i = 0; i < count; i++) {
      // Multiples of the golden ratio lie evenly, and in no pattern with the rows.
      const edge = count === rows * columns ? i : Math.floor(((i * 0.618034) % 1) * rows * columns)
      const [start, end] = ends(shown, eye, block, edge)
      context.moveTo(start.x, start.y)
      context.lineTo(end.x, end.y)
    }
  })
  context.stroke()
}

/** 0 … 1; what is not finite is as strong as the strongest. */
function strength(gradient: number, { lo, hi }: Range): number {
  if (!Number.isFinite(gradient)) return 1
  return gradient === 0 || hi === 0 ? 0 : strengthOf(gradient, lo, hi)
}

function drawReadEdges(context: CanvasRenderingContext2D, shown: Shown, eye: Eye, { scale, map }: ViewSettings, reading: Reading) {
  const airiness = airinessOf(shown.buffers.capacity)
  reading.blocks.forEach((read, block) => {
    const range = scale === 'global' ? reading.allBlocks : read
    read.edges.forEach((edge, i) => {
      const gradient = read.gradients[i]!
      const strong = strength(gradient, range)
      const [start, end] = ends(shown, eye, block, edge)
      context.strokeStyle = css(colourOf(gradient, range.lo, range.hi, map), airiness + (1 - airiness) * strong)
      context.lineWidth = (thinnest + (widest - thinnest) * strong ** 1.7) * (0.75 * airiness + 0.25)
      context.beginPath()
      context.moveTo(start.x, start.y)
      context.lineTo(end.x, end.y)
      context.stroke()
    })
  })
}

function drawStrands(context: CanvasRenderingContext2D, shown: Shown, eye: Eye, { map }: ViewSettings, reading: Reading | null) {
  for (const strand of shown.composition.arrangement.strands) {
    const path = shown.pathOf(strand)
    const norm = reading && path >= 0 ? reading.paths[path]! : null
    const strong = norm === null ? 0.3 : strength(norm, reading!.allPaths)
    context.strokeStyle = norm === null ? css(zeroColour, 0.6) : css(colourOf(norm, reading!.allPaths.lo, reading!.allPaths.hi, map), 0.96)
    context.lineWidth = thinnest + (widest - thinnest) * strong
    context.beginPath()
    for (const point of shown.curveOf(strand).getPoints(24)) {
      const { x, y } = eye.project(point)
      context.lineTo(x, y)
    }
    context.stroke()
  }
}

/** The colour of a value of a column, by its place in the reading. */
type Colourer = (column: number, place: number) => Rgb

function colourer({ neurons }: Shown, { scale, neurons: kind }: ViewSettings, reading: Reading | null): Colourer {
  if (!reading) return () => resting
  const ranges = kind === 'gradient' ? reading.gradients : reading.activations
  const first = kind === 'gradient' ? neurons.count : 0
  return (column, place) => {
    const { lo, hi } = (scale === 'global' ? ranges.at(-1) : ranges[column])!
    const value = reading.values[first + place]!
    if (kind === 'activation') return neuronColourOf(value, hi)
    // The input has no gradient.
    return column === 0 ? resting : neuronGradientColourOf(value, lo, hi)
  }
}

function drawNodes(context: CanvasRenderingContext2D, shown: Shown, eye: Eye, height: number, colour: Colourer) {
  const { camera } = eye
  const { nodes, tiles, upright } = shown.composition.arrangement
  camera.updateMatrixWorld()
  const ahead = new THREE.Vector3()
  const distanceOf = (point: THREE.Vector3) => -ahead.copy(point).applyMatrix4(camera.matrixWorldInverse).z
  const things: { distance: number; draw(): void }[] = []
  context.strokeStyle = 'rgb(82 97 128 / 0.5)'
  context.lineWidth = 1
  let node = -1
  shown.observation.columns.forEach((observed, column) => {
    for (let k = 0; k < nodesOf(observed); k++) {
      const radius = nodes[4 * ++node + 3]!
      if (radius < 0) continue // a channel: its tile is drawn
      const point = new THREE.Vector3().fromArray(nodes, 4 * node)
      const distance = distanceOf(point)
      const pixels = Math.max(1.2, (radius * camera.projectionMatrix.elements[5]! * height) / 2 / distance)
      const { x, y } = eye.project(point)
      const place = shown.neurons.firsts[column]! + k
      things.push({
        distance,
        draw() {
          context.fillStyle = css(colour(column, place))
          context.beginPath()
          context.arc(x, y, pixels, 0, 2 * Math.PI)
          context.fill()
          if (pixels > 3) context.stroke()
        },
      })
    }
  })
  for (const tile of tiles) {
    const { centre, halfWidth, halfHeight } = tile
    const corner = (across: number, down: number) =>
      upright
        ? new THREE.Vector3(centre.x + across * halfWidth, centre.y, centre.z + down * halfHeight)
        : new THREE.Vector3(centre.x, centre.y - down * halfHeight, centre.z + across * halfWidth)
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)].map((point) => eye.project(point))
    things.push({
      distance: distanceOf(new THREE.Vector3(centre.x, centre.y, centre.z)),
      draw: () => drawTile(context, imageOf(shown, tile, colour), corners),
    })
  }
  // The nearer over the farther.
  for (const { draw } of things.sort((a, b) => b.distance - a.distance)) draw()
}

/** A feature map, a pixel a value. */
function imageOf({ observation, neurons }: Shown, { column, channel }: TilePlace, colour: Colourer): OffscreenCanvas {
  const [channels = 1, height = 1, width = 1] = observation.columns[column]!.shape
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++)
    image.data.set([...colour(column, neurons.firsts[column]! + pixel * channels + channel), 255], 4 * pixel)
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(image, 0, 0)
  return canvas
}

function drawTile(context: CanvasRenderingContext2D, image: OffscreenCanvas, corners: readonly { x: number; y: number }[]) {
  const [origin, across, , down] = corners as [Corner, Corner, Corner, Corner]
  context.save()
  // A tile is small beside its distance: a parallelogram.
  context.transform(
    (across.x - origin.x) / image.width,
    (across.y - origin.y) / image.width,
    (down.x - origin.x) / image.height,
    (down.y - origin.y) / image.height,
    origin.x,
    origin.y,
  )
  context.imageSmoothingEnabled = false
  context.drawImage(image, 0, 0)
  context.restore()
  context.beginPath()
  for (const { x, y } of corners) context.lineTo(x, y)
  context.closePath()
  context.stroke()
}

type Corner = { x: number; y: number }
