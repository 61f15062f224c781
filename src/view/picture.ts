import * as THREE from 'three/webgpu'
import { storage, uniform, vec4, vertexIndex, select, uint, Fn } from 'three/tsl'
import type { Observation } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { colourTableLinear, tableRows } from './colour.ts'
import { externalBuffer, type External } from './external.ts'
import type { Arrangement } from './layout.ts'
import type { NeuronValues } from './neuron-values.ts'
import type { Node } from './tsl.ts'

/** What the shaders are told each frame. */
export function createUniforms() {
  return {
    /** Width and height of the target, in its pixels. */
    viewport: uniform(new THREE.Vector2(1, 1)) as Node,
    pixelRatio: uniform(1) as Node,
    /** Distance from which the whole network is seen: line widths are meant for there. */
    distance: uniform(1) as Node,
    global: uniform(0, 'uint') as Node,
    /** First row of the colour table. */
    map: uniform(tableRows.inferno, 'uint') as Node,
    /** 0 activations, 1 ∂L/∂activations. */
    kind: uniform(0, 'uint') as Node,
    /** Opacity of the weakest edges and share of all widths: less than 1 where there are many. */
    airiness: uniform(1) as Node,
    /** Seconds, while pulses run; negative otherwise. */
    time: uniform(-1) as Node,
    /** Depth that a slowly played step has reached; direction +1 forward, −1 backward, 0 not played. */
    front: uniform(0) as Node,
    direction: uniform(0) as Node,
    /** Emphasised neuron + 1, or 0. */
    neuron: uniform(0, 'uint') as Node,
    /** Emphasised edge. */
    block: uniform(0, 'uint') as Node,
    edge: uniform(0, 'uint') as Node,
  }
}
export type Uniforms = ReturnType<typeof createUniforms>

/** A network's buffers as the shaders read them. */
export interface Buffers {
  colours: Node
  /** x, y, z, radius. */
  positions: Node
  /** Column, depth of the column. */
  columns: Node
  values: Node
  scales: Node
  blocks: Node
  visible: Node
  ranges: Node
  gradients: Node
  indirect: THREE.IndirectStorageBufferAttribute
  neuronCount: number
  columnCount: number
  blockCount: number
  capacity: number
  depth: number
  /** The arrangement has changed. */
  place(arrangement: Arrangement): void
  /** Gives the engine's buffers back, before three disposes of what refers to them, and frees the others. */
  release(): void
}

export function createBuffers(
  renderer: THREE.WebGPURenderer,
  { columns, blocks }: Observation,
  inspector: Inspector,
  neurons: NeuronValues,
  arrangement: Arrangement,
): Buffers {
  const externals: External[] = []
  const external = (buffer: GPUBuffer, type: Parameters<typeof externalBuffer>[2], indirect = false) => {
    const result = externalBuffer(renderer, buffer, type, indirect)
    externals.push(result)
    return result
  }
  const owned: THREE.StorageBufferAttribute[] = []
  const own = (array: Float32Array, type: 'vec2' | 'vec4', size: number) => {
    const attribute = new THREE.StorageBufferAttribute(array, size)
    owned.push(attribute)
    return { attribute, node: (storage(attribute, type, array.length / size) as Node).toReadOnly() as Node }
  }
  const { edges } = inspector
  const positions = own(arrangement.neurons, 'vec4', 4)
  const columnOf = new Float32Array(2 * neurons.count)
  columns.forEach(({ width }, column) => {
    for (let k = 0; k < width; k++) columnOf.set([column, arrangement.places[column]!.depth], 2 * (neurons.firsts[column]! + k))
  })
  return {
    colours: own(colourTableLinear(), 'vec4', 4).node,
    positions: positions.node,
    columns: own(columnOf, 'vec2', 2).node,
    values: external(neurons.values, 'uint').node,
    scales: external(neurons.scales, 'vec2').node,
    blocks: external(edges.blocks, 'uvec4').node,
    visible: external(edges.visible, 'uvec2').node,
    ranges: external(edges.ranges, 'vec4').node,
    gradients: external(edges.gradients, 'uint').node,
    indirect: external(edges.indirect, 'uint', true).attribute,
    neuronCount: neurons.count,
    columnCount: columns.length,
    blockCount: blocks.length,
    capacity: edges.capacity,
    depth: arrangement.depth,
    place(next) {
      positions.attribute.array.set(next.neurons)
      positions.attribute.needsUpdate = true
    },
    release() {
      for (const one of externals) one.release()
      for (const attribute of owned) attribute.dispose()
    },
  }
}

/** A mesh without vertex buffers, `vertices` of them. */
export function pulledMesh(material: THREE.NodeMaterial, vertices: number, renderOrder: number): THREE.Mesh {
  const geometry = new THREE.BufferGeometry()
  geometry.setDrawRange(0, vertices)
  const mesh = new THREE.Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.renderOrder = renderOrder
  return mesh
}

/** Settings of every material here: colours as they are, premultiplied (an opacity of 0 adds light). */
export function pictureMaterial(vertex: Node, fragment: Node): THREE.NodeMaterial {
  const material = new THREE.MeshBasicNodeMaterial()
  material.vertexNode = vertex
  material.fragmentNode = fragment
  material.side = THREE.DoubleSide
  material.fog = false
  material.toneMapped = false
  material.transparent = true
  material.depthWrite = false
  material.blending = THREE.CustomBlending
  material.blendEquation = THREE.AddEquation
  material.blendSrc = THREE.OneFactor
  material.blendDst = THREE.OneMinusSrcAlphaFactor
  return material
}

/** The same without blending, for numbers instead of colours. */
export function pickMaterial(vertex: Node, fragment: Node): THREE.NodeMaterial {
  const material = pictureMaterial(vertex, fragment)
  material.transparent = false
  material.blending = THREE.NoBlending
  return material
}

/** The corners of a quad's two triangles: x and y each −1 or 1. */
export function quadCorner(): { x: Node; y: Node } {
  const corner: Node = (vertexIndex as Node).mod(uint(6))
  return {
    x: select(corner.equal(uint(1)).or(corner.greaterThanEqual(uint(4))), 1, -1),
    y: select(
      corner
        .equal(uint(2))
        .or(corner.equal(uint(3)))
        .or(corner.equal(uint(5))),
      1,
      -1,
    ),
  }
}

/** A triangle that covers the target. */
export function coveringVertex(): Node {
  return Fn(() => vec4(select((vertexIndex as Node).equal(uint(1)), 3, -1), select((vertexIndex as Node).equal(uint(2)), 3, -1), 0, 1))()
}
