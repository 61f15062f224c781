import { nodesOf, type Observation, type ObservedBlock, type TensorView } from '../graph/observation.ts'
import { filterOf, readFilters } from '../inspect/filters.ts'
import type { Inspector } from '../inspect/inspector.ts'
import { Staging } from '../inspect/staging.ts'
import type { Picked, PickedValues } from './types.ts'

type Request = [observation: Observation, inspector: Inspector, sample: number, picked: Picked, isShown: () => boolean]

/** Reads the numbers of one edge or neuron through one small staging buffer, one after another. */
export class ValueReader {
  readonly #device: GPUDevice
  readonly #staging: Staging
  #last: Promise<unknown> = Promise.resolve()

  constructor(device: GPUDevice) {
    this.#device = device
    this.#staging = new Staging(device, 16, 'picked values', 'the view')
  }

  /**
   * Null where the network is not shown any more, by `isShown`, before all was read: its buffers may be gone.
   * @throws Error where they are shown and could not be read
   */
  async read(...request: Request): Promise<PickedValues | null> {
    const isShown = request[4]
    try {
      return await this.#read(...request)
    } catch (error) {
      if (isShown()) throw error
      return null
    }
  }

  async #read(...[{ columns, blocks }, inspector, sample, picked, isShown]: Request): Promise<PickedValues | null> {
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
    const norm = (numbers: Float32Array) => {
      const taps = filterOf(filters, numbers, row, column)
      // Math.hypot of NaN and infinity is infinite.
      return taps.some(Number.isNaN) ? NaN : Math.hypot(...taps)
    }
    return { kind: 'edge', weight: norm(filters.weight), gradient: norm(filters.gradient), filters }
  }

  #elements(
    isShown: () => boolean,
    wanted: [tensor: TensorView | undefined, ...index: number[]][],
  ): Promise<(number | undefined)[] | null> {
    const read = async () => {
      if (!isShown()) return null
      const encoder = this.#device.createCommandEncoder({ label: 'picked values' })
      const copies = wanted.flatMap(([tensor, ...index], i) => {
        if (!tensor) return []
        const element = index.reduce((sum, place, axis) => sum + place * (tensor.strides[axis] ?? 0), 0)
        return [{ source: tensor.buffer, offset: tensor.offset + 4 * element, target: 4 * i, size: 4 }]
      })
      this.#staging.copy(encoder, copies)
      this.#staging.submit(encoder)
      const values = new Float32Array(await this.#staging.read())
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
