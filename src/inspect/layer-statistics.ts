import type { Observation, ObservedParameter, TensorView } from '../graph/observation.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'
import { Staging } from './staging.ts'

/** Equal bins between the extremes of a tensor's finite elements; the last takes the maximum. */
export interface Bins {
  minimum: number
  maximum: number
  counts: Uint32Array<ArrayBuffer>
}

/** How many numbers are none that can be measured. */
export interface NonFinite {
  nan: number
  /** Of either sign. */
  infinite: number
}

/** One parameter tensor as the last `update` found it. Norms are Euclidean, over the finite elements. */
export interface LayerStatistics {
  path: string
  kind: ObservedParameter['kind']
  gradientNorm: number
  weightNorm: number
  /** Elements of the tensor. */
  count: number
  /** Gradients that are exactly zero. */
  zeroGradients: number
  nonFiniteWeights: NonFinite
  nonFiniteGradients: NonFinite
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

/** Norms, extremes and histograms of every parameter tensor, computed on the GPU; reading never makes the GPU or the caller of `encode` wait. */
export class StatisticsReader {
  readonly #parameters: readonly ObservedParameter[]
  readonly #stages: Stage[] = []
  readonly #owned: GPUBuffer[] = []
  readonly #results: GPUBuffer
  readonly #staging: Staging
  #state: 'empty' | 'filled' | 'mapping' = 'empty'
  #last: LayerStatistics[] = []
  #pending: Promise<LayerStatistics[]> | undefined

  constructor(device: GPUDevice, { parameters }: Pick<Observation, 'parameters'>) {
    this.#parameters = parameters
    const tensors = this.#parameters.flatMap(({ weight, gradient }) => [weight, gradient])
    const size = 4 * resultWords * tensors.length
    const own = (buffer: GPUBuffer) => {
      this.#owned.push(buffer)
      return buffer
    }
    this.#results = own(storageBuffer(device, 'layer statistics', size))
    this.#staging = new Staging(device, this.#results.size, 'statistics')
    // Weights and gradients lie in an arena each: a table and its own dispatches for every buffer.
    for (const buffer of new Set(tensors.map((tensor) => tensor.buffer))) {
      const table = tensorTable(tensors, buffer)
      const tableBuffer = own(storageBuffer(device, 'layer tensors', table.words))
      const extents = own(storageBuffer(device, 'layer extents', 20 * table.lanes))
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
    this.#staging.copy(encoder, [{ source: this.#results, offset: 0, target: 0, size: this.#results.size }])
    this.#state = 'filled'
  }

  /**
   * The newest statistics that were encoded and submitted; the ones before where there are no newer.
   * @throws as `Staging.read`
   */
  read(): Promise<LayerStatistics[]> {
    if (this.#pending) return this.#pending
    if (this.#state === 'empty' && !this.#staging.destroyed) return Promise.resolve(this.#last)
    this.#state = 'mapping'
    this.#pending = this.#staging
      .read()
      .then((data) => (this.#last = this.#parameters.map((parameter, i) => describe(parameter, data, 2 * i))))
      .finally(() => {
        this.#state = 'empty'
        this.#pending = undefined
      })
    return this.#pending
  }

  destroy() {
    for (const buffer of this.#owned) buffer.destroy()
    this.#staging.destroy()
  }
}

function tensorTable(tensors: readonly TensorView[], buffer: GPUBuffer) {
  const rows: number[][] = []
  let lanes = 0
  let largest = 1
  tensors.forEach((tensor, result) => {
    if (tensor.buffer !== buffer) return
    const count = sizeOf(tensor.shape)
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

function describe({ path, kind, weight: { shape } }: ObservedParameter, data: ArrayBuffer, first: number): LayerStatistics {
  const [weight, gradient] = [describeTensor(data, first), describeTensor(data, first + 1)]
  return {
    path,
    kind,
    gradientNorm: gradient.norm,
    weightNorm: weight.norm,
    count: sizeOf(shape),
    zeroGradients: gradient.zeros,
    nonFiniteWeights: weight.nonFinite,
    nonFiniteGradients: gradient.nonFinite,
    weightBins: weight.bins,
    gradientBins: gradient.bins,
  }
}

/** A `LayerResult` of layer.wgsl. Its norm, in float64, may be more than float32 holds. */
function describeTensor(data: ArrayBuffer, result: number) {
  const [minimum, maximum, scale, squares] = new Float32Array(data, 4 * resultWords * result, 4) as unknown as [
    number,
    number,
    number,
    number,
  ]
  const words = new Uint32Array(data, 4 * resultWords * result, resultWords)
  return {
    norm: scale * Math.sqrt(squares),
    zeros: words[4]!,
    nonFinite: { nan: words[5]!, infinite: words[6]! },
    bins: { minimum, maximum, counts: words.slice(firstBin, firstBin + binCount) },
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
