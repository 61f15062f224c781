import type * as THREE from 'three/webgpu'
import {
  Discard,
  Fn,
  cameraProjectionMatrix,
  cameraViewMatrix,
  clamp,
  float,
  length,
  max,
  mix,
  select,
  smoothstep,
  uint,
  varyingProperty,
  vec2,
  vec3,
  vec4,
  vertexIndex,
} from 'three/tsl'
import { pickMaterial, pictureMaterial, pulledMesh, quadCorner, type Buffers, type Uniforms } from './picture.ts'
import { square, type Node } from './tsl.ts'
import { played, valueColour } from './value-colour.ts'

/** Of what is marked: red, green, blue. */
export const litColour = [0.11, 0.74, 0.61] as const

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
    colour.assign(valueColour(buffers, uniforms, uint(column.z), uint(column.x), column.y.equal(0)))
    depth.assign(column.y)
    identity.assign(vec2(column.x, float(neuron)))
    const isChannel: Node = buffers.positions.element(neuron).w.lessThan(0)
    // Channels are tiles: beyond what is drawn.
    return select(isChannel, vec4(0, 0, 2, 1), disc(buffers, uniforms, neuron, radius, offset, float(1.5)))
  })()

  if (purpose === 'pick') {
    const fragment = Fn(() => {
      Discard(length(offset).greaterThan(radius.add(1)))
      return vec4(pickedNeuron, identity, 0)
    })()
    const material = pickMaterial(vertex, fragment)
    material.depthWrite = true
    return pulledMesh(material, 6 * buffers.nodeCount, 1)
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

    return vec4(played(uniforms, shaded, depth), 1).mul(cover)
  })()
  const material = pictureMaterial(vertex, fragment)
  material.depthWrite = purpose === 'core'
  return pulledMesh(material, 6 * buffers.nodeCount, purpose === 'core' ? 1 : 1.2)
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

/** Rings around all neurons that are lit. */
export function litMesh(buffers: Buffers, uniforms: Uniforms): THREE.Mesh {
  const offset: Node = varyingProperty('vec2', 'vLitOffset')
  const radius: Node = varyingProperty('float', 'vLitRadius')
  const vertex = Fn(() => {
    const neuron: Node = (vertexIndex as Node).div(uint(6)).toVar()
    const isDark: Node = buffers.columns.element(neuron).w.lessThan(0.5).or(buffers.positions.element(neuron).w.lessThan(0))
    return select(isDark, vec4(0, 0, 2, 1), disc(buffers, uniforms, neuron, radius, offset, uniforms.pixelRatio.mul(6)))
  })()
  const fragment = Fn(() => {
    const fromRing: Node = length(offset)
      .sub(radius.add(uniforms.pixelRatio.mul(2)))
      .abs()
    return vec4(vec3(...litColour), 1).mul(clamp(uniforms.pixelRatio.mul(1).add(0.5).sub(fromRing), 0, 1))
  })()
  const material = pictureMaterial(vertex, fragment)
  material.depthTest = false
  return pulledMesh(material, 6 * buffers.nodeCount, 4)
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
