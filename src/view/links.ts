import * as THREE from 'three/webgpu'
import { vec4 } from 'three/tsl'
import { nodesOf, type Observation } from '../graph/observation.ts'
import type { Arrangement } from './arrangement.ts'

/** Of neurons, and of feature maps. */
const most = { neurons: 24, maps: 6 }
const segments = 28

/** Connections without weights as thin arcs beside the network, at most 24 per link; null where there are none. Bypasses of feature maps are strands instead. */
export function linkLines({ columns, links, containers }: Observation, arrangement: Arrangement): THREE.LineSegments | null {
  const firsts: number[] = []
  columns.reduce((sum, column, i) => ((firsts[i] = sum), sum + nodesOf(column)), 0)
  const at = (column: number, index: number) => new THREE.Vector3().fromArray(arrangement.nodes, 4 * (firsts[column]! + index))
  const points: THREE.Vector3[] = []
  for (const { from, to, fromFirst, toFirst, count } of links) {
    const { tiles } = arrangement.places[from]!
    const isStrand = arrangement.strands.some(({ container }) => containers[container]!.from === from && containers[container]!.to === to)
    if (tiles && isStrand) continue
    const shown = Math.min(count, tiles ? most.maps : most.neurons)
    const span = Math.abs(arrangement.places[to]!.depth - arrangement.places[from]!.depth)
    for (let i = 0; i < shown; i++) {
      const k = Math.floor(((i + 0.5) * count) / shown)
      const [start, end] = [at(from, fromFirst + k), at(to, toFirst + k)]
      // Out of the plane of the network, further the more layers it passes.
      const lift = start.distanceTo(end) * (span > 1 ? 0.32 : 0.12)
      const middle = start.clone().lerp(end, 0.5)
      if (arrangement.upright) middle.x += lift
      else middle.y += lift
      const curve = new THREE.QuadraticBezierCurve3(start, middle, end)
      for (let s = 0; s < segments; s++) points.push(curve.getPoint(s / segments), curve.getPoint((s + 1) / segments))
    }
  }
  if (points.length === 0) return null
  const material = new THREE.LineBasicNodeMaterial()
  material.fragmentNode = vec4(0.16, 0.22, 0.34, 0)
    .mul(0.5)
    .add(vec4(0, 0, 0, 0.25))
  material.transparent = true
  material.depthWrite = false
  material.fog = false
  material.blending = THREE.CustomBlending
  material.blendSrc = THREE.OneFactor
  material.blendDst = THREE.OneMinusSrcAlphaFactor
  const lines = new THREE.LineSegments(new THREE.BufferGeometry().setFromPoints(points), material)
  lines.frustumCulled = false
  lines.renderOrder = 1.5
  return lines
}
