import type { Slice } from '../gpu/kernel.ts'
import type { State } from './state.ts'

/** Parameters and running statistics as they were after one step, without the moments: a copy on the GPU that training goes on beside. */
export class Snapshot {
  readonly buffer: GPUBuffer
  readonly #state: State

  constructor(device: GPUDevice, state: State, label: string) {
    this.#state = state
    this.buffer = device.createBuffer({
      label,
      size: state.parameterFloats * 4 + Math.max(256, state.statisticBytes),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
  }

  /** Copies the state as the work submitted so far leaves it. */
  take(encoder: GPUCommandEncoder) {
    const { arena, parameterFloats, statisticsAt, statisticBytes } = this.#state
    encoder.copyBufferToBuffer(arena, 0, this.buffer, 0, parameterFloats * 4)
    if (statisticBytes) encoder.copyBufferToBuffer(arena, statisticsAt, this.buffer, parameterFloats * 4, statisticBytes)
  }

  /** Makes the state what it was; moments stay as they are. */
  restore(encoder: GPUCommandEncoder) {
    const { arena, parameterFloats, statisticsAt, statisticBytes } = this.#state
    encoder.copyBufferToBuffer(this.buffer, 0, arena, 0, parameterFloats * 4)
    if (statisticBytes) encoder.copyBufferToBuffer(this.buffer, parameterFloats * 4, arena, statisticsAt, statisticBytes)
  }

  /** The parameter or running statistic of that path, as it was. */
  slice(path: string): Slice {
    const { offset, size } = this.#state.slice(path)
    const { parameterFloats, statisticsAt } = this.#state
    return { buffer: this.buffer, offset: offset < statisticsAt ? offset : offset - statisticsAt + parameterFloats * 4, size }
  }

  destroy() {
    this.buffer.destroy()
  }
}
