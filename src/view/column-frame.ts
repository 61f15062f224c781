import * as THREE from 'three/webgpu'
import { vec4 } from 'three/tsl'
import type { Arrangement } from './arrangement.ts'

/** Between a column and its frame, in the network's own units. */
const room = 0.22
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
  const material = new THREE.LineBasicNodeMaterial()
  material.fragmentNode = vec4(0.11, 0.74, 0.61, 0.9)
  material.transparent = true
  material.depthWrite = false
  material.fog = false
  const lines = new THREE.LineSegments(
    new THREE.BufferGeometry().setFromPoints(edges.flatMap(([a, b]) => [corner(a), corner(b)])),
    material,
  )
  lines.frustumCulled = false
  lines.renderOrder = 4
  return lines
}
