import { InputError } from '../errors.ts'
import type { Observation, TensorView } from '../graph/observation.ts'
import { createStage, storageBuffer, type Stage } from '../inspect/stage.ts'

/**
 * One sample's activations of all neurons, then their ∂L/∂activations, in one compact buffer, because a shader stage may bind only
 * eight; and each column's largest magnitude. Gathered by copies, a row of each column.
 */
export class NeuronValues {
  readonly count: number
  /** Activations, then ∂L/∂activations (0 for the input's). */
  readonly values: GPUBuffer
  /** Largest magnitude of each column, then of all; for activations, then for ∂L/∂activations. */
  readonly scales: GPUBuffer
  /** First neuron of each column. */
  readonly firsts: number[]
  readonly #columnFirsts: GPUBuffer
  readonly #range: Stage
  readonly #rows: { tensor: TensorView; target: number; bytes: number }[] = []

  constructor(device: GPUDevice, { columns }: Observation) {
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
    this.scales = storageBuffer(device, 'neuron scales', 8 * (columns.length + 1))
    this.#columnFirsts = storageBuffer(device, 'neuron columns', Uint32Array.from([...this.firsts, count]))
    this.#range = createStage(device, {
      shader: 'neuron-range',
      access: ['read', 'read', 'write'],
      buffers: [this.#columnFirsts, this.values, this.scales],
      workgroups: [1, 1, 1],
    })
  }

  encode(encoder: GPUCommandEncoder, sample: number) {
    for (const { tensor, target, bytes } of this.#rows)
      encoder.copyBufferToBuffer(tensor.buffer, tensor.offset + 4 * sample * tensor.strides[0]!, this.values, target, bytes)
    const pass = encoder.beginComputePass({ label: 'neuron ranges' })
    this.#range.encode(pass)
    pass.end()
  }

  destroy() {
    for (const buffer of [this.values, this.scales, this.#columnFirsts]) buffer.destroy()
  }
}
