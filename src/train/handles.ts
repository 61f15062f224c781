import { wrongAt } from '../errors.ts'
import type { Slice } from '../gpu/kernel.ts'
import { readBuffer } from '../gpu/readback.ts'
import { fromMemory } from '../graph/layout.ts'
import type { Tensor } from '../model/tensor.ts'
import type { ParameterSpec } from '../model/types.ts'
import { tensorView } from './observe.ts'
import type { Operations } from './operations.ts'
import type { Prepared } from './prepare.ts'
import type { TensorHandle } from './types.ts'

/** The tensors of a run by path. Each throws an InputError on a path that there is not. */
export class TensorHandles {
  readonly #prepared: Prepared
  readonly #operations: Operations

  constructor(prepared: Prepared, operations: Operations) {
    this.#prepared = prepared
    this.#operations = operations
  }

  parameter(path: string): TensorHandle {
    return this.#handle(path, this.#prepared.state.slice(path), this.specOf(path))
  }

  gradient(path: string): TensorHandle {
    return this.#handle(path, this.#prepared.state.gradient(path), this.specOf(path))
  }

  activation(path: string): TensorHandle {
    const { graph, find } = this.#prepared.programs.training
    const { outputs } = graph.lowered
    const value = outputs.get(path)
    if (!value) throw wrongAt(path, 'run.noLayer', { layers: [...outputs.keys()] }).of('activation')
    const found = find(value)
    if (!found) {
      const kept = [...outputs].filter(([, other]) => find(other)).map(([name]) => name)
      throw wrongAt(path, 'run.notKept', { kept }).of('activation')
    }
    return this.#handle(path, found.slice, { ...value, shape: [found.rows, ...value.shape.slice(1)] })
  }

  specOf(path: string): ParameterSpec {
    const { specs } = this.#prepared.state
    const spec = specs.find((candidate) => candidate.path === path)
    if (!spec) throw wrongAt(path, 'run.noParameter', { parameters: specs.map((one) => one.path) })
    return spec
  }

  #handle(path: string, slice: Slice, tensor: Pick<Tensor, 'shape' | 'layout'>): TensorHandle {
    const { device } = this.#prepared.gpu
    const read = async () => fromMemory(new Float32Array(await readBuffer(device, slice.buffer, slice.offset, slice.size)), tensor)
    return {
      path,
      shape: [...tensor.shape],
      read: () => this.#operations.beside(path, read),
      view: () => tensorView(slice, tensor),
    }
  }
}
