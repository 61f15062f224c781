import * as THREE from 'three/webgpu'
import type { Eye } from './eye.ts'
import type { Box, Scene } from './label-places.ts'
import { cornersOfColumn, type Arrangement, type Point } from './arrangement.ts'

/** Under the upper edge of what is free, where the names stand of a network that someone has come close to. */
const headRoom = 40

/** The network as names find it, seen by an eye. */
export function sceneOf(eye: Eye, { upright, places }: Arrangement): Scene {
  const seen = ({ x, y, z }: Point) => eye.project(new THREE.Vector3(x, y, z))
  const boxes = places.map((place) => boxAround(cornersOfColumn(place).map(seen)))
  const free = eye.free()
  const topOf = ({ centre, half }: (typeof places)[number]) => centre.y + half.y
  const bottomOf = ({ centre, half }: (typeof places)[number]) => centre.y - half.y
  const tallest = Math.max(...places.map(topOf))
  const sides = places.map((place): Scene['sides'][number] => {
    const others = places.filter((other) => other !== place && other.depth === place.depth)
    if (upright || others.every((other) => topOf(other) < topOf(place))) return 'above'
    return others.every((other) => bottomOf(other) > bottomOf(place)) ? 'below' : 'between'
  })
  const anchors = places.map(({ centre }, i) => {
    const { x, y, height } = boxes[i]!
    if (upright) return { x, y: y + height / 2 }
    // As the headings of a table, so that no edge crosses a name: edges stay between the tops.
    const heading = seen({ x: centre.x, y: tallest, z: centre.z })
    return { x: heading.x, y: eye.isFitted ? heading.y : Math.max(heading.y, free.top + headRoom) }
  })
  const [left, top] = [free.left, free.top]
  // Who has come close sees the network alone, and its names over it.
  const obstacles = eye.isFitted ? boxes : []
  return { upright, boxes, obstacles, anchors, sides, left, top, right: left + free.width, bottom: top + free.height }
}

function boxAround(points: readonly { x: number; y: number }[]): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
