import type * as THREE from 'three/webgpu'
import { Fn, dot, fract, length, mix, screenCoordinate, sin, smoothstep, vec2, vec3, vec4 } from 'three/tsl'
import { linearOf } from './colour.ts'
import { coveringVertex, pictureMaterial, pulledMesh, type Uniforms } from './picture.ts'
import type { Node } from './tsl.ts'

const linear = (r: number, g: number, b: number): Node => vec3(linearOf(r), linearOf(g), linearOf(b))

/** A dark ground, a little lighter in the middle; half a step of noise, fixed to the pixel, keeps it free of bands. */
export function backgroundMesh(uniforms: Uniforms): THREE.Mesh {
  const fragment = Fn(() => {
    const at: Node = (screenCoordinate as Node).xy
    const place: Node = at.div(uniforms.viewport).sub(vec2(0.5, 0.46)).mul(vec2(1, 0.9))
    const noise: Node = fract(sin(dot(at, vec2(12.9898, 78.233))).mul(43758.5453)).sub(0.5)
    const ground: Node = mix(linear(17, 20, 29), linear(5, 6, 10), smoothstep(0, 0.72, length(place)))
    return vec4(ground.mul(noise.mul(0.05).add(1)), 1)
  })()
  const material = pictureMaterial(coveringVertex(), fragment)
  material.depthTest = false
  return pulledMesh(material, 3, -1)
}
