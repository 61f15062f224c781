import { wrongAt, wrongIn } from '../errors.ts'
import { shapeText } from '../model/shape.ts'
import type { Slice } from '../gpu/kernel.ts'
import { fromMemory, toMemory } from '../graph/layout.ts'
import type { Snapshot } from '../graph/snapshot.ts'
import type { Layout } from '../model/tensor.ts'
import type { ParameterSpec } from '../model/types.ts'
import { moments } from '../kernels/optimizer.ts'
import type { HistoryMark } from '../model/history.ts'
import type { StoredTensor } from '../model/safetensors.ts'
import { whole } from './buffers.ts'
import type { LossSum } from './loss-between.ts'
import type { CarriedWatch } from './monitor.ts'
import type { Prepared } from './prepare.ts'
import type { RunSettings } from '../model/validate.ts'
import type { CarriedNumbers } from './step-row.ts'
import type { RunSnapshot, SettingsChange } from './types.ts'

/** All of a run that does not lie on the GPU. */
export interface RunNumbers {
  step: number
  seed: number
  settings: RunSettings
  /** Absent where the run comes from a file. */
  changes?: readonly SettingsChange[]
  carried: CarriedNumbers
  watch: CarriedWatch
  /** Of the losses since the last evaluation. */
  lossSum: LossSum
  /** Absent where the run comes from a file. */
  history?: HistoryMark
  restored: { at: number; from: number } | null
}

/** A tensor within a part: its name in a file, its first byte, its shape. `I32` is kept bit by bit. */
interface PartTensor {
  name: string
  offset: number
  shape: readonly number[]
  layout: Layout
  dtype: 'F32' | 'I32'
}

/** What of a run lies on the GPU and goes from step to step, in one piece. */
export interface Part {
  name: string
  slice: Slice
  tensors: PartTensor[]
}
export type Parts = Part[]

type Kept = { best: Snapshot; candidate: Snapshot } | undefined

/** All parts: parameters with moments and running statistics, gradients, what the plan carries, and the parameters kept for early stopping. */
export function partsOf({ state, programs, model }: Prepared, kept: Kept): Parts {
  const tensor = (name: string, offset: number, { shape, layout }: ParameterSpec): PartTensor => ({
    name,
    offset,
    shape,
    layout,
    dtype: 'F32',
  })
  const trainable = state.specs.filter((spec) => spec.trainable)
  const named = { first: 'moment1', second: 'moment2' }
  const momentTensors = moments(model.optimizer).flatMap((kind, i) =>
    trainable.map((spec) => tensor(`${named[kind]}:${spec.path}`, state.moment(i).offset + state.slice(spec.path).offset, spec)),
  )
  const values = state.specs.map((spec) => tensor(spec.path, state.slice(spec.path).offset, spec))
  const keptPart = (name: 'best' | 'candidate'): Part[] => {
    if (!kept) return []
    const copy = kept[name]
    const tensors = state.specs.map((spec) => tensor(`${name}:${spec.path}`, copy.slice(spec.path).offset, spec))
    return [{ name, slice: whole(copy.buffer), tensors }]
  }
  return [
    { name: 'state', slice: whole(state.arena), tensors: [...values, ...momentTensors] },
    {
      name: 'gradients',
      slice: whole(state.gradients),
      tensors: trainable.map((spec) => tensor(`gradient:${spec.path}`, state.gradient(spec.path).offset, spec)),
    },
    ...programs.training.carried.map(({ name, slice }): Part => {
      return { name, slice, tensors: [{ name, offset: 0, shape: [slice.size / 4], layout: 'rows', dtype: 'I32' }] }
    }),
    ...keptPart('best'),
    ...keptPart('candidate'),
  ]
}

/** Copies parts to the parts of the same names, on the GPU. */
export function copyParts(device: GPUDevice, from: readonly Part[], to: readonly Part[]): void {
  const encoder = device.createCommandEncoder({ label: 'run state' })
  for (const { name, slice } of to) {
    const source = from.find((part) => part.name === name)?.slice
    if (source) encoder.copyBufferToBuffer(source.buffer, source.offset, slice.buffer, slice.offset, slice.size)
  }
  device.queue.submit([encoder.finish()])
}

/** The tensors of a part, of which these are the bytes, in PyTorch's order. */
export function tensorsOf(
  { tensors }: Part,
  bytes: ArrayBuffer,
): Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }> {
  return Object.fromEntries(
    tensors.map(({ name, offset, shape, layout, dtype }) => {
      const count = shape.reduce((product, n) => product * n, 1)
      const data =
        dtype === 'I32' ? new Int32Array(bytes, offset, count) : fromMemory(new Float32Array(bytes, offset, count), { shape, layout })
      return [name, { shape, data }]
    }),
  )
}

/** Writes tensors to the parts that they belong to. Throws an InputError where one is missing or of another shape. */
export function writeParts({ gpu }: Prepared, parts: Parts, given: Record<string, StoredTensor>): void {
  for (const { slice, tensors } of parts) {
    const bytes = new ArrayBuffer(slice.size)
    for (const { name, offset, shape, layout, dtype } of tensors) {
      const found = given[name]
      if (!found) throw wrongAt(name, 'tensors.missing', { shape: shapeText(shape) }).of('state')
      if (found.shape.join() !== shape.join())
        throw wrongAt(name, 'tensors.shape', { found: shapeText(found.shape), shape: shapeText(shape) }).of('state')
      const data = dtype === 'I32' ? found.data : toMemory(new Float32Array(found.data), { shape, layout })
      new Uint8Array(bytes, offset, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
    gpu.device.queue.writeBuffer(slice.buffer, slice.offset, bytes)
  }
}

/** A run as it was after a step, its GPU part copied on the GPU. */
export class TakenSnapshot implements RunSnapshot {
  readonly step: number
  readonly bytes: number
  /** All that lies elsewhere, once the results under way have arrived. */
  readonly numbers: Promise<RunNumbers>
  readonly #prepared: Prepared
  readonly #parts: Parts
  #destroyed = false

  /** Copies what the work submitted so far leaves. */
  constructor(prepared: Prepared, kept: Kept, step: number, numbers: Promise<RunNumbers>) {
    const { device } = prepared.gpu
    const live = partsOf(prepared, kept)
    this.#parts = live.map((part) => {
      const { size } = part.slice
      const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
      return { ...part, slice: whole(device.createBuffer({ label: `${part.name} at step ${step}`, size, usage })) }
    })
    copyParts(device, live, this.#parts)
    this.#prepared = prepared
    this.step = step
    this.numbers = numbers
    numbers.catch(() => {}) // whoever needs them hears of it
    this.bytes = this.#parts.reduce((sum, { slice }) => sum + slice.size, 0)
  }

  /** Its parts. Throws an InputError where it is of another trainer, or was destroyed. */
  of(prepared: Prepared): Parts {
    if (prepared !== this.#prepared) throw wrongIn('restore', 'restore.other', { step: this.step })
    if (this.#destroyed) throw wrongIn('restore', 'restore.destroyed', { step: this.step })
    return this.#parts
  }

  destroy(): void {
    this.#destroyed = true
    for (const { slice } of this.#parts) slice.buffer.destroy()
  }
}
