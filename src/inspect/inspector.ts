import { InputError } from '../errors.ts'
import type { Observation } from '../graph/observation.ts'
import { EdgeSelection, maximumEdgesPerLayer, type EdgeBuffers } from './edges.ts'
import { StatisticsReader, type LayerStatistics } from './layer-statistics.ts'

export interface InspectorOptions {
  /** Edges drawn per weight matrix at most, 1 … 2048; default 2000. The strongest are chosen, on the GPU. */
  edgesPerLayer?: number
  /** Percentiles of |gradient| between which the colours run, as shares; defaults 0.05 and 0.995, taken over the edges that are drawn. */
  low?: number
  high?: number
}

/** Range of the colours of a weight matrix, in units of the gradient; both 0 where no drawn edge has a finite gradient other than zero. */
export interface EdgeRange {
  path: string
  lo: number
  hi: number
  /** Drawn edges whose gradient is exactly zero, or not finite. */
  zeros: number
  nonFinite: number
}

/** Computes, on the GPU and from the engine's own buffers, what the view and the charts show of an observation. */
export interface Inspector {
  readonly observation: Observation
  readonly edges: EdgeBuffers
  /**
   * Encodes everything for the observation as the GPU will find it: the edges to draw, and the layer statistics unless told not
   * to or while a `read` is under way. Allocates nothing. Submit the encoder before the next `read`.
   */
  update(encoder: GPUCommandEncoder, options?: { statistics?: boolean }): void
  /** Compiles what `update` encodes, which otherwise does so itself, one after another and with the GPU waiting. */
  compile(): Promise<void>
  /** Statistics of every parameter tensor from the last submitted `update`, read back without anybody waiting; at most one read is under way. */
  read(): Promise<LayerStatistics[]>
  /** Ranges of all weight matrices, then (path `all`) of all together. */
  ranges(): Promise<EdgeRange[]>
  destroy(): void
}

/** Everything but the pipelines is made here, once. Throws InputError on options or an observation that it cannot use. */
export function createInspector(device: GPUDevice, observation: Observation, options: InspectorOptions = {}): Inspector {
  const { edgesPerLayer = 2000, low = 0.05, high = 0.995 } = options
  if (!Number.isInteger(edgesPerLayer) || edgesPerLayer < 1 || edgesPerLayer > maximumEdgesPerLayer)
    throw new InputError(`The inspector's edgesPerLayer is ${edgesPerLayer}; expected an integer from 1 to ${maximumEdgesPerLayer}.`)
  if (!(low >= 0 && low <= high && high <= 1))
    throw new InputError(`The inspector's percentiles are ${low} and ${high}; expected 0 ≤ low ≤ high ≤ 1.`)
  const selection = new EdgeSelection(device, observation, { edgesPerLayer, low, high })
  const statistics = new StatisticsReader(device, observation)
  const ranges = new RangeReader(device, observation, selection.buffers.ranges)
  return {
    observation,
    edges: selection.buffers,
    update(encoder, { statistics: wanted = true } = {}) {
      const describe = wanted && statistics.ready
      const pass = encoder.beginComputePass({ label: 'inspect' })
      selection.encode(pass)
      if (describe) statistics.encode(pass)
      pass.end()
      if (describe) statistics.copy(encoder)
    },
    async compile() {
      await Promise.all([selection.compile(), statistics.compile()])
    },
    read: () => statistics.read(),
    ranges: () => ranges.read(),
    destroy() {
      selection.destroy()
      statistics.destroy()
      ranges.destroy()
    },
  }
}

/** Reads the ranges for the legend through one staging buffer; one read at a time. */
class RangeReader {
  readonly #device: GPUDevice
  readonly #paths: string[]
  readonly #source: GPUBuffer
  readonly #staging: GPUBuffer
  #pending: Promise<EdgeRange[]> | undefined

  constructor(device: GPUDevice, observation: Observation, source: GPUBuffer) {
    this.#device = device
    this.#paths = [...observation.blocks.map((block) => block.path), 'all']
    this.#source = source
    this.#staging = device.createBuffer({
      label: 'edge ranges staging',
      size: source.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
  }

  read(): Promise<EdgeRange[]> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #read(): Promise<EdgeRange[]> {
    const encoder = this.#device.createCommandEncoder({ label: 'edge ranges' })
    encoder.copyBufferToBuffer(this.#source, 0, this.#staging, 0, this.#source.size)
    this.#device.queue.submit([encoder.finish()])
    await this.#staging.mapAsync(GPUMapMode.READ)
    const rows = new Float32Array(this.#staging.getMappedRange().slice(0))
    this.#staging.unmap()
    return this.#paths.map((path, i) => {
      const [low, high, zeros, nonFinite] = rows.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number]
      const some = high > low
      return { path, lo: some ? 2 ** low : 0, hi: some ? 2 ** high : 0, zeros, nonFinite }
    })
  }

  destroy() {
    this.#staging.destroy()
  }
}
