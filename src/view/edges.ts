import type * as THREE from 'three/webgpu'
import {
  Fn,
  If,
  abs,
  cameraProjectionMatrix,
  cameraViewMatrix,
  clamp,
  exp,
  float,
  floor,
  fract,
  log2,
  max,
  mix,
  normalize,
  pow,
  select,
  smoothstep,
  uint,
  uintBitsToFloat,
  uvec2,
  varyingProperty,
  vec2,
  vec3,
  vec4,
  vertexIndex,
} from 'three/tsl'
import { darkestShown, tableRows } from './colour.ts'
import { pickMaterial, pictureMaterial, pulledMesh, quadCorner, type Buffers, type Uniforms } from './picture.ts'
import { square, type Node } from './tsl.ts'

/** Widths in CSS pixels, of the weakest and the strongest edge, seen from the distance that shows the whole network. */
export const thinnest = 0.9
export const widest = 3.4
/** Reach of the glow around the strongest. */
const glowReach = 6
const glowFrom = 0.7
/** Border of an emphasised edge. */
const borderWidth = 1.25
/** An edge can be picked from so far. */
const pickReach = 2
/** What `pick` finds in the first channel. */
export const pickedEdge = 1

/** `still`: the picture while nothing moves along the edges, which costs half as much as `moving`. */
type Purpose = 'still' | 'moving' | 'emphasis' | 'pick'

/**
 * All visible edges as one mesh without vertex buffers: six vertices an edge, drawn by the inspector's indirect arguments, weakest
 * first, so that the stronger lies over the weaker.
 */
export function edgeMesh(buffers: Buffers, uniforms: Uniforms, purpose: Exclude<Purpose, 'emphasis'>): THREE.Mesh {
  const mesh = pulledMesh(
    edgeMaterial(buffers, uniforms, buffers.visible.element((vertexIndex as Node).div(uint(6))), purpose),
    6 * buffers.capacity,
    2,
  )
  mesh.geometry.setIndirect(buffers.indirect)
  return mesh
}

/** The one emphasised edge, over everything else. */
export function emphasisedEdgeMesh(buffers: Buffers, uniforms: Uniforms): THREE.Mesh {
  const material = edgeMaterial(buffers, uniforms, uvec2(uniforms.block, uniforms.edge), 'emphasis')
  material.depthTest = false
  return pulledMesh(material, 6, 4)
}

function edgeMaterial(buffers: Buffers, uniforms: Uniforms, entry: Node, purpose: Purpose): THREE.NodeMaterial {
  const across: Node = varyingProperty('float', 'vEdgeAcross')
  const half: Node = varyingProperty('float', 'vEdgeHalf')
  const along: Node = varyingProperty('float', 'vEdgeAlong')
  const depth: Node = varyingProperty('float', 'vEdgeDepth')
  const colour: Node = varyingProperty('vec3', 'vEdgeColour')
  const strength: Node = varyingProperty('float', 'vEdgeStrength')
  const opacity: Node = varyingProperty('float', 'vEdgeOpacity')
  const identity: Node = varyingProperty('vec3', 'vEdgeIdentity')
  const halo: Node = varyingProperty('float', 'vEdgeHalo')
  const tint: Node = varyingProperty('vec4', 'vEdgeTint')
  const offset: Node = varyingProperty('float', 'vEdgeOffset')

  const vertex = Fn(() => {
    const block: Node = entry.x.toVar()
    const table = (word: number): Node => buffers.blocks.element(block.mul(uint(3)).add(uint(word)))
    const shape: Node = table(0).toVar()
    const row: Node = entry.y.div(shape.y).toVar()
    const column: Node = entry.y.mod(shape.y).toVar()
    const ends: Node = table(2).toVar()
    const from: Node = ends.x.add(row.div(ends.z).mul(shape.y)).add(column).toVar()
    const to: Node = ends.y.add(row).toVar()

    // Zero and non-finite are told by bits: a shader may assume that all numbers are finite, and may flush the smallest.
    const bits: Node = buffers.gradients
      .element(shape.x.add(row.mul(shape.z)).add(column.mul(shape.w)))
      .bitAnd(uint(0x7fffffff))
      .toVar()
    const isZero: Node = bits.equal(uint(0))
    const nonFinite: Node = bits.greaterThanEqual(uint(0x7f800000))
    const range: Node = buffers.ranges.element(select(uniforms.global.equal(uint(1)), uniforms.blockCount, block)).toVar()
    const magnitude: Node = (uintBitsToFloat as Node)(bits.clamp(uint(0x00800000), uint(0x7f7fffff)))
    const measured: Node = clamp(
      log2(magnitude)
        .sub(range.x)
        .div(max(range.y.sub(range.x), 1e-6)),
      0,
      1,
    )
    const value: Node = select(nonFinite, float(1), select(isZero, float(0), measured)).toVar()
    const place: Node = uniforms.map.add(
      (
        uint(
          floor(
            value
              .mul(1 - darkestShown)
              .add(darkestShown)
              .mul(256),
          ),
        ) as Node
      ).min(uint(255)),
    )
    colour.assign(buffers.colours.element(select(nonFinite, uint(tableRows.nonFinite), select(isZero, uint(tableRows.zero), place))).xyz)
    strength.assign(value)
    const incident: Node = uniforms.neuron
      .equal(uint(0))
      .or(uniforms.neuron.equal(from.add(uint(1))))
      .or(uniforms.neuron.equal(to.add(uint(1))))
    opacity.assign(mix(uniforms.airiness, float(1), value).mul(select(incident, 1, 0.1)))
    tint.assign(vec4(colour.mul(opacity), opacity))
    halo.assign(smoothstep(glowFrom, 1, value).mul(uniforms.airiness.mul(purpose === 'emphasis' ? 0.6 : 0.3)))
    if (purpose === 'pick') identity.assign(vec3(float(block), float(row), float(column)))
    else offset.assign(fract(float(row).mul(0.618).add(float(column).mul(0.377))).mul(0.35))

    // A quad along the edge, from the surface of one neuron, or the end of a tile, to that of the other, a width in pixels that shrinks with distance.
    const a: Node = buffers.positions.element(from).toVar()
    const b: Node = buffers.positions.element(to).toVar()
    // Channels have no radius, but a tile's two ends.
    const leaves: Node = a.xyz.add(vec3(0, 0, max(a.w.negate(), 0))).toVar()
    const arrives: Node = b.xyz.sub(vec3(0, 0, max(b.w.negate(), 0))).toVar()
    const way: Node = normalize(arrives.sub(leaves)).toVar()
    const camera: Node = (cameraProjectionMatrix as Node).mul(cameraViewMatrix).toVar()
    const start: Node = camera.mul(vec4(leaves.add(way.mul(max(a.w, 0))), 1)).toVar()
    const end: Node = camera.mul(vec4(arrives.sub(way.mul(max(b.w, 0))), 1)).toVar()
    const { x: atEnd, y: side } = quadCorner()
    const position: Node = select(atEnd.greaterThan(0), end, start).toVar()
    const screenWay: Node = end.xy.div(end.w).sub(start.xy.div(start.w)).mul(uniforms.viewport)
    const direction: Node = normalize(screenWay.add(vec2(1e-6, 0))).toVar()
    const nearness: Node = clamp(uniforms.distance.div(position.w), 0.5, 1.8)
    const width: Node = mix(float(thinnest), float(widest), pow(value, 1.7))
      .mul(uniforms.airiness.mul(0.75).add(0.25))
      .add(purpose === 'emphasis' ? 2 : 0)
    half.assign(width.mul(0.5).mul(nearness).mul(uniforms.pixelRatio))
    const fixed = { still: null, moving: null, emphasis: glowReach, pick: pickReach }[purpose]
    const margin: Node = fixed !== null ? float(fixed) : select(value.greaterThan(glowFrom), uniforms.airiness.mul(glowReach), float(0))
    // Half a pixel more is where the smoothed border ends; every further one is a third more to shade.
    const reach: Node = half.add(margin.mul(uniforms.pixelRatio)).add(0.55)
    across.assign(reach.mul(side))
    along.assign(select(atEnd.greaterThan(0), 1, 0))
    depth.assign(select(atEnd.greaterThan(0), buffers.columns.element(to).y, buffers.columns.element(from).y))
    position.xy.addAssign(vec2(direction.y.negate(), direction.x).mul(reach.mul(side)).mul(2).div(uniforms.viewport).mul(position.w))
    return position
  })()

  if (purpose === 'pick') return pickMaterial(vertex, vec4(pickedEdge, identity))

  // 1 at the edge's border, 0 at the glow's reach: nearly a Gaussian, without its exponential.
  const glowAt = (distance: Node): Node => {
    const near: Node = clamp(float(1).sub(distance.sub(half).div(uniforms.pixelRatio.mul(uniforms.airiness).mul(glowReach))), 0, 1).toVar()
    return near.mul(near).mul(near)
  }

  if (purpose === 'still') {
    // Of the fewest interpolated values: they and the branches of what moves are most of a pixel's cost on a software adapter.
    const fragment = Fn(() => {
      const distance: Node = abs(across).toVar()
      const cover: Node = clamp(half.add(0.5).sub(distance), 0, 1).toVar()
      const lit: Node = cover.add(glowAt(distance).mul(halo).mul(float(1).sub(cover)))
      return vec4(tint.xyz.mul(lit), tint.w.mul(cover))
    })()
    return pictureMaterial(vertex, fragment)
  }

  const fragment = Fn(() => {
    const distance: Node = abs(across).toVar()
    const cover: Node = clamp(half.add(0.5).sub(distance), 0, 1).toVar()
    const light: Node = colour.toVar()
    if (purpose === 'emphasis') {
      // its own colour within a light border
      const border: Node = clamp(half.add(uniforms.pixelRatio.mul(borderWidth)).add(0.5).sub(distance), 0, 1)
      light.assign(mix(vec3(0.85), light, cover))
      cover.assign(border)
    }
    const visibility: Node = opacity.toVar()
    const glow: Node = glowAt(distance).mul(halo).toVar()

    // Gradients flow against the edge's direction, so does the pulse; neighbouring edges are not in step.
    If(uniforms.time.greaterThanEqual(0), () => {
      const near: Node = max(float(1).sub(abs(fract(along.add(uniforms.time.mul(0.45)).add(offset)).sub(0.5)).mul(6)), 0)
      const pulse: Node = square(near).mul(strength).mul(0.6).toVar()
      light.assign(mix(light, light.mul(1.25).add(vec3(0.1)), pulse))
      glow.mulAssign(pulse.add(1))
    })

    // A slowly played step: what the front has not reached is faint; forward shows the wires, backward the gradients.
    If(uniforms.direction.notEqual(0), () => {
      const forward: Node = uniforms.direction.greaterThan(0)
      const passed: Node = smoothstep(-0.12, 0.02, uniforms.front.sub(depth).mul(uniforms.direction))
      const front: Node = exp(square(depth.sub(uniforms.front).div(0.07)).negate())
      const wire = vec3(0.1, 0.16, 0.26)
      const shown: Node = select(forward, wire, mix(wire, light, passed))
      const frontLight: Node = select(forward, vec3(0.45, 0.75, 1), mix(light, vec3(1, 0.95, 0.85), 0.5))
      light.assign(mix(shown, frontLight, front.mul(0.85)))
      visibility.mulAssign(select(forward, mix(0.12, 0.5, passed), mix(0.3, 1, passed)).max(front))
      glow.mulAssign(select(forward, 0, passed))
    })
    // only around the edge: within, its colour is the legend's
    const lit: Node = cover.add(glow.mul(float(1).sub(cover)))
    return vec4(light.mul(lit), cover).mul(visibility)
  })()
  return pictureMaterial(vertex, fragment)
}
