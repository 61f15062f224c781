import type { Observation, TensorView } from '../graph/observation.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'

/** Equal bins between the extremes of a tensor's finite elements; the last takes the maximum. */
export interface Bins {
  minimum: number
  maximum: number
  counts: Uint32Array<ArrayBuffer>
}

/** One parameter tensor as the last `update` found it. Norms are Euclidean, over the finite elements. */
export interface LayerStatistics {
  path: string
  gradientNorm: number
  weightNorm: number
  /** Gradients that are exactly zero. */
  zeroGradients: number
  /** Gradients and weights that are NaN or infinite. */
  nonFinite: number
  weightBins: Bins
  gradientBins: Bins
}

// A thread takes at least 64 elements; more than 1,024 threads would make the serial fold of their results the longer part.
const elementsPerLane = 64
const maximumLanes = 1024
const tensorWords = 8
const resultWords = 72
const firstBin = 8
const binCount = 64

interface Parameter {
  path: string
  weight: TensorView
  gradient: TensorView
}

/** Norms, extremes and histograms of every parameter tensor, computed on the GPU; reading never makes the GPU or the caller of `encode` wait. */
export class StatisticsReader {
  readonly #parameters: Parameter[]
  readonly #stages: Stage[] = []
  readonly #owned: GPUBuffer[] = []
  readonly #results: GPUBuffer
  readonly #staging: GPUBuffer
  #state: 'empty' | 'filled' | 'mapping' = 'empty'
  #last: LayerStatistics[] = []
  #pending: Promise<LayerStatistics[]> | undefined

  constructor(device: GPUDevice, observation: Observation) {
    this.#parameters = parametersOf(observation)
    const tensors = this.#parameters.flatMap(({ weight, gradient }) => [weight, gradient])
    const size = 4 * resultWords * tensors.length
    const own = (buffer: GPUBuffer) => {
      this.#owned.push(buffer)
      return buffer
    }
    this.#results = own(storageBuffer(device, 'layer statistics', size))
    this.#staging = own(
      device.createBuffer({
        label: 'layer statistics staging',
        size: Math.max(4, size),
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      }),
    )
    // Weights and gradients lie in an arena each: a table and its own dispatches for every buffer.
    for (const buffer of new Set(tensors.map((tensor) => tensor.buffer))) {
      const table = tensorTable(tensors, buffer)
      const tableBuffer = own(storageBuffer(device, 'layer tensors', table.words))
      const extents = own(storageBuffer(device, 'layer extents', 16 * table.lanes))
      const squares = own(storageBuffer(device, 'layer squares', 4 * table.lanes))
      const lanes = [Math.ceil(table.largest / 64), table.count, 1] as const
      const tensorwise = [table.count, 1, 1] as const
      this.#stages.push(
        createStage(device, {
          shader: 'layer-lane-extent',
          access: ['read', 'read', 'write'],
          buffers: [tableBuffer, buffer, extents],
          workgroups: lanes,
        }),
        createStage(device, {
          shader: 'layer-extent',
          access: ['read', 'read', 'write'],
          buffers: [tableBuffer, extents, this.#results],
          workgroups: tensorwise,
        }),
        createStage(device, {
          shader: 'layer-histogram',
          access: ['read', 'read', 'write', 'write'],
          buffers: [tableBuffer, buffer, squares, this.#results],
          workgroups: lanes,
        }),
        createStage(device, {
          shader: 'layer-squares',
          access: ['read', 'read', 'write'],
          buffers: [tableBuffer, squares, this.#results],
          workgroups: tensorwise,
        }),
      )
    }
  }

  /** False while a read is under way: then `encode` and `copy` would write what is being mapped. */
  get ready() {
    return this.#state !== 'mapping'
  }

  async compile() {
    await Promise.all(this.#stages.map((stage) => stage.compile()))
  }

  encode(pass: GPUComputePassEncoder) {
    for (const stage of this.#stages) stage.encode(pass)
  }

  copy(encoder: GPUCommandEncoder) {
    encoder.copyBufferToBuffer(this.#results, 0, this.#staging, 0, this.#results.size)
    this.#state = 'filled'
  }

  /** The newest statistics that were encoded and submitted; the ones before where there are no newer. */
  read(): Promise<LayerStatistics[]> {
    if (this.#pending) return this.#pending
    if (this.#state === 'empty') return Promise.resolve(this.#last)
    this.#state = 'mapping'
    const done = () => {
      this.#state = 'empty'
      this.#pending = undefined
    }
    this.#pending = this.#staging.mapAsync(GPUMapMode.READ).then(
      () => {
        const data = this.#staging.getMappedRange().slice(0)
        this.#staging.unmap()
        done()
        return (this.#last = this.#parameters.map(({ path }, i) => describe(path, data, 2 * i)))
      },
      (error) => {
        done()
        throw error
      },
    )
    return this.#pending
  }

  destroy() {
    for (const buffer of this.#owned) buffer.destroy()
  }
}

/** Every weight matrix, and every bias under the path of the first weight that leads to its column. */
function parametersOf({ blocks, columns }: Observation): Parameter[] {
  const withBias = new Set<number>()
  return blocks.flatMap(({ path, weight, gradient, to }) => {
    const list: Parameter[] = [{ path, weight, gradient }]
    const { bias, biasGradient } = columns[to]!
    if (bias && biasGradient && !withBias.has(to)) {
      withBias.add(to)
      list.push({ path: path.replace(/weight$/, 'bias'), weight: bias, gradient: biasGradient })
    }
    return list
  })
}

function tensorTable(tensors: readonly TensorView[], buffer: GPUBuffer) {
  const rows: number[][] = []
  let lanes = 0
  let largest = 1
  tensors.forEach((tensor, result) => {
    if (tensor.buffer !== buffer) return
    const count = tensor.shape.reduce((a, b) => a * b, 1)
    const own = Math.max(1, Math.min(maximumLanes, Math.ceil(count / elementsPerLane)))
    // In what order the elements come is all one: filters lie together, a matrix row by row perhaps not.
    const [columns, rowStride, columnStride] =
      tensor.shape.length === 2
        ? [tensor.shape[1]!, tensor.strides[0]!, tensor.strides[1]!]
        : tensor.shape.length > 2
          ? [count, count, 1]
          : [tensor.shape[0] ?? 1, 0, tensor.strides[0] ?? 1]
    rows.push([tensor.offset / 4, columns, rowStride, columnStride, count, lanes, own, result])
    lanes += own
    largest = Math.max(largest, own)
  })
  const words = new Uint32Array(tensorWords * rows.length)
  rows.forEach((row, i) => words.set(row, tensorWords * i))
  return { words, count: rows.length, lanes, largest }
}

function describe(path: string, data: ArrayBuffer, first: number): LayerStatistics {
  const [weight, gradient] = [first, first + 1].map((result) => {
    const floats = new Float32Array(data, 4 * resultWords * result, 4)
    const words = new Uint32Array(data, 4 * resultWords * result, resultWords)
    return {
      norm: floats[2]! * Math.sqrt(floats[3]!),
      zeros: words[4]!,
      nonFinite: words[5]!,
      bins: { minimum: floats[0]!, maximum: floats[1]!, counts: words.slice(firstBin, firstBin + binCount) },
    }
  }) as [Described, Described]
  return {
    path,
    gradientNorm: gradient.norm,
    weightNorm: weight.norm,
    zeroGradients: gradient.zeros,
    nonFinite: gradient.nonFinite + weight.nonFinite,
    weightBins: weight.bins,
    gradientBins: gradient.bins,
  }
}

interface Described {
  norm: number
  zeros: number
  nonFinite: number
  bins: Bins
}
