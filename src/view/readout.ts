import type { Observation, TensorView } from '../graph/observation.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { Staging, type Copy } from '../inspect/staging.ts'
import type { NeuronValues } from './neuron-values.ts'

/** Between which magnitudes colours run; both 0 where there is nothing to measure. */
export interface Range {
  lo: number
  hi: number
}

/** The edges of a weight matrix that are drawn, weakest first, and their gradients: of filters the norms over their taps. */
export interface ReadBlock extends Range {
  edges: Uint32Array
  gradients: Float32Array
}

/** What colours the picture, at one moment. */
export interface ColourReading {
  blocks: ReadBlock[]
  allBlocks: Range
  /** As `NeuronValues.values` has them: activations, then ∂L/∂activations. */
  values: Float32Array
  /** Of each column, then of all. */
  activations: Range[]
  gradients: Range[]
  /** ‖∂L/∂input‖ through each of the inspector's branches. */
  paths: number[]
  allPaths: Range
}

const magnitudeMask = 0x7fffffff
const infinity = 0x7f800000
const smallestNormal = 2 ** -126
const largestNumber = 2 ** 128 * (1 - 2 ** -24)

/**
 * Reads what colours the picture to the host and chooses as the shaders of `Inspector` and `NeuronValues` do, by the same rules: it needs no pipeline, so that
 * colours stand before theirs are compiled. One read at a time.
 */
export class Readout {
  readonly #device: GPUDevice
  readonly #observation: Observation
  readonly #inspector: Inspector
  readonly #neurons: NeuronValues
  readonly #staging: Staging
  readonly #copies: Copy[] = []
  readonly #blocks: number[]
  readonly #arrivals: { first: number; count: number }[]

  constructor(device: GPUDevice, inspector: Inspector, neurons: NeuronValues) {
    this.#device = device
    this.#observation = inspector.observation
    this.#inspector = inspector
    this.#neurons = neurons
    const { blocks, containers } = inspector.observation
    let end = 2 * neurons.count
    const add = ({ buffer, offset }: TensorView, count: number) => {
      const first = end
      this.#copies.push({ source: buffer, offset, target: 4 * first, size: 4 * count })
      end += count
      return first
    }
    this.#blocks = blocks.map(({ gradient }) => add(gradient, extentOf(gradient)))
    this.#arrivals = inspector.paths.branches.map(({ container, branch, count }) => ({
      first: add(containers[container]!.branches[branch]!.arrival!, count),
      count,
    }))
    this.#staging = new Staging(device, 4 * end, 'colours', 'the view')
  }

  /** @throws as `Staging.read` */
  async read(sample: number): Promise<ColourReading> {
    const encoder = this.#device.createCommandEncoder({ label: 'colours' })
    this.#staging.copy(encoder, [...this.#neurons.copies(sample), ...this.#copies])
    this.#staging.submit(encoder)
    const numbers = new Float32Array(await this.#staging.read())
    const blocks = this.#observation.blocks.map(({ gradient }, i) => this.#choose(norms(numbers, this.#blocks[i]!, gradient)))
    const values = numbers.slice(0, 2 * this.#neurons.count)
    const paths = this.#arrivals.map(({ first, count }) => normOf(numbers, first, Array(count).keys()))
    return {
      blocks,
      allBlocks: union(blocks),
      values,
      activations: this.#neuronRanges(values, 0),
      gradients: this.#neuronRanges(values, this.#neurons.count),
      paths,
      allPaths: rangeOf(paths),
    }
  }

  /** The strongest by the 21 leading bits of |gradient|, then by a spread of the index, as edge.wgsl's `rankOf`. */
  #choose(gradients: Float32Array): ReadBlock {
    const { edgesPerLayer, low, high } = this.#inspector.options
    const bits = new Uint32Array(gradients.buffer, gradients.byteOffset, gradients.length)
    const magnitude = (edge: number) => bits[edge]! & magnitudeMask
    const chosen =
      gradients.length > edgesPerLayer ? strongest(bits, edgesPerLayer) : Uint32Array.from({ length: gradients.length }, (_, edge) => edge)
    const edges = chosen.sort((a, b) => magnitude(a) - magnitude(b) || a - b)
    const measured = edges.filter((edge) => magnitude(edge) > 0 && magnitude(edge) < infinity)
    const at = (place: number) => Math.log2(Math.max(Math.abs(gradients[measured[place]!]!), smallestNormal))
    const last = measured.length - 1
    const range = last < 0 ? { lo: 0, hi: 0 } : widened(at(Math.floor(last * low)), at(Math.ceil(last * high)))
    return { edges, gradients: Float32Array.from(edges, (edge) => gradients[edge]!), ...range }
  }

  /** As neuron-range.wgsl. */
  #neuronRanges(values: Float32Array, first: number): Range[] {
    const bits = new Uint32Array(values.buffer)
    const columns = this.#observation.columns.map(({ width }, i) => {
      const from = first + this.#neurons.firsts[i]!
      const measured: number[] = []
      for (let k = 0; k < width; k += this.#neurons.every[i]!) {
        const magnitude = bits[from + k]! & magnitudeMask
        if (magnitude > 0 && magnitude < infinity) measured.push(magnitude)
      }
      return Uint32Array.from(measured).sort()
    })
    return [...columns, Uint32Array.from(columns.flatMap((column) => [...column])).sort()].map((sorted) => {
      if (sorted.length === 0) return { lo: 0, hi: 0 }
      const low = sorted[Math.floor((sorted.length - 1) * 0.05)]!
      return { lo: floatOf(Math.max((low >>> 20) << 20, 0x00800000)), hi: floatOf(sorted.at(-1)!) }
    })
  }

  destroy() {
    this.#staging.destroy()
  }
}

/** Numbers from a tensor's first to its last. */
const extentOf = ({ shape, strides }: TensorView) => 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 0)

/** One number for every edge, row by row. */
function norms(numbers: Float32Array, first: number, { shape, strides }: TensorView): Float32Array {
  const [rows = 0, columns = 0, height = 1, width = 1] = shape
  const [out = 0, within = 0, y = 0, x = 0] = strides
  const result = new Float32Array(rows * columns)
  const taps = Array.from({ length: height * width }, (_, tap) => Math.floor(tap / width) * y + (tap % width) * x)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = first + row * out + column * within
      result[row * columns + column] = shape.length === 2 ? numbers[at]! : normOf(numbers, at, taps)
    }
  return result
}

/** Norm of a filter's gradient or of an arriving gradient: NaN if a number is, else infinite if one is; finite norms are kept within float32. */
function normOf(numbers: Float32Array, at: number, offsets: Iterable<number>): number {
  let squares = 0
  for (const offset of offsets) squares += numbers[at + offset]! ** 2
  return squares < Infinity ? Math.min(Math.sqrt(squares), largestNumber) : squares
}

/** The at most `count` edges of the highest ranks: a histogram of the leading bits finds the candidates, which are then sorted. */
function strongest(bits: Uint32Array, count: number): Uint32Array<ArrayBuffer> {
  const rankOf = (edge: number) => ((((bits[edge]! & magnitudeMask) >>> 10) << 11) | (Math.imul(edge, 2654435769) >>> 21)) >>> 0
  const histogram = new Uint32Array(2 ** 16)
  for (let edge = 0; edge < bits.length; edge++) histogram[rankOf(edge) >>> 16]!++
  let lowest = histogram.length
  for (let above = 0; lowest > 0 && above <= count;) above += histogram[--lowest]!
  const candidates: { edge: number; rank: number }[] = []
  for (let edge = 0; edge < bits.length; edge++) {
    const rank = rankOf(edge)
    if (rank >>> 16 >= lowest) candidates.push({ edge, rank })
  }
  const cut = candidates.sort((a, b) => b.rank - a.rank)[count]?.rank ?? -1
  return Uint32Array.from(candidates.filter(({ rank }) => rank > cut).map(({ edge }) => edge))
}

/** Of all norms, as path-norms.wgsl. */
function rangeOf(norms: readonly number[]): Range {
  const measured = norms.filter((norm) => norm > 0 && Number.isFinite(norm)).map((norm) => Math.log2(Math.max(norm, smallestNormal)))
  return measured.length > 0 ? widened(Math.min(...measured), Math.max(...measured)) : { lo: 0, hi: 0 }
}

/** From log2; less than an octave tells nothing apart. */
function widened(low: number, high: number): Range {
  const more = Math.max(0, 0.5 - (high - low) / 2)
  return { lo: 2 ** (low - more), hi: 2 ** (high + more) }
}

function union(ranges: readonly Range[]): Range {
  const some = ranges.filter(({ hi }) => hi > 0)
  if (some.length === 0) return { lo: 0, hi: 0 }
  return { lo: Math.min(...some.map(({ lo }) => lo)), hi: Math.max(...some.map(({ hi }) => hi)) }
}

function floatOf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!
}
