import { wrongAt } from '../errors.ts'
import { shapeText } from '../model/shape.ts'
import { nodesOf, type Observation, type ObservedBlock } from '../graph/observation.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'

const blockWords = 12
const filtersPerThread = 4
const threads = 64

/** The gradients of the edges between two columns: one number an edge, row by row `[out, in]`, or `[out, in / groups]` where output nodes are in groups. */
export interface EdgeMatrix {
  path: string
  from: number
  to: number
  /** First number in the buffer and strides, in numbers. */
  first: number
  rows: number
  columns: number
  strides: readonly [row: number, column: number]
  /** Rows of a group: those of group g join the columns `g · columns` … of what comes in. */
  groupRows: number
}

/** Where the edges' gradients lie, and what has to run before they are read. */
export interface EdgeMatrices {
  matrices: EdgeMatrix[]
  buffer: GPUBuffer
  stages: Stage[]
  destroy(): void
}

/**
 * One number for every edge. A network of matrices has them in the engine's own buffer of gradients; where there are convolutions, whose edges are the
 * norms of their filters' gradients, all go to a buffer of their own.
 */
export function edgeMatrices(device: GPUDevice, observation: Observation): EdgeMatrices {
  const { blocks } = observation
  for (const block of blocks) checkNodes(observation, block)
  const gradients = commonBuffer(observation)
  if (!gradients) {
    const buffer = storageBuffer(device, 'inspect no gradients', 16)
    return { matrices: [], buffer, stages: [], destroy: () => buffer.destroy() }
  }
  if (blocks.every(({ groups }) => groups === undefined)) {
    const matrices = blocks.map(({ path, from, to, gradient: { shape, strides, offset } }): EdgeMatrix => {
      const [rows, columns] = shape as [number, number]
      return { path, from, to, first: offset / 4, rows, columns, strides: [strides[0]!, strides[1]!], groupRows: rows }
    })
    return { matrices, buffer: gradients, stages: [], destroy() {} }
  }
  return filterNorms(device, blocks, gradients)
}

function filterNorms(device: GPUDevice, blocks: readonly ObservedBlock[], gradients: GPUBuffer): EdgeMatrices {
  const words = new Uint32Array(blockWords * blocks.length)
  let size = 0
  const matrices = blocks.map(({ path, from, to, gradient, groups = 1 }, i): EdgeMatrix => {
    const [rows = 0, columns = 0, height = 1, width = 1] = gradient.shape
    const [out = 0, within = 0, y = 0, x = 0] = gradient.strides
    words.set([gradient.offset / 4, columns, out, within, y, x, width, height * width, rows * columns, size], blockWords * i)
    const first = size
    // From a multiple of four on: edges are read four at a time.
    size += Math.ceil((rows * columns) / 4) * 4
    return { path, from, to, first, rows, columns, strides: [columns, 1], groupRows: rows / groups }
  })
  const table = storageBuffer(device, 'inspect filters', words)
  const buffer = storageBuffer(device, 'inspect filter norms', 4 * size)
  const largest = Math.max(...matrices.map(({ rows, columns }) => rows * columns))
  const stage = createStage(device, {
    shader: 'filter-norms',
    access: ['read', 'read', 'write'],
    buffers: [table, gradients, buffer],
    workgroups: [Math.min(1024, Math.ceil(largest / (filtersPerThread * threads))), blocks.length, 1],
  })
  return {
    matrices,
    buffer,
    stages: [stage],
    destroy() {
      table.destroy()
      buffer.destroy()
    },
  }
}

function checkNodes({ columns }: Observation, { path, from, to, gradient: { shape }, groups }: ObservedBlock) {
  const [rows, width = 0] = shape
  const [into, outOf] = [columns[from], columns[to]]
  const isMatrix = groups === undefined
  const joins = outOf && into && nodesOf(outOf) === rows && nodesOf(into) === width * (groups ?? 1)
  if (joins && shape.length === (isMatrix ? 2 : 4)) return
  const nodes = (column: typeof into) => (column ? nodesOf(column) : 0)
  throw wrongAt(path, 'inspect.nodes', { shape: shapeText(shape), from: nodes(outOf), to: nodes(into), isImages: !isMatrix })
}

/** Undefined where no weights are shown: the network has none but those of norms, or all are folded away. */
function commonBuffer({ blocks }: Observation): GPUBuffer | undefined {
  const [first, ...others] = blocks
  if (!first) return undefined
  const stray = others.find((block) => block.gradient.buffer !== first.gradient.buffer)
  if (stray) throw wrongAt(stray.path, 'inspect.buffers', { first: { path: first.path } })
  return first.gradient.buffer
}
