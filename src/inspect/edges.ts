import { InputError } from '../errors.ts'
import type { Observation, ObservedBlock } from '../graph/observation.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'

/** What edge-range.wgsl sorts in workgroup memory at once. */
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
  /** For every block, then for all: vec4f (log2 of the lower and upper percentile, zeros, non-finite edges shown); upper < lower: no edge to measure. */
  ranges: GPUBuffer
  /** Arguments of an indirect draw, six vertices an edge. */
  indirect: GPUBuffer
  /** The buffer of all gradients, the engine's own. */
  gradients: GPUBuffer
  /** At most so many edges are visible. */
  capacity: number
}

export interface EdgeOptions {
  /** Edges drawn per block at most; the strongest. */
  edgesPerLayer: number
  /** Percentiles of the drawn edges between which the colours run. */
  low: number
  high: number
}

/**
 * Chooses the edges to draw and their range of colours, on the GPU, from the gradients where they lie.
 *
 * A block with more than `edgesPerLayer` edges shows its strongest, found by a radix select over the digits of the rank of
 * edge.wgsl (11, 11 and 10 bits): never more than `edgesPerLayer`, fewer only where so many are equal in 21 bits that the
 * spread of their indices does not tell them apart. Equal gradients choose equal edges in equal order on any adapter.
 */
export class EdgeSelection {
  readonly buffers: EdgeBuffers
  readonly #stages: Stage[]
  readonly #owned: GPUBuffer[]

  constructor(device: GPUDevice, observation: Observation, options: EdgeOptions) {
    const { blocks } = observation
    const gradients = commonBuffer(blocks)
    const table = blockTable(observation, options.edgesPerLayer)
    const capacity = table.capacity
    const own = (label: string, content: number | Uint32Array<ArrayBuffer>, usage = 0) => {
      const buffer = storageBuffer(device, `inspect ${label}`, content, usage)
      this.#owned.push(buffer)
      return buffer
    }
    this.#owned = []
    const blockBuffer = own('blocks', table.words)
    const cuts = own('cuts', 8 * blocks.length)
    const bins = own('bins', 4 * binsPerBlock * Math.max(1, table.selecting))
    const counts = own('candidate counts', 4 * blocks.length)
    const candidates = own('candidates', 8 * capacity)
    const visible = own('visible edges', 8 * capacity)
    const ranges = own('edge ranges', 16 * (blocks.length + 1))
    const indirect = own('edge draw', 16, GPUBufferUsage.INDIRECT)
    this.buffers = { blocks: blockBuffer, visible, ranges, indirect, gradients, capacity }

    // Only where some block needs it: a division for every edge is half of a software adapter's time here.
    const defines = { STRIDED: !blocks.every(liesTogether) }
    const groups = Math.min(1024, Math.ceil(table.largest / (edgesPerThread * threads)))
    const permille = (share: number) => Math.round(1000 * share)
    const stages: Stage[] = []
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
        access: ['read', 'read', 'read', 'write', 'write'],
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
    this.#stages = stages
  }

  async compile() {
    await Promise.all(this.#stages.map((stage) => stage.compile()))
  }

  encode(pass: GPUComputePassEncoder) {
    for (const stage of this.#stages) stage.encode(pass)
  }

  destroy() {
    for (const buffer of this.#owned) buffer.destroy()
  }
}

/** Row by row without gaps, from a multiple of 16 bytes on, so that four numbers can be read at once. */
function liesTogether({ gradient: { buffer, offset, shape, strides } }: ObservedBlock): boolean {
  const end = offset + 4 * shape[0]! * shape[1]!
  return strides[1] === 1 && strides[0] === shape[1] && offset % 16 === 0 && Math.ceil(end / 16) * 16 <= buffer.size
}

function commonBuffer(blocks: readonly ObservedBlock[]): GPUBuffer {
  const [first, ...others] = blocks
  if (!first)
    throw new InputError('The observation has no weight matrix, so there is no gradient to show; expected at least one dense layer.')
  const stray = others.find((block) => block.gradient.buffer !== first.gradient.buffer)
  if (stray)
    throw new InputError(
      `The gradient of ${stray.path} lies in another buffer than that of ${first.path}; expected all gradients in one buffer.`,
    )
  return first.gradient.buffer
}

function blockTable({ blocks, columns }: Observation, edgesPerLayer: number) {
  const words = new Uint32Array(blockWords * blocks.length)
  const firstNeuron = columns.map((_, i) => columns.slice(0, i).reduce((sum, column) => sum + column.width, 0))
  let capacity = 0
  let selecting = 0
  let largest = 0
  blocks.forEach((block, i) => {
    const { shape, strides, offset } = block.gradient
    const [rows = 0, width = 0] = shape
    const [rowStride = 0, columnStride = 0] = strides
    const [from, to] = [columns[block.from], columns[block.to]]
    if (shape.length !== 2 || from?.width !== width || to?.width !== rows)
      throw new InputError(
        `The gradient of ${block.path} has shape [${shape.join(', ')}]; its columns have ${to?.width ?? 'no'} and ${from?.width ?? 'no'} neurons.`,
      )
    const count = rows * width
    const shown = Math.min(count, edgesPerLayer)
    const firstBin = count > shown ? binsPerBlock * selecting++ : 0
    words.set(
      [
        offset / 4,
        width,
        rowStride,
        columnStride,
        count,
        shown,
        capacity,
        firstBin,
        firstNeuron[block.from]!,
        firstNeuron[block.to]!,
        0,
        0,
      ],
      blockWords * i,
    )
    capacity += shown
    largest = Math.max(largest, count)
  })
  return { words, capacity, selecting, largest }
}
