import * as THREE from 'three/webgpu'
import { vec4 } from 'three/tsl'
import type { Arrangement } from './arrangement.ts'
import { litColour } from './neurons.ts'

/** Between a column and its frame, in the network's own units. */
const room = 0.22
/** Between a feature map and its frame, a share of half its side. */
const rim = 0.12
/** The corners of a box by the signs of their coordinates, and which of them an edge joins. */
const corners = [0, 1, 2, 3, 4, 5, 6, 7]
const edges = corners.flatMap((corner) => [1, 2, 4].flatMap((axis) => (corner & axis ? [] : [[corner, corner | axis] as const])))

/** A thin box around a column that is marked. */
export function columnFrame({ places }: Arrangement, column: number): THREE.LineSegments | null {
  const place = places[column]
  if (!place) return null
  const { centre, half } = place
  const corner = (signs: number) =>
    new THREE.Vector3(
      centre.x + (signs & 1 ? 1 : -1) * (half.x + room),
      centre.y + (signs & 2 ? 1 : -1) * (half.y + room),
      centre.z + (signs & 4 ? 1 : -1) * (half.z + room),
    )
  return lines(edges.flatMap(([a, b]) => [corner(a), corner(b)]))
}

/** Frames around feature maps of a column: those of these channels. */
export function tileFrames({ tiles, upright }: Arrangement, column: number, channels: readonly number[]): THREE.LineSegments | null {
  const framed = tiles.filter((tile) => tile.column === column && channels.includes(tile.channel))
  if (framed.length === 0) return null
  return lines(
    framed.flatMap(({ centre, halfWidth, halfHeight }) => {
      const [across, down] = [halfWidth * (1 + rim), halfHeight * (1 + rim)]
      const corner = (x: number, y: number) =>
        upright
          ? new THREE.Vector3(centre.x + x * across, centre.y, centre.z + y * down)
          : new THREE.Vector3(centre.x, centre.y - y * down, centre.z + x * across)
      const around = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]
      return around.flatMap((from, i) => [from, around[(i + 1) % 4]!])
    }),
  )
}

function lines(points: THREE.Vector3[]): THREE.LineSegments {
  const material = new THREE.LineBasicNodeMaterial()
  material.fragmentNode = vec4(...litColour, 0.9)
  material.transparent = true
  material.depthWrite = false
  material.fog = false
  const segments = new THREE.LineSegments(new THREE.BufferGeometry().setFromPoints(points), material)
  segments.frustumCulled = false
  segments.renderOrder = 4
  return segments
}
