import { nodesOf, type Observation } from '../graph/observation.ts'
import type { EdgeQuantity } from './edge-quantity.ts'
import { edgeMatrices, type EdgeMatrices, type EdgeMatrix } from './edge-matrices.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'

/** What one workgroup of edge-range.wgsl sorts within a frame's time. */
export const maximumEdgesPerLayer = 2048

const blockWords = 12
const binsPerBlock = 2048
/** A thread of a pass over all edges takes at least so many: a thread costs a software adapter as much as several edges. */
const edgesPerThread = 32
const threads = 64

/** GPU buffers that say which edges are drawn and how; written by every `encode`. */
export interface EdgeBuffers {
  /** `EdgeBlock` of edge.wgsl for every block: 12 u32. */
  blocks: GPUBuffer
  /** (block, edge) as two u32, weakest first within a block; edge = row · columns + column. */
  visible: GPUBuffer
  /**
   * For every block, then for all: vec4f (log2 of the lower and upper percentile, zeros, non-finite edges shown); upper < lower: no edge to
   * measure. Behind these for each: vec4f (NaN, infinite, all edges shown).
   */
  ranges: GPUBuffer
  /** Arguments of an indirect draw, six vertices an edge. */
  indirect: GPUBuffer
  /** Where the edges' gradients lie: the engine's own buffer of all gradients, or one of filter norms beside it. */
  gradients: GPUBuffer
  /** At most so many edges are visible. */
  capacity: number
}

export interface EdgeOptions {
  /** What of the weights colours and ranks the edges. */
  quantity: EdgeQuantity
  /** Edges drawn per block at most; the strongest. */
  edgesPerLayer: number
  /** Percentiles of the drawn edges between which the colours run. */
  low: number
  high: number
}

/**
 * Chooses the edges to draw and their range of colours, on the GPU, from the numbers where they lie.
 *
 * A block with more than `edgesPerLayer` edges shows its strongest, found by a radix select over the digits of the rank of
 * edge.wgsl (11, 11 and 10 bits): never more than `edgesPerLayer`, fewer only where so many are equal in 21 bits that the
 * spread of their indices does not tell them apart. Equal gradients choose equal edges in equal order on any adapter.
 */
export class EdgeSelection {
  readonly buffers: EdgeBuffers
  readonly #stages: Stage[]
  readonly #owned: GPUBuffer[]
  readonly #matrices: EdgeMatrices

  constructor(device: GPUDevice, observation: Observation, options: EdgeOptions) {
    this.#matrices = edgeMatrices(device, observation, options.quantity)
    const { matrices: blocks, buffer: gradients } = this.#matrices
    const table = blockTable(blocks, observation, options.edgesPerLayer)
    const capacity = table.capacity
    const own = (label: string, content: number | Uint32Array<ArrayBuffer>, usage = 0) => {
      const buffer = storageBuffer(device, `inspect ${label}`, content, usage)
      this.#owned.push(buffer)
      return buffer
    }
    this.#owned = []
    const blockBuffer = own('blocks', table.words)
    const cuts = own('cuts', 8 * Math.max(1, blocks.length))
    const bins = own('bins', 4 * binsPerBlock * Math.max(1, table.selecting))
    const counts = own('candidate counts', 4 * blocks.length)
    const candidates = own('candidates', 8 * Math.max(1, capacity))
    const visible = own('visible edges', 8 * Math.max(1, capacity))
    const ranges = own('edge ranges', 32 * (blocks.length + 1))
    const indirect = own('edge draw', 16, GPUBufferUsage.INDIRECT)
    this.buffers = { blocks: blockBuffer, visible, ranges, indirect, gradients, capacity }

    // Only where some block needs it: a division for every edge is half of a software adapter's time here.
    const defines = { STRIDED: !blocks.every((matrix) => liesTogether(matrix, gradients)) }
    const groups = Math.min(1024, Math.ceil(table.largest / (edgesPerThread * threads)))
    const permille = (share: number) => Math.round(1000 * share)
    const stages: Stage[] = [...this.#matrices.stages]
    for (const digit of table.selecting ? [0, 1, 2] : [0]) {
      if (table.selecting)
        stages.push(
          createStage(device, {
            shader: 'edge-histogram',
            defines,
            access: ['read', 'read', 'read', 'write'],
            buffers: [blockBuffer, gradients, cuts, bins],
            constants: { digit },
            workgroups: [groups, blocks.length, 1],
          }),
        )
      stages.push(
        createStage(device, {
          shader: 'edge-select',
          access: ['read', 'write', 'write', 'write'],
          buffers: [blockBuffer, cuts, bins, counts],
          constants: { digit },
          workgroups: [blocks.length, 1, 1],
        }),
      )
    }
    stages.push(
      createStage(device, {
        shader: 'edge-gather',
        defines,
        access: ['read', 'read', 'read', 'write', 'write'],
        buffers: [blockBuffer, gradients, cuts, counts, candidates],
        workgroups: [groups, blocks.length, 1],
      }),
      createStage(device, {
        shader: 'edge-range',
        defines,
        access: ['read', 'read', 'write', 'write', 'write'],
        buffers: [blockBuffer, counts, candidates, visible, ranges],
        constants: { lowPermille: permille(options.low), highPermille: permille(options.high) },
        workgroups: [blocks.length, 1, 1],
      }),
      createStage(device, {
        shader: 'edge-draw',
        defines,
        access: ['read', 'read', 'write', 'write'],
        buffers: [blockBuffer, counts, ranges, indirect],
        workgroups: [1, 1, 1],
      }),
    )
    this.#stages = blocks.length > 0 ? stages : []
  }

  async compile() {
    await Promise.all(this.#stages.map((stage) => stage.compile()))
  }

  encode(pass: GPUComputePassEncoder) {
    for (const stage of this.#stages) stage.encode(pass)
  }

  destroy() {
    for (const buffer of this.#owned) buffer.destroy()
    this.#matrices.destroy()
  }
}

/** Row by row without gaps, from a multiple of 16 bytes on, so that four numbers can be read at once. */
function liesTogether({ first, rows, columns, strides }: EdgeMatrix, buffer: GPUBuffer): boolean {
  const end = first + rows * columns
  return strides[1] === 1 && strides[0] === columns && first % 4 === 0 && Math.ceil(end / 4) * 16 <= buffer.size
}

function blockTable(matrices: readonly EdgeMatrix[], { columns }: Observation, edgesPerLayer: number) {
  const words = new Uint32Array(blockWords * Math.max(1, matrices.length))
  let nodes = 0
  const firstNode = columns.map((column) => {
    const first = nodes
    nodes += nodesOf(column)
    return first
  })
  let capacity = 0
  let selecting = 0
  let largest = 0
  matrices.forEach(({ first, rows, columns: width, strides, groupRows, from, to }, i) => {
    const count = rows * width
    const shown = Math.min(count, edgesPerLayer)
    const firstBin = count > shown ? binsPerBlock * selecting++ : 0
    words.set([first, width, ...strides, count, shown, capacity, firstBin, firstNode[from]!, firstNode[to]!, groupRows, 0], blockWords * i)
    capacity += shown
    largest = Math.max(largest, count)
  })
  return { words, capacity, selecting, largest }
}
