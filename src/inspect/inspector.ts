import { within, wrongIn } from '../errors.ts'
import { integerUpTo } from '../model/schema.ts'
import type { Observation } from '../graph/observation.ts'
import { BufferReader } from './buffer-reader.ts'
import type { EdgeQuantity } from './edge-quantity.ts'
import { EdgeSelection, maximumEdgesPerLayer, type EdgeBuffers, type EdgeOptions } from './edges.ts'
import { StatisticsReader, type LayerStatistics, type NonFinite } from './layer-statistics.ts'
import { PathNorms, type PathNorm } from './path-norms.ts'

export interface InspectorOptions {
  /** What of the weights colours and ranks the edges; their gradients unless given. */
  quantity?: EdgeQuantity
  /** Edges drawn per weight matrix at most, 1 … 2048; default 2000. The strongest are chosen, on the GPU. */
  edgesPerLayer?: number
  /** Percentiles of the quantity's magnitude between which the colours run, as shares; defaults 0.05 and 0.995, taken over the edges that are drawn. */
  low?: number
  high?: number
  /** Whose parameters `read` describes, where that is more than what is drawn; default the observation itself. */
  statisticsOf?: Observation
}

/** Range of the colours of a weight matrix, in units of the quantity; both 0 where no drawn edge has a finite one other than zero. */
export interface EdgeRange extends NonFinite {
  path: string
  lo: number
  hi: number
  /** Drawn edges whose gradient is exactly zero; likewise NaN or infinite, which are drawn before all others. */
  zeros: number
  /** Edges drawn. */
  count: number
}

/** Computes, on the GPU and from the engine's own buffers, what the view and the charts show of an observation. */
export interface Inspector {
  readonly observation: Observation
  readonly options: Readonly<EdgeOptions>
  readonly edges: EdgeBuffers
  readonly paths: Pick<PathNorms, 'norms' | 'branches' | 'rows'>
  /**
   * Encodes everything for the observation as the GPU will find it: the edges to draw, what flows through each branch, and the layer statistics unless told not
   * to or while a `read` is under way. Allocates nothing. Submit the encoder before the next `read`.
   */
  update(encoder: GPUCommandEncoder, options?: { statistics?: boolean }): void
  /** Compiles what `update` encodes, the statistics unless told not to; `update` does so itself otherwise, one after another and with the GPU waiting. */
  compile(options?: { statistics?: boolean }): Promise<void>
  /** Statistics of every parameter tensor from the last submitted `update`, read back without anybody waiting; at most one read is under way. */
  read(): Promise<LayerStatistics[]>
  /** Ranges of all weight matrices, then (path `all`) of all together. Reads reject with ReaderDestroyed after `destroy`, and where the GPU failed. */
  ranges(): Promise<EdgeRange[]>
  /** What arrives at each container's input through each of its branches, as of the last submitted `update`. */
  pathNorms(): Promise<PathNorm[]>
  destroy(): void
}

/** Everything but the pipelines is made here, once. Throws InputError on options or an observation that it cannot use. */
export function createInspector(device: GPUDevice, observation: Observation, options: InspectorOptions = {}): Inspector {
  const { quantity = 'gradient', edgesPerLayer = 2000, low = 0.05, high = 0.995, statisticsOf = observation } = options
  within('createInspector', () => integerUpTo(maximumEdgesPerLayer)(edgesPerLayer, 'edgesPerLayer'))
  if (!(low >= 0 && low <= high && high <= 1)) throw wrongIn('createInspector', 'inspect.percentiles', { low, high })
  const selection = new EdgeSelection(device, observation, { quantity, edgesPerLayer, low, high })
  const statistics = new StatisticsReader(device, statisticsOf)
  const paths = new PathNorms(device, observation)
  const ranges = new BufferReader(device, selection.buffers.ranges, 'edge ranges')
  return {
    observation,
    options: { quantity, edgesPerLayer, low, high },
    edges: selection.buffers,
    paths,
    update(encoder, { statistics: wanted = true } = {}) {
      const describe = wanted && statistics.ready
      const pass = encoder.beginComputePass({ label: 'inspect' })
      selection.encode(pass)
      paths.encode(pass)
      if (describe) statistics.encode(pass)
      pass.end()
      if (describe) statistics.copy(encoder)
    },
    async compile({ statistics: wanted = true } = {}) {
      await Promise.all([selection.compile(), paths.compile(), wanted && statistics.compile()])
    },
    read: () => statistics.read(),
    ranges: async () => edgeRanges([...observation.blocks.map(({ path }) => path), 'all'], new Float32Array(await ranges.read())),
    pathNorms: () => paths.read(),
    destroy() {
      selection.destroy()
      paths.destroy()
      statistics.destroy()
      ranges.destroy()
    },
  }
}

function edgeRanges(paths: readonly string[], numbers: Float32Array): EdgeRange[] {
  return paths.map((path, i) => {
    const [low = 0, high = 0, zeros = 0] = numbers.subarray(4 * i, 4 * i + 4)
    const [nan = 0, infinite = 0, count = 0] = numbers.subarray(4 * (paths.length + i), 4 * (paths.length + i) + 4)
    const some = high > low
    return { path, lo: some ? 2 ** low : 0, hi: some ? 2 ** high : 0, zeros, nan, infinite, count }
  })
}
