import { InputError } from '../errors.ts'
import type { Observation, TensorView } from '../graph/observation.ts'
import { createStage, storageBuffer, type Stage } from '../inspect/stage.ts'

/** Magnitudes between which a column's neurons are coloured; both 0 where there are none but zeros. */
export interface NeuronRange {
  path: string
  lo: number
  hi: number
}

/**
 * One sample's activations of all neurons, then their ∂L/∂activations, in one compact buffer, because a shader stage may bind only
 * eight; and the range of each column's magnitudes. Gathered by copies, a row of each column.
 */
export class NeuronValues {
  readonly count: number
  /** Activations, then ∂L/∂activations (0 for the input's). */
  readonly values: GPUBuffer
  /** Largest and 5th percentile of the magnitudes of each column, then of all; for activations, then for ∂L/∂activations. */
  readonly scales: GPUBuffer
  /** First neuron of each column. */
  readonly firsts: number[]
  readonly #device: GPUDevice
  readonly #columnFirsts: GPUBuffer
  readonly #staging: GPUBuffer
  readonly #paths: string[]
  #pending: Promise<Float32Array> | undefined
  readonly #range: Stage
  readonly #rows: { tensor: TensorView; target: number; bytes: number }[] = []

  constructor(device: GPUDevice, { columns }: Observation) {
    this.#device = device
    this.#paths = [...columns.map(({ path }) => path), 'all']
    this.firsts = []
    let count = 0
    for (const { width } of columns) {
      this.firsts.push(count)
      count += width
    }
    this.count = count
    columns.forEach(({ path, width, activation, gradient }, i) => {
      for (const [kind, tensor] of [activation, gradient].entries()) {
        if (!tensor) continue
        if (tensor.shape.at(-1) !== width || tensor.strides.at(-1) !== 1)
          throw new InputError(
            `Column ${path}: its values have shape [${tensor.shape.join(', ')}] and strides [${tensor.strides.join(', ')}]; expected rows of ${width} numbers side by side.`,
          )
        this.#rows.push({ tensor, target: 4 * (kind * count + this.firsts[i]!), bytes: 4 * width })
      }
    })
    this.values = storageBuffer(device, 'neuron values', 8 * count)
    this.scales = storageBuffer(device, 'neuron scales', 16 * (columns.length + 1))
    this.#staging = device.createBuffer({
      label: 'neuron scales staging',
      size: this.scales.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    this.#columnFirsts = storageBuffer(device, 'neuron columns', Uint32Array.from([...this.firsts, count]))
    this.#range = createStage(device, {
      shader: 'neuron-range',
      access: ['read', 'read', 'write'],
      buffers: [this.#columnFirsts, this.values, this.scales],
      workgroups: [1, 1, 1],
    })
  }

  compile() {
    return this.#range.compile()
  }

  encode(encoder: GPUCommandEncoder, sample: number) {
    for (const { tensor, target, bytes } of this.#rows)
      encoder.copyBufferToBuffer(tensor.buffer, tensor.offset + 4 * sample * tensor.strides[0]!, this.values, target, bytes)
    const pass = encoder.beginComputePass({ label: 'neuron ranges' })
    this.#range.encode(pass)
    pass.end()
  }

  /** Ranges of all columns as last encoded, then (path `all`) of all together; one read at a time. */
  async ranges(kind: 'activation' | 'gradient'): Promise<NeuronRange[]> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined
    })
    const pairs = await this.#pending
    const first = kind === 'gradient' ? this.#paths.length : 0
    return this.#paths.map((path, i) => ({ path, hi: pairs[2 * (first + i)]!, lo: pairs[2 * (first + i) + 1]! }))
  }

  async #read(): Promise<Float32Array> {
    const encoder = this.#device.createCommandEncoder({ label: 'neuron ranges' })
    encoder.copyBufferToBuffer(this.scales, 0, this.#staging, 0, this.scales.size)
    this.#device.queue.submit([encoder.finish()])
    await this.#staging.mapAsync(GPUMapMode.READ)
    const pairs = new Float32Array(this.#staging.getMappedRange().slice(0))
    this.#staging.unmap()
    return pairs
  }

  destroy() {
    for (const buffer of [this.values, this.scales, this.#columnFirsts, this.#staging]) buffer.destroy()
  }
}
