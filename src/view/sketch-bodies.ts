/** Where the things of the picture stand on the screen, worked out on the host: for the sketch, and for what is pointed at in it. */
import * as THREE from 'three/webgpu'
import { nodesOf } from '../graph/observation.ts'
import { strengthOf } from './colour.ts'
import { thinnest, widest } from './edges.ts'
import type { Eye } from './eye.ts'
import type { TilePlace } from './arrangement.ts'
import type { Range, ColourReading } from './readout.ts'
import { airinessOf, type DrawnNetwork } from './drawn-network.ts'
import type { Picked, ViewSettings } from './types.ts'

/** CSS pixels. */
export interface Spot {
  x: number
  y: number
}

type Body = { distance: number } & (
  | ({ kind: 'neuron'; column: number; index: number; radius: number } & Spot)
  /** Its corners in turn, from where its first pixel lies. */
  | { kind: 'map'; tile: TilePlace; corners: Spot[] }
)

/** An edge can be pointed at from so far. */
const edgeReach = 2

/** All neurons and feature maps, the farthest first; `height` is the canvas's. */
export function bodiesOf(shown: DrawnNetwork, eye: Eye, height: number): Body[] {
  const { camera } = eye
  const { nodes, tiles, upright } = shown.composition.arrangement
  camera.updateMatrixWorld()
  const ahead = new THREE.Vector3()
  const distanceOf = (point: THREE.Vector3) => -ahead.copy(point).applyMatrix4(camera.matrixWorldInverse).z
  const bodies: Body[] = []
  let node = -1
  shown.observation.columns.forEach((observed, column) => {
    for (let index = 0; index < nodesOf(observed); index++) {
      const radius = nodes[4 * ++node + 3]!
      if (radius < 0) continue // a channel: it has a map
      const point = new THREE.Vector3().fromArray(nodes, 4 * node)
      const distance = distanceOf(point)
      const pixels = Math.max(1.2, (radius * camera.projectionMatrix.elements[5]! * height) / 2 / distance)
      bodies.push({ kind: 'neuron', column, index, radius: pixels, distance, ...eye.project(point) })
    }
  })
  for (const tile of tiles) {
    const { centre, halfWidth, halfHeight } = tile
    const corner = (across: number, down: number) =>
      upright
        ? new THREE.Vector3(centre.x + across * halfWidth, centre.y, centre.z + down * halfHeight)
        : new THREE.Vector3(centre.x, centre.y - down * halfHeight, centre.z + across * halfWidth)
    const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)].map((point) => eye.project(point))
    bodies.push({ kind: 'map', tile, corners, distance: distanceOf(new THREE.Vector3(centre.x, centre.y, centre.z)) })
  }
  return bodies.sort((a, b) => b.distance - a.distance)
}

const edgeOf = (shown: DrawnNetwork, block: number, edge: number): Picked & { kind: 'edge' } => {
  const { path, from, to, gradient } = shown.observation.blocks[block]!
  const columns = gradient.shape[1]!
  return { kind: 'edge', block, path, row: Math.floor(edge / columns), column: edge % columns, from, to }
}

/** Both ends of an edge. */
export function endsOf(shown: DrawnNetwork, eye: Eye, block: number, edge: number): [start: Spot, end: Spot] {
  const picked = edgeOf(shown, block, edge)
  return [eye.project(shown.pointOf(picked, 0)), eye.project(shown.pointOf(picked, 1))]
}

/** 0 … 1; what is not finite is as strong as the strongest. */
export function strengthIn({ lo, hi }: Range, gradient: number): number {
  if (!Number.isFinite(gradient)) return 1
  return gradient === 0 || hi === 0 ? 0 : strengthOf(gradient, lo, hi)
}

/** Of an edge of this strength. */
export const widthOf = (strength: number, airiness: number): number =>
  (thinnest + (widest - thinnest) * strength ** 1.7) * (0.75 * airiness + 0.25)

/** What lies at a point of the sketch: the nearest neuron or pixel there, or the strongest edge. */
export function pickInSketch(
  shown: DrawnNetwork,
  eye: Eye,
  height: number,
  { scale }: ViewSettings,
  reading: ColourReading,
  spot: Spot,
): Picked | null {
  for (const body of bodiesOf(shown, eye, height).reverse()) {
    const found = inBody(shown, body, spot)
    if (found) return found
  }
  const airiness = airinessOf(shown.buffers.capacity)
  for (const [block, read] of reading.blocks.entries())
    for (let i = read.edges.length - 1; i >= 0; i--) {
      const width = widthOf(strengthIn(scale === 'global' ? reading.allBlocks : read, read.gradients[i]!), airiness)
      if (distanceTo(endsOf(shown, eye, block, read.edges[i]!), spot) <= width / 2 + edgeReach) return edgeOf(shown, block, read.edges[i]!)
    }
  return null
}

function inBody({ observation }: DrawnNetwork, body: Body, { x, y }: Spot): Picked | null {
  if (body.kind === 'neuron') {
    const { column, index } = body
    if (Math.hypot(x - body.x, y - body.y) > body.radius + 1) return null
    return { kind: 'neuron', column, path: observation.columns[column]!.path, index }
  }
  const { column, channel } = body.tile
  const [channels = 1, height = 1, width = 1] = observation.columns[column]!.shape
  const [origin, across, , down] = body.corners as [Spot, Spot, Spot, Spot]
  const [ax, ay, bx, by] = [across.x - origin.x, across.y - origin.y, down.x - origin.x, down.y - origin.y]
  const area = ax * by - ay * bx
  const u = ((x - origin.x) * by - (y - origin.y) * bx) / area
  const v = ((y - origin.y) * ax - (x - origin.x) * ay) / area
  if (!(u >= 0 && u < 1 && v >= 0 && v < 1)) return null
  const pixel = Math.floor(v * height) * width + Math.floor(u * width)
  return { kind: 'neuron', column, path: observation.columns[column]!.path, index: pixel * channels + channel }
}

function distanceTo([start, end]: [Spot, Spot], { x, y }: Spot): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const share = Math.min(1, Math.max(0, ((x - start.x) * dx + (y - start.y) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - start.x - share * dx, y - start.y - share * dy)
}
