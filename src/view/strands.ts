import type * as THREE from 'three/webgpu'
import {
  Fn,
  abs,
  cameraProjectionMatrix,
  cameraViewMatrix,
  clamp,
  float,
  floor,
  fract,
  log2,
  max,
  mix,
  normalize,
  select,
  uint,
  uintBitsToFloat,
  varyingProperty,
  vec2,
  vec3,
  vec4,
  vertexIndex,
} from 'three/tsl'
import { darkestShown, tableRows } from './colour.ts'
import { pickMaterial, pictureMaterial, pulledMesh, quadCorner, type Buffers, type Uniforms } from './picture.ts'
import { square, type Node } from './tsl.ts'

/** What `pick` finds in the first channel. */
export const pickedPath = 4

const segments = 24
/** Widths in CSS pixels, of what carries the least and the most gradient, seen from the distance that shows the whole network. */
const thinnest = 1.6
const widest = 9
const pickReach = 2

/**
 * The branches of all containers as strands beside the network, as wide and as bright as the gradient that arrives through each is large: a bypass, and
 * what goes through the layers, on one logarithmic scale.
 */
export function strandMesh(buffers: Buffers, uniforms: Uniforms, purpose: 'picture' | 'pick'): THREE.Mesh {
  const across: Node = varyingProperty('float', 'vStrandAcross')
  const half: Node = varyingProperty('float', 'vStrandHalf')
  const along: Node = varyingProperty('float', 'vStrandAlong')
  const colour: Node = varyingProperty('vec3', 'vStrandColour')
  const number: Node = varyingProperty('float', 'vStrandNumber')

  const vertex = Fn(() => {
    const piece: Node = (vertexIndex as Node).div(uint(6)).toVar()
    const strand: Node = piece.div(uint(segments)).toVar()
    const row = (place: number): Node => buffers.strands.element(strand.mul(uint(3)).add(uint(place)))
    const [start, control, end]: [Node, Node, Node] = [row(0).toVar(), row(1).toVar(), row(2).toVar()]
    const norm: Node = uint(start.w).toVar()

    const bits: Node = buffers.pathNorms.element(norm).bitAnd(uint(0x7fffffff)).toVar()
    const isZero: Node = bits.equal(uint(0))
    const nonFinite: Node = bits.greaterThanEqual(uint(0x7f800000))
    const limit = (place: number): Node => (uintBitsToFloat as Node)(buffers.pathNorms.element(uint(place)))
    const magnitude: Node = (uintBitsToFloat as Node)(bits.clamp(uint(0x00800000), uint(0x7f7fffff)))
    const measured: Node = clamp(
      log2(magnitude)
        .sub(limit(0))
        .div(max(limit(1).sub(limit(0)), 1e-6)),
      0,
      1,
    )
    const strength: Node = select(nonFinite, float(1), select(isZero, float(0), measured)).toVar()
    const shade: Node = (
      uint(
        floor(
          strength
            .mul(1 - darkestShown)
            .add(darkestShown)
            .mul(256),
        ),
      ) as Node
    ).min(uint(255))
    const finite: Node = select(isZero, uint(tableRows.zero), uniforms.map.add(shade))
    colour.assign(buffers.colours.element(select(nonFinite, uint(tableRows.nonFinite), finite)).xyz)
    number.assign(float(norm))

    const camera: Node = (cameraProjectionMatrix as Node).mul(cameraViewMatrix).toVar()
    const { x, y: side } = quadCorner()
    const share: Node = float(piece.mod(uint(segments)))
      .add(select(x.greaterThan(0), 1, 0))
      .div(segments)
      .toVar()
    const rest: Node = float(1).sub(share).toVar()
    const point: Node = start.xyz
      .mul(square(rest))
      .add(control.xyz.mul(share.mul(rest).mul(2)))
      .add(end.xyz.mul(square(share)))
      .toVar()
    const way: Node = mix(control.xyz.sub(start.xyz), end.xyz.sub(control.xyz), share)
    const position: Node = camera.mul(vec4(point, 1)).toVar()
    const ahead: Node = camera.mul(vec4(point.add(normalize(way).mul(0.05)), 1)).toVar()
    const direction: Node = normalize(
      ahead.xy.div(ahead.w).sub(position.xy.div(position.w)).mul(uniforms.viewport).add(vec2(1e-6, 0)),
    ).toVar()
    const nearness: Node = clamp(uniforms.distance.div(position.w), 0.5, 1.8)
    const emphasised: Node = uniforms.path.equal(norm.add(uint(1)))
    const width: Node = mix(float(thinnest), float(widest), strength).add(select(emphasised, 2, 0))
    half.assign(width.mul(0.5).mul(nearness).mul(uniforms.pixelRatio))
    const reach: Node = half.add(uniforms.pixelRatio.mul(purpose === 'pick' ? pickReach : 0)).add(0.55)
    across.assign(reach.mul(side))
    along.assign(share)
    position.xy.addAssign(vec2(direction.y.negate(), direction.x).mul(reach.mul(side)).mul(2).div(uniforms.viewport).mul(position.w))
    return position
  })()

  const vertices = 6 * segments * buffers.strandCount
  if (purpose === 'pick') return pulledMesh(pickMaterial(vertex, vec4(pickedPath, number, 0, 0)), vertices, 2)

  const fragment = Fn(() => {
    const distance: Node = abs(across)
    const cover: Node = clamp(half.add(0.5).sub(distance), 0, 1).toVar()
    // Round, as a cord is.
    const light: Node = colour.mul(float(1).sub(square(clamp(distance.div(half), 0, 1)).mul(0.45))).toVar()
    const near: Node = max(float(1).sub(abs(fract(along.add(uniforms.time.mul(0.45))).sub(0.5)).mul(6)), 0)
    const pulse: Node = select(uniforms.time.greaterThanEqual(0), square(near).mul(0.5), float(0))
    const emphasised: Node = uniforms.path.equal(uint(floor(number.add(0.5))).add(uint(1)))
    const lit: Node = light.add(vec3(0.3).mul(pulse)).add(select(emphasised, vec3(0.18), vec3(0)))
    return vec4(lit, 1).mul(cover).mul(0.96)
  })()
  return pulledMesh(pictureMaterial(vertex, fragment), vertices, 1.6)
}
