import { nodesOf, type Observation, type ObservedBlock, type TensorView } from '../graph/observation.ts'
import { filterOf, readFilters } from '../inspect/filters.ts'
import type { Inspector } from '../inspect/inspector.ts'
import type { Picked, PickedValues } from './types.ts'

/** Reads the numbers of one edge or neuron through one small staging buffer, one after another. */
export class ValueReader {
  readonly #device: GPUDevice
  readonly #staging: GPUBuffer
  #last: Promise<unknown> = Promise.resolve()

  constructor(device: GPUDevice) {
    this.#device = device
    this.#staging = device.createBuffer({ label: 'picked values', size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  }

  /** Null where the network is not shown any more, by `isShown`, when its turn comes: its buffers may be gone. */
  async read(
    { columns, blocks }: Observation,
    inspector: Inspector,
    sample: number,
    picked: Picked,
    isShown: () => boolean,
  ): Promise<PickedValues | null> {
    if (picked.kind === 'path') {
      const norms = (await inspector.pathNorms()).filter(({ container }) => container === picked.container)
      return { kind: 'path', rows: inspector.paths.rows, norms: norms.map(({ branch, norm }) => ({ branch, norm })) }
    }
    if (picked.kind === 'edge') {
      const block = blocks[picked.block]!
      if (block.groups !== undefined) return this.#filter(block, picked.row, picked.column)
      const read = await this.#elements(isShown, [
        [block.weight, picked.row, picked.column],
        [block.gradient, picked.row, picked.column],
      ])
      if (!read) return null
      const [weight, gradient] = read
      return { kind: 'edge', weight: weight!, gradient: gradient! }
    }
    const column = columns[picked.column]!
    const read = await this.#elements(isShown, [
      [column.activation, sample, picked.index],
      [column.gradient, sample, picked.index],
      [column.bias, picked.index % nodesOf(column)],
      [column.biasGradient, picked.index % nodesOf(column)],
    ])
    if (!read || !isShown()) return null
    const [activation, gradient, bias, biasGradient] = read
    const convolution = blocks.find(({ to, groups }) => to === picked.column && groups !== undefined)
    return {
      kind: 'neuron',
      activation: activation!,
      ...(gradient !== undefined && { gradient }),
      ...(bias !== undefined && { bias }),
      ...(biasGradient !== undefined && { biasGradient }),
      ...(convolution && { filters: await readFilters(this.#device, convolution, picked.index % nodesOf(column)) }),
    }
  }

  async #filter(block: ObservedBlock, row: number, column: number): Promise<PickedValues> {
    const filters = await readFilters(this.#device, block, row)
    const norm = (numbers: Float32Array) => Math.hypot(...filterOf(filters, numbers, row, column))
    return { kind: 'edge', weight: norm(filters.weight), gradient: norm(filters.gradient), filters }
  }

  #elements(
    isShown: () => boolean,
    wanted: [tensor: TensorView | undefined, ...index: number[]][],
  ): Promise<(number | undefined)[] | null> {
    const read = async () => {
      if (!isShown()) return null
      const encoder = this.#device.createCommandEncoder({ label: 'picked values' })
      wanted.forEach(([tensor, ...index], i) => {
        if (!tensor) return
        const element = index.reduce((sum, place, axis) => sum + place * (tensor.strides[axis] ?? 0), 0)
        encoder.copyBufferToBuffer(tensor.buffer, tensor.offset + 4 * element, this.#staging, 4 * i, 4)
      })
      this.#device.queue.submit([encoder.finish()])
      await this.#staging.mapAsync(GPUMapMode.READ)
      const values = new Float32Array(this.#staging.getMappedRange().slice(0))
      this.#staging.unmap()
      return wanted.map(([tensor], i) => (tensor ? values[i] : undefined))
    }
    const result = this.#last.then(read)
    this.#last = result.catch(() => undefined)
    return result
  }

  destroy() {
    this.#staging.destroy()
  }
}
