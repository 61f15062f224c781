import * as THREE from 'three/webgpu'
import { storage, uniform, vec4, vertexIndex, select, uint, Fn } from 'three/tsl'
import { nodesOf } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { firstPathNorm } from '../inspect/path-norms.ts'
import { colourTableLinear, tableRows } from './colour.ts'
import { externalBuffer, type External } from './external.ts'
import type { Arrangement, CollapsibleObservation } from './arrangement.ts'
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
    /** 1 where the network runs downwards. */
    upright: uniform(0, 'uint') as Node,
    /** Emphasised node (neuron or channel) + 1, or 0; likewise of the branches of containers. */
    path: uniform(0, 'uint') as Node,
    neuron: uniform(0, 'uint') as Node,
    /** Emphasised edge. */
    block: uniform(0, 'uint') as Node,
    edge: uniform(0, 'uint') as Node,
    /** Sizes of the network shown. Not constants of the shaders: all networks share their pipelines. */
    blockCount: uniform(0, 'uint') as Node,
    columnCount: uniform(0, 'uint') as Node,
    valueCount: uniform(0, 'uint') as Node,
  }
}
export type Uniforms = ReturnType<typeof createUniforms>

/** A network's buffers as the shaders read them. */
export interface Buffers {
  colours: Node
  /** x, y, z, radius. */
  positions: Node
  /** Of each node: its column, the column's depth, its place in `values`, 1 where it is lit. */
  columns: Node
  /** Three for each tile: centre and half its width; half its height, column, depth, node; its first value, channels, width and height. */
  tiles: Node
  /** Three for each strand: start and the place of its norm, control point, end. */
  strands: Node
  /** Range of the strands, as log2, then the norm of each branch. */
  pathNorms: Node
  values: Node
  scales: Node
  blocks: Node
  visible: Node
  ranges: Node
  gradients: Node
  indirect: THREE.IndirectStorageBufferAttribute
  nodeCount: number
  valueCount: number
  tileCount: number
  strandCount: number
  columnCount: number
  blockCount: number
  capacity: number
  depth: number
  /** The arrangement has changed. */
  place(arrangement: Arrangement): void
  /** Lights these nodes, and no others. */
  light(nodes: readonly number[]): void
  /** Gives the engine's buffers back, before three disposes of what refers to them, and frees the others. */
  release(): void
}

export function createBuffers(
  renderer: THREE.WebGPURenderer,
  { columns, blocks, containers }: CollapsibleObservation,
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
  const own = (array: Float32Array, type: 'vec4', size: number) => {
    const attribute = new THREE.StorageBufferAttribute(array, size)
    owned.push(attribute)
    return { attribute, node: (storage(attribute, type, array.length / size) as Node).toReadOnly() as Node }
  }
  const { edges, paths } = inspector
  const positions = own(arrangement.nodes, 'vec4', 4)
  const nodeCount = arrangement.nodes.length / 4
  const columnOf = new Float32Array(4 * nodeCount)
  columns.forEach((column, i) => {
    const [node, value] = [neurons.nodeFirsts[i]!, neurons.firsts[i]!]
    for (let k = 0; k < nodesOf(column); k++) columnOf.set([i, arrangement.places[i]!.depth, value + k, 0], 4 * (node + k))
  })
  const ofNodes = own(columnOf, 'vec4', 4)
  const tileWords = ({ tiles, places }: Arrangement) =>
    tiles.flatMap(({ column, channel, node, centre: { x, y, z }, halfWidth, halfHeight }) => {
      const [channels = 0, height = 0, width = 0] = columns[column]!.shape
      return [
        x,
        y,
        z,
        halfWidth,
        halfHeight,
        column,
        places[column]!.depth,
        node,
        neurons.firsts[column]! + channel,
        channels,
        width,
        height,
      ]
    })
  const strandWords = ({ strands }: Arrangement) =>
    strands.flatMap(({ container, branch, start, control, end }) => {
      const norm = paths.branches.findIndex((path) => path.container === container && path.branch === branch)
      return [
        start.x,
        start.y,
        start.z,
        firstPathNorm + norm,
        control.x,
        control.y,
        control.z,
        containers[container]!.from,
        end.x,
        end.y,
        end.z,
        0,
      ]
    })
  // A binding cannot be empty.
  const tiles = own(Float32Array.from([...tileWords(arrangement), ...Array(4).fill(0)]), 'vec4', 4)
  const strands = own(Float32Array.from([...strandWords(arrangement), ...Array(4).fill(0)]), 'vec4', 4)
  return {
    colours: own(colourTableLinear(), 'vec4', 4).node,
    positions: positions.node,
    columns: ofNodes.node,
    tiles: tiles.node,
    strands: strands.node,
    pathNorms: external(paths.norms, 'uint').node,
    values: external(neurons.values, 'uint').node,
    scales: external(neurons.scales, 'vec2').node,
    blocks: external(edges.blocks, 'uvec4').node,
    visible: external(edges.visible, 'uvec2').node,
    ranges: external(edges.ranges, 'vec4').node,
    gradients: external(edges.gradients, 'uint').node,
    indirect: external(edges.indirect, 'uint', true).attribute,
    nodeCount,
    valueCount: neurons.count,
    tileCount: arrangement.tiles.length,
    strandCount: arrangement.strands.length,
    columnCount: columns.length,
    blockCount: blocks.length,
    capacity: edges.capacity,
    depth: arrangement.depth,
    place(next) {
      for (const [{ attribute }, numbers] of [
        [positions, next.nodes],
        [tiles, tileWords(next)],
        [strands, strandWords(next)],
      ] as const) {
        attribute.array.set(numbers)
        attribute.needsUpdate = true
      }
    },
    light(nodes) {
      for (let node = 0; node < nodeCount; node++) columnOf[4 * node + 3] = 0
      for (const node of nodes) columnOf[4 * node + 3] = 1
      ofNodes.attribute.needsUpdate = true
    },
    release() {
      for (const one of externals) one.release()
      for (const attribute of owned) attribute.dispose()
    },
  }
}

/** A mesh without vertex buffers, `vertices` of them. It must have some: browsers warn of a draw of none. */
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
  // Else three draws what is transparent and has two sides twice, by two pipelines, and out of its order.
  material.forceSinglePass = true
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
