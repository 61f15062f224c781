import type * as THREE from 'three/webgpu'
import {
  Discard,
  Fn,
  abs,
  cameraProjectionMatrix,
  cameraViewMatrix,
  clamp,
  exp,
  float,
  floor,
  length,
  log2,
  max,
  mix,
  select,
  smoothstep,
  uint,
  uintBitsToFloat,
  varyingProperty,
  vec2,
  vec3,
  vec4,
  vertexIndex,
} from 'three/tsl'
import { tableRows, weakestShown } from './colour.ts'
import { pickMaterial, pictureMaterial, pulledMesh, quadCorner, type Buffers, type Uniforms } from './picture.ts'
import { square, type Node } from './tsl.ts'

/** What `pick` finds in the first channel. */
export const pickedNeuron = 2

/**
 * All neurons as discs that look like spheres, coloured by their values. The core writes depth, so that edges pass before and
 * behind; the rim, smoothed against what is behind it, does not: edges would leave it dark.
 */
export function neuronMesh(buffers: Buffers, uniforms: Uniforms, purpose: 'core' | 'rim' | 'pick'): THREE.Mesh {
  const offset: Node = varyingProperty('vec2', 'vNeuronOffset')
  const radius: Node = varyingProperty('float', 'vNeuronRadius')
  const colour: Node = varyingProperty('vec3', 'vNeuronColour')
  const depth: Node = varyingProperty('float', 'vNeuronDepth')
  const identity: Node = varyingProperty('vec2', 'vNeuronIdentity')

  const vertex = Fn(() => {
    const neuron: Node = (vertexIndex as Node).div(uint(6)).toVar()
    const column: Node = buffers.columns.element(neuron).toVar()
    const bits: Node = buffers.values.element(neuron.add(uniforms.kind.mul(uint(buffers.neuronCount)))).toVar()
    const nonFinite: Node = bits.bitAnd(uint(0x7fffffff)).greaterThanEqual(uint(0x7f800000))
    const scaleOf: Node = select(uniforms.global.equal(uint(1)), uint(buffers.columnCount), uint(column.x))
    const range: Node = max(buffers.scales.element(uniforms.kind.mul(uint(buffers.columnCount + 1)).add(scaleOf)), 1.2e-38).toVar()
    const value: Node = (uintBitsToFloat as Node)(select(nonFinite, uint(0), bits)).toVar()
    const gradient: Node = uniforms.kind.equal(uint(1)).toVar()
    // Activations on a linear scale; gradients, like those of the edges, on a logarithmic one.
    const below: Node = log2(range.x.div(max(abs(value), 1.2e-38))).div(max(log2(range.x.div(range.y)), 1e-3))
    const strength: Node = clamp(float(1).sub(below), 0, 1)
      .mul(1 - weakestShown)
      .add(weakestShown)
    const share: Node = select(gradient, strength.mul(select(value.lessThan(0), -1, 1)), clamp(value.div(range.x), -1, 1))
    // The input has no gradient: the middle of the map.
    const isInput: Node = column.y.equal(0)
    const isZero: Node = bits.bitAnd(uint(0x7fffffff)).equal(uint(0))
    const shown: Node = select(gradient.and(isInput), float(0), share)
    const place: Node = (uint(floor(shown.mul(0.5).add(0.5).mul(256))) as Node).min(uint(255)).add(uint(tableRows.diverging))
    const finite: Node = select(gradient.and(isZero).and(isInput.not()), uint(tableRows.zero), place)
    colour.assign(buffers.colours.element(select(nonFinite, uint(tableRows.nonFinite), finite)).xyz)
    depth.assign(column.y)
    identity.assign(vec2(column.x, float(neuron)))
    return disc(buffers, uniforms, neuron, radius, offset, float(1.5))
  })()

  if (purpose === 'pick') {
    const fragment = Fn(() => {
      Discard(length(offset).greaterThan(radius.add(1)))
      return vec4(pickedNeuron, identity, 0)
    })()
    const material = pickMaterial(vertex, fragment)
    material.depthWrite = true
    return pulledMesh(material, 6 * buffers.neuronCount, 1)
  }

  const fragment = Fn(() => {
    const distance: Node = length(offset).toVar()
    const cover: Node = clamp(radius.add(0.5).sub(distance), 0, 1).toVar()
    Discard(purpose === 'core' ? cover.lessThan(1) : cover.greaterThanEqual(1).or(cover.lessThan(0.02)))
    const rim: Node = clamp(distance.div(radius), 0, 1)
    const large: Node = smoothstep(2.5, 9, radius.div(uniforms.pixelRatio))
    const shaded: Node = colour.mul(float(1).sub(square(rim).mul(mix(0.25, 0.6, large)))).toVar()
    const line: Node = smoothstep(radius.sub(uniforms.pixelRatio.mul(1.8)), radius.sub(uniforms.pixelRatio.mul(0.6)), distance)
    shaded.assign(mix(shaded, mix(colour, vec3(0.32, 0.38, 0.5), 0.55), line.mul(large).mul(0.75)))

    // In a slowly played step a layer lights up as the front passes.
    const reached: Node = smoothstep(-0.35, 0, uniforms.front.sub(depth))
    const front: Node = exp(square(depth.sub(uniforms.front).div(0.16)).negate()).mul(0.35)
    const light: Node = select(uniforms.direction.greaterThan(0), mix(0.22, 1, reached), float(1))
    const played: Node = shaded.mul(light).add(vec3(front))
    return vec4(select(uniforms.direction.equal(0), shaded, played) as Node, 1).mul(cover)
  })()
  const material = pictureMaterial(vertex, fragment)
  material.depthWrite = purpose === 'core'
  return pulledMesh(material, 6 * buffers.neuronCount, purpose === 'core' ? 1 : 1.2)
}

/** A ring around the emphasised neuron. */
export function ringMesh(buffers: Buffers, uniforms: Uniforms): THREE.Mesh {
  const offset: Node = varyingProperty('vec2', 'vRingOffset')
  const radius: Node = varyingProperty('float', 'vRingRadius')
  const vertex = Fn(() => disc(buffers, uniforms, uniforms.neuron.max(uint(1)).sub(uint(1)), radius, offset, uniforms.pixelRatio.mul(6)))()
  const fragment = Fn(() => {
    const fromRing: Node = length(offset)
      .sub(radius.add(uniforms.pixelRatio.mul(2.5)))
      .abs()
    return vec4(clamp(uniforms.pixelRatio.mul(0.7).add(0.5).sub(fromRing), 0, 1)).mul(0.9)
  })()
  const material = pictureMaterial(vertex, fragment)
  material.depthTest = false
  return pulledMesh(material, 6, 5)
}

/** A quad on the screen around a neuron, `margin` pixels larger; sets the neuron's radius in pixels and the place in it. */
function disc(buffers: Buffers, uniforms: Uniforms, neuron: Node, radius: Node, offset: Node, margin: Node): Node {
  const place: Node = buffers.positions.element(neuron).toVar()
  const position: Node = (cameraProjectionMatrix as Node).mul((cameraViewMatrix as Node).mul(vec4(place.xyz, 1))).toVar()
  const { x, y } = quadCorner()
  radius.assign(
    max(
      place.w
        .mul((cameraProjectionMatrix as Node).element(1).y)
        .mul(uniforms.viewport.y)
        .mul(0.5)
        .div(position.w),
      uniforms.pixelRatio.mul(1.2),
    ),
  )
  offset.assign(vec2(float(x), float(y)).mul(radius.add(margin)))
  position.xy.addAssign(offset.mul(2).div(uniforms.viewport).mul(position.w))
  return position
}
