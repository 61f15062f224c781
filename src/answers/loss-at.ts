import { readBuffer } from '../gpu/readback.ts'
import { stridesOf } from '../graph/layout.ts'
import { scratch } from '../train/buffers.ts'
import type { Probe } from '../train/probe.ts'
import type { ParameterSpec } from '../model/types.ts'

/** Parameters moved in one submit at most. */
const atOnce = 16

/** A parameter's number in PyTorch's order, and where it lies. */
export interface Place {
  spec: ParameterSpec
  index: number
  /** In floats from the beginning of the arena; of its gradient the same. */
  at: number
}

export function placeOf({ state }: Pick<Probe, 'state'>, spec: ParameterSpec, index: number): Place {
  const strides = stridesOf(spec)
  let [rest, within] = [index, 0]
  for (let d = spec.shape.length - 1; d >= 0; d--) {
    within += (rest % spec.shape[d]!) * strides[d]!
    rest = Math.floor(rest / spec.shape[d]!)
  }
  return { spec, index, at: state.slice(spec.path).offset / 4 + within }
}

/**
 * The mean loss with one parameter at other values, and the others as they were captured. Each sample's loss comes from the GPU in single precision; they
 * are added in double precision, so that what is left of rounding is the samples' own.
 */
export class LossAt {
  readonly #probe: Probe
  readonly #values: GPUBuffer
  readonly #losses: GPUBuffer

  constructor(probe: Probe) {
    const { gpu } = probe.prepared
    this.#probe = probe
    this.#values = scratch(gpu, 'moved parameter', 4 * (atOnce + 1))
    this.#losses = scratch(gpu, 'losses', atOnce * probe.lossBytes)
  }

  /** The losses at these values, the captured one of which is `now`. */
  async of({ at }: Place, now: number, values: readonly number[]): Promise<number[]> {
    const found: number[] = []
    for (let first = 0; first < values.length; first += atOnce) {
      const some = values.slice(first, first + atOnce)
      found.push(...(await this.#some(at * 4, [...some, now], some.length)))
    }
    return found
  }

  async #some(byte: number, values: readonly number[], count: number): Promise<number[]> {
    const { device, state, lossBytes } = this.#probe
    device.queue.writeBuffer(this.#values, 0, Float32Array.from(values))
    const encoder = device.createCommandEncoder({ label: 'losses of a moved parameter' })
    for (let i = 0; i < count; i++) {
      encoder.copyBufferToBuffer(this.#values, 4 * i, state.arena, byte, 4)
      this.#probe.encodeLosses(encoder, this.#losses, i * lossBytes)
    }
    encoder.copyBufferToBuffer(this.#values, 4 * count, state.arena, byte, 4)
    device.queue.submit([encoder.finish()])
    const rows = new Float32Array(await readBuffer(device, this.#losses, 0, count * lossBytes))
    const each = lossBytes / 4
    return Array.from({ length: count }, (_, i) => {
      let sum = 0
      for (let row = i * each; row < (i + 1) * each; row += 2) sum += rows[row]!
      return sum
    })
  }

  destroy(): void {
    this.#values.destroy()
    this.#losses.destroy()
  }
}
