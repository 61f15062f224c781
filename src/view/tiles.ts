import type * as THREE from 'three/webgpu'
import {
  Fn,
  cameraProjectionMatrix,
  cameraViewMatrix,
  clamp,
  float,
  floor,
  fwidth,
  max,
  mix,
  select,
  uint,
  varyingProperty,
  vec2,
  vec3,
  vec4,
  vertexIndex,
} from 'three/tsl'
import { pickMaterial, pictureMaterial, pulledMesh, quadCorner, type Buffers, type Uniforms } from './picture.ts'
import type { Node } from './tsl.ts'
import { played, valueColour } from './value-colour.ts'

/** What `pick` finds in the first channel. */
export const pickedPixel = 3

/** Around a tile, a share of half its side. */
const frame = 0.05

/** All feature maps, a tile each, whose pixels have the colours of the chosen sample's values: looked up in the buffer where they lie. */
export function tileMesh(buffers: Buffers, uniforms: Uniforms, purpose: 'picture' | 'pick'): THREE.Mesh {
  const place: Node = varyingProperty('vec2', 'vTilePlace')
  // A tile's number, not what it says of it: interpolation would not leave a large number whole.
  const number: Node = varyingProperty('float', 'vTileNumber')
  const table = (tile: Node, row: number): Node => buffers.tiles.element(tile.mul(uint(3)).add(uint(row)))

  const vertex = Fn(() => {
    const tile: Node = (vertexIndex as Node).div(uint(6)).toVar()
    const { x, y } = quadCorner()
    const from: Node = vec2(float(x), float(y))
      .mul(purpose === 'pick' ? 1 : 1 + frame)
      .toVar()
    place.assign(from)
    number.assign(float(tile))
    const centre: Node = table(tile, 0).toVar()
    const [across, down]: [Node, Node] = [from.x.mul(centre.w), from.y.mul(table(tile, 1).x)]
    const lying = vec3(0, down.negate(), across)
    const upright = vec3(across, 0, down)
    const position: Node = centre.xyz.add(select(uniforms.upright.equal(uint(1)), upright, lying))
    return (cameraProjectionMatrix as Node).mul((cameraViewMatrix as Node).mul(vec4(position, 1)))
  })()

  /** The tile at hand, and the pixel's number in its column's row. */
  const pixelOf = () => {
    const tile: Node = uint(floor(number.add(0.5))).toVar()
    const about: Node = table(tile, 1).toVar()
    const image: Node = table(tile, 2).toVar()
    const at = (share: Node, size: Node): Node => uint(clamp(floor(share.mul(0.5).add(0.5).mul(size)), 0, size.sub(1)))
    const pixel: Node = at(place.y, image.w).mul(uint(image.z)).add(at(place.x, image.z)).mul(uint(image.y))
    return { about, value: uint(image.x).add(pixel).toVar() as Node }
  }

  if (purpose === 'pick') {
    const fragment = Fn(() => {
      const { about, value } = pixelOf()
      return vec4(pickedPixel, about.y, float(value), about.w)
    })()
    const material = pickMaterial(vertex, fragment)
    material.depthWrite = true
    return pulledMesh(material, 6 * buffers.tileCount, 1)
  }

  const fragment = Fn(() => {
    const { about, value } = pixelOf()
    const colour: Node = valueColour(buffers, uniforms, value, uint(about.y), about.z.equal(0))
    const emphasised: Node = uniforms.neuron.equal(uint(about.w).add(uint(1)))
    const outside: Node = max(place.x.abs(), place.y.abs())
    const inside: Node = clamp(
      float(1)
        .sub(outside)
        .div(max(fwidth(outside), 1e-6))
        .add(0.5),
      0,
      1,
    )
    const border: Node = select(emphasised, vec3(0.85), vec3(0.035, 0.045, 0.07))
    return vec4(played(uniforms, mix(border, colour, inside), about.z), 1)
  })()
  const material = pictureMaterial(vertex, fragment)
  material.depthWrite = true
  return pulledMesh(material, 6 * buffers.tileCount, 1)
}
