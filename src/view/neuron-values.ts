import { wrongAt } from '../errors.ts'
import { shapeText } from '../model/shape.ts'
import { nodesOf, type Observation, type TensorView } from '../graph/observation.ts'
import { BufferReader } from '../inspect/buffer-reader.ts'
import type { Copy } from '../inspect/staging.ts'
import { createStage, storageBuffer, type Stage } from '../inspect/stage.ts'
import type { ColourRange } from './types.ts'

/**
 * One sample's activations of all neurons, those of feature maps as they lie, then their ∂L/∂activations, in one compact buffer, because a shader stage may bind only
 * eight; and the range of each column's magnitudes. Gathered by copies, a row of each column.
 */
export class NeuronValues {
  readonly count: number
  /** Activations, then ∂L/∂activations (0 for the input's). */
  readonly values: GPUBuffer
  /** Largest magnitude and 5th percentile of each column, then of all: for activations, then for ∂L/∂activations. Counts of NaN and infinite values follow in the same order. */
  readonly scales: GPUBuffer
  /** First value of each column. */
  readonly firsts: number[] = []
  /** First node (neuron, or channel of feature maps) of each column. */
  readonly nodeFirsts: number[] = []
  /** Every how many of a column's values are measured. */
  readonly every: readonly number[]
  readonly #table: GPUBuffer
  readonly #scratch: GPUBuffer
  readonly #reader: BufferReader
  readonly #paths: string[]
  /** Of each column, as activations and as gradients. */
  readonly #measured: { activation: number[]; gradient: number[] }
  readonly #range: Stage
  readonly #rows: { tensor: TensorView; target: number; bytes: number }[] = []

  constructor(device: GPUDevice, { columns }: Observation) {
    this.#paths = [...columns.map(({ path }) => path), 'all']
    let count = 0
    let nodes = 0
    for (const column of columns) {
      this.firsts.push(count)
      this.nodeFirsts.push(nodes)
      count += column.width
      nodes += nodesOf(column)
    }
    this.count = count
    columns.forEach(({ path, width, activation, gradient }, i) => {
      for (const [kind, tensor] of [activation, gradient].entries()) {
        if (!tensor) continue
        if (tensor.shape.at(-1) !== width || tensor.strides.at(-1) !== 1)
          throw wrongAt(path, 'view.rows', { shape: shapeText(tensor.shape), strides: shapeText(tensor.strides), width })
        this.#rows.push({ tensor, target: 4 * (kind * count + this.firsts[i]!), bytes: 4 * width })
      }
    })
    this.values = storageBuffer(device, 'neuron values', 8 * count)
    this.scales = storageBuffer(device, 'neuron scales', 32 * (columns.length + 1))
    this.#reader = new BufferReader(device, this.scales, 'neuron ranges', 'the view')
    this.every = columns.map((column) => measuredEvery(column.width, nodesOf(column)))
    const activation = columns.map(({ width }, i) => Math.ceil(width / this.every[i]!))
    this.#measured = { activation, gradient: activation.map((measured, i) => (columns[i]!.gradient ? measured : 0)) }
    const table = columns.flatMap(({ width }, i) => [this.firsts[i]!, width, this.every[i]!, 0])
    this.#table = storageBuffer(device, 'neuron columns', Uint32Array.from(table))
    this.#scratch = storageBuffer(device, 'neuron histogram', 4 * scratchWords)
    this.#range = createStage(device, {
      shader: 'neuron-range',
      access: ['read', 'read', 'write', 'write'],
      buffers: [this.#table, this.values, this.scales, this.#scratch],
      workgroups: [1, 1, 1],
    })
  }

  compile() {
    return this.#range.compile()
  }

  /** A sample's numbers to where `values` has them. */
  copies(sample: number): Copy[] {
    return this.#rows.map(({ tensor, target, bytes }) => ({
      source: tensor.buffer,
      offset: tensor.offset + 4 * sample * tensor.strides[0]!,
      target,
      size: bytes,
    }))
  }

  encode(encoder: GPUCommandEncoder, sample: number) {
    for (const { source, offset, target, size } of this.copies(sample))
      encoder.copyBufferToBuffer(source, offset, this.values, target, size)
    const pass = encoder.beginComputePass({ label: 'neuron ranges' })
    this.#range.encode(pass)
    pass.end()
  }

  /** Ranges of all columns as last encoded, then of all together (path `all`). One read at a time. Large feature maps are sampled. */
  async ranges(kind: 'activation' | 'gradient'): Promise<ColourRange[]> {
    const numbers = new Float32Array(await this.#reader.read())
    const columns = this.#paths.length
    const first = kind === 'gradient' ? columns : 0
    const measured = this.#measured[kind]
    const all = measured.reduce((sum, count) => sum + count, 0)
    return this.#paths.map((path, i) => {
      const [at, counts] = [2 * (first + i), 2 * (2 * columns + first + i)]
      const [hi, lo, nan, infinite] = [numbers[at]!, numbers[at + 1]!, numbers[counts]!, numbers[counts + 1]!]
      return { path, lo, hi, nan, infinite, count: measured[i] ?? all }
    })
  }

  destroy() {
    for (const part of [this.values, this.scales, this.#table, this.#scratch, this.#reader]) part.destroy()
  }
}

/** Bins, the threads' sums of them, and three counts: as neuron-range.wgsl has them. */
const scratchWords = 2048 + 256 + 3

/** A column of feature maps is measured by a part of its values, so that a frame's cost stays bounded. */
const mostMeasured = 8192

/** Every how many of a column's values are measured: coprime to its channels, so that none is left out. */
function measuredEvery(width: number, channels: number): number {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b))
  let every = Math.ceil(width / mostMeasured)
  while (every > 1 && common(every, channels) > 1) every++
  return every
}
