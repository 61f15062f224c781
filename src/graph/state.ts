import type { Slice } from '../gpu/kernel.ts'
import type { ParameterSpec } from '../model/types.ts'

/** Floats between the starts of two tensors are a multiple of this: a binding's offset is one of 256 bytes. */
const alignFloats = 64
const align = (floats: number) => Math.ceil(floats / alignFloats) * alignFloats

/**
 * All that training changes, in one arena: parameters, optimizer moments, running statistics. A snapshot is one copy. Parameter gradients fill a
 * second arena, in the same order. The padding between tensors stays zero, so that one dispatch may run over all of it.
 */
export class State {
  readonly arena: GPUBuffer
  readonly gradients: GPUBuffer
  /** Floats from the first parameter to the end of the last, padding included. */
  readonly parameterFloats: number
  /** Floats from the first parameter on to which weight decay applies; after them come those that it leaves alone. */
  readonly decayedFloats: number
  readonly moments: number
  /** Where the running statistics lie in the arena, in bytes. */
  readonly statisticsAt: number
  readonly statisticBytes: number
  readonly specs: readonly ParameterSpec[]
  readonly #at = new Map<string, { first: number; count: number; trainable: boolean }>()

  /** Parameters lie in the order of their specs; with `decayWeightsOnly` weights come before biases and the parameters of norms. */
  constructor(device: GPUDevice, specs: readonly ParameterSpec[], moments: number, { decayWeightsOnly = false } = {}) {
    this.specs = specs
    this.moments = moments
    let floats = 0
    const place = (spec: ParameterSpec) => {
      const count = spec.shape.reduce((product, n) => product * n, 1)
      this.#at.set(spec.path, { first: floats, count, trainable: spec.trainable })
      floats += align(count)
    }
    const decays = ({ kind }: ParameterSpec) => kind === 'weight' || !decayWeightsOnly
    const trainable = specs.filter((spec) => spec.trainable)
    trainable.filter(decays).forEach(place)
    const decayed = floats
    trainable.filter((spec) => !decays(spec)).forEach(place)
    this.parameterFloats = Math.max(floats, alignFloats)
    this.decayedFloats = decayWeightsOnly ? decayed : this.parameterFloats
    floats = this.parameterFloats * (1 + moments)
    this.statisticsAt = floats * 4
    specs.filter((spec) => !spec.trainable).forEach(place)
    this.statisticBytes = floats * 4 - this.statisticsAt
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    this.arena = device.createBuffer({ label: 'state', size: floats * 4, usage })
    this.gradients = device.createBuffer({ label: 'gradients', size: this.parameterFloats * 4, usage })
  }

  has(path: string) {
    return this.#at.has(path)
  }

  /** The parameter or running statistic of that path. */
  slice(path: string): Slice {
    const { first, count } = this.#find(path)
    return { buffer: this.arena, offset: first * 4, size: count * 4 }
  }

  gradient(path: string): Slice {
    const { first, count } = this.#find(path)
    return { buffer: this.gradients, offset: first * 4, size: count * 4 }
  }

  get allParameters(): Slice {
    return { buffer: this.arena, offset: 0, size: this.parameterFloats * 4 }
  }

  get allGradients(): Slice {
    return { buffer: this.gradients, offset: 0, size: this.parameterFloats * 4 }
  }

  moment(index: number): Slice {
    return { buffer: this.arena, offset: this.parameterFloats * 4 * (1 + index), size: this.parameterFloats * 4 }
  }

  #find(path: string) {
    const found = this.#at.get(path)
    if (!found) throw new Error(`no parameter named ${path}; there are ${[...this.#at.keys()].join(', ')}`)
    return found
  }

  destroy() {
    this.arena.destroy()
    this.gradients.destroy()
  }
}
