import { wrongAt } from '../errors.ts'
import { shapeText } from '../model/shape.ts'
import { nodesOf, type Observation, type ObservedBlock, type TensorView } from '../graph/observation.ts'
import { edgeQuantities, type EdgeQuantity } from './edge-quantity.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'

const blockWords = 12
const filtersPerThread = 4
const threads = 64

/** A quantity of the edges between two columns, as their gradients: one number an edge, row by row `[out, in]`, or `[out, in / groups]` where output nodes are in groups. */
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

/** A block with the tensor whose numbers its edges have. */
type EdgeBlock = ObservedBlock & { tensor: TensorView }

/** Where the edges' numbers lie, and what has to run before they are read. */
export interface EdgeMatrices {
  matrices: EdgeMatrix[]
  buffer: GPUBuffer
  stages: Stage[]
  destroy(): void
}

/**
 * One number for every edge. A network of matrices has them in the engine's own buffer of all gradients, or weights; where there are convolutions,
 * whose edges are the norms over their filters, all go to a buffer of their own.
 */
export function edgeMatrices(device: GPUDevice, observation: Observation, quantity: EdgeQuantity): EdgeMatrices {
  const blocks = observation.blocks.map((block): EdgeBlock => ({ ...block, tensor: edgeQuantities[quantity](block) }))
  for (const block of blocks) checkNodes(observation, block)
  const common = commonBuffer(blocks)
  if (!common) {
    const buffer = storageBuffer(device, 'inspect no edges', 16)
    return { matrices: [], buffer, stages: [], destroy: () => buffer.destroy() }
  }
  if (blocks.every(({ groups }) => groups === undefined)) {
    const matrices = blocks.map(({ path, from, to, tensor: { shape, strides, offset } }): EdgeMatrix => {
      const [rows, columns] = shape as [number, number]
      return { path, from, to, first: offset / 4, rows, columns, strides: [strides[0]!, strides[1]!], groupRows: rows }
    })
    return { matrices, buffer: common, stages: [], destroy() {} }
  }
  return filterNorms(device, blocks, common)
}

function filterNorms(device: GPUDevice, blocks: readonly EdgeBlock[], common: GPUBuffer): EdgeMatrices {
  const words = new Uint32Array(blockWords * blocks.length)
  let size = 0
  const matrices = blocks.map(({ path, from, to, tensor, groups = 1 }, i): EdgeMatrix => {
    const [rows = 0, columns = 0, height = 1, width = 1] = tensor.shape
    const [out = 0, within = 0, y = 0, x = 0] = tensor.strides
    words.set([tensor.offset / 4, columns, out, within, y, x, width, height * width, rows * columns, size], blockWords * i)
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
    buffers: [table, common, buffer],
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

function checkNodes({ columns }: Observation, { path, from, to, tensor: { shape }, groups }: EdgeBlock) {
  const [rows, width = 0] = shape
  const [into, outOf] = [columns[from], columns[to]]
  const isMatrix = groups === undefined
  const joins = outOf && into && nodesOf(outOf) === rows && nodesOf(into) === width * (groups ?? 1)
  if (joins && shape.length === (isMatrix ? 2 : 4)) return
  const nodes = (column: typeof into) => (column ? nodesOf(column) : 0)
  throw wrongAt(path, 'inspect.nodes', { shape: shapeText(shape), from: nodes(outOf), to: nodes(into), isImages: !isMatrix })
}

/** Undefined where no weights are shown: the network has none but those of norms, or all are folded away. */
function commonBuffer(blocks: readonly EdgeBlock[]): GPUBuffer | undefined {
  const [first, ...others] = blocks
  if (!first) return undefined
  const stray = others.find((block) => block.tensor.buffer !== first.tensor.buffer)
  if (stray) throw wrongAt(stray.path, 'inspect.buffers', { first: { path: first.path } })
  return first.tensor.buffer
}
