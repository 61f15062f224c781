import { openDevice, type Gpu } from '../src/gpu/device.ts'
import type { Kernel, Slice } from '../src/gpu/kernel.ts'
import { Pipelines } from '../src/gpu/pipelines.ts'
import { readBuffer } from '../src/gpu/readback.ts'
import { Program } from '../src/gpu/program.ts'
import { StepRing } from '../src/gpu/step-ring.ts'
import type { Candidate, Problem } from '../src/kernels/problem.ts'
import { Tuner, type TuningStore } from '../src/kernels/tuner.ts'
import type { Contestant } from './rounds.ts'
import { writeStep, type StepFields } from './step-fields.ts'
import './shaders.ts'

export type Numbers = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>
/** A kernel with the first contents of its buffers, in order; the same array given twice is the same buffer. */
export interface Call {
  kernel: Kernel
  buffers: (Numbers | EmptyBuffer)[]
}

/** A buffer that the kernels fill: zeros at first, after what it begins with. */
export class EmptyBuffer {
  readonly byteLength: number
  readonly head: Numbers | undefined
  constructor(bytes: number, head?: Numbers) {
    this.byteLength = bytes
    this.head = head
  }
}

export type Slices = Map<Numbers | EmptyBuffer, Slice>

/** Dispatches in one command buffer at most: the host records them while the GPU works. */
const dispatchesPerSubmit = 1000

/** One device on which single kernels are checked and timed. */
export class Workbench {
  readonly gpu: Gpu
  readonly pipelines: Pipelines
  readonly #ring: StepRing
  readonly #scalar: GPUBuffer
  readonly #tuner: Tuner

  private constructor(gpu: Gpu, tuning: TuningStore | undefined) {
    this.gpu = gpu
    this.pipelines = Pipelines.of(gpu.device)
    this.#tuner = new Tuner(gpu, this.pipelines, tuning)
    this.#ring = new StepRing(gpu.device, this.pipelines, 1)
    this.#scalar = gpu.device.createBuffer({ label: 'scalar', size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  }

  static async open(gpu: GPU | undefined, tuning?: TuningStore): Promise<Workbench> {
    return new Workbench(await openDevice({ gpu }), tuning)
  }

  /** What the tuner takes for this problem here. */
  async candidateFor(problem: Problem): Promise<Candidate> {
    return (await this.#tuner.tune([problem])).get(problem.name) ?? problem.plain
  }

  /** Compiles the calls and uploads their buffers, those apart that `slices` holds already. */
  async prepare(label: string, calls: readonly Call[], step: StepFields = {}, slices: Slices = new Map()): Promise<Prepared> {
    const sliceOf = (data: Numbers | EmptyBuffer) => {
      const slice = slices.get(data) ?? upload(this.gpu.device, label, data)
      slices.set(data, slice)
      return slice
    }
    const bound = await this.gpu.checked(label, () => calls.map(({ kernel, buffers }) => ({ kernel, slices: buffers.map(sliceOf) })))
    const program = await Program.build(this.gpu, this.pipelines, label, bound)
    return new Prepared(this, label, program, slices, sliceOf(calls.at(-1)!.buffers.at(-1)!), step)
  }

  /** Encodes the program `count` times, a thousand dispatches a submit. */
  submit(program: Program, count: number, step: StepFields) {
    const { device } = this.gpu
    const [row] = this.#ring.write(1, (_, view) => writeStep(view, step))
    const atOnce = Math.max(1, Math.floor(dispatchesPerSubmit / program.dispatches))
    for (let left = count; left > 0; left -= atOnce) {
      const encoder = device.createCommandEncoder({ label: 'bench' })
      const pass = encoder.beginComputePass({ label: 'bench' })
      for (let i = Math.min(left, atOnce); i > 0; i--) program.encode(pass, this.#ring.group, row)
      pass.end()
      device.queue.submit([encoder.finish()])
    }
  }

  /** The first number of a buffer, through one staging buffer that is kept. */
  async readScalar({ buffer, offset }: Slice): Promise<number> {
    const encoder = this.gpu.device.createCommandEncoder({ label: 'scalar' })
    encoder.copyBufferToBuffer(buffer, offset, this.#scalar, 0, 4)
    this.gpu.device.queue.submit([encoder.finish()])
    await this.#scalar.mapAsync(GPUMapMode.READ, 0, 4)
    const [value] = new Float32Array(this.#scalar.getMappedRange(0, 4))
    this.#scalar.unmap()
    return value!
  }

  destroy() {
    this.gpu.destroy()
  }
}

/** Kernels compiled and bound, ready to run any number of times. */
export class Prepared implements Contestant {
  readonly #bench: Workbench
  readonly #label: string
  readonly #program: Program
  readonly #slices: Slices
  readonly #last: Slice
  readonly #step: StepFields

  constructor(bench: Workbench, label: string, program: Program, slices: Slices, last: Slice, step: StepFields) {
    this.#bench = bench
    this.#label = label
    this.#program = program
    this.#slices = slices
    this.#last = last
    this.#step = step
  }

  issue(count: number) {
    this.#bench.submit(this.#program, count, this.#step)
  }

  finish(): Promise<number> {
    return this.#bench.readScalar(this.#last)
  }

  /** Runs once; throws what the device reports. */
  async once(): Promise<void> {
    await this.#bench.gpu.checked(this.#label, async () => {
      this.issue(1)
      await this.finish()
    })
  }

  /** What a buffer holds now, or the first `bytes` of it. */
  read(data: Numbers | EmptyBuffer, bytes = data.byteLength): Promise<ArrayBuffer> {
    const { buffer } = this.#slices.get(data)!
    return readBuffer(this.#bench.gpu.device, buffer, 0, bytes)
  }

  destroy() {
    for (const { buffer } of this.#slices.values()) buffer.destroy()
    this.#program.destroy()
  }
}

function upload(device: GPUDevice, label: string, data: Numbers | EmptyBuffer): Slice {
  const size = Math.max(16, Math.ceil(data.byteLength / 4) * 4)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffer = device.createBuffer({ label, size, usage })
  const given = data instanceof EmptyBuffer ? data.head : data
  if (given) {
    const bytes = new Uint8Array(Math.ceil(given.byteLength / 4) * 4) // writeBuffer takes whole words
    bytes.set(new Uint8Array(given.buffer, given.byteOffset, given.byteLength))
    device.queue.writeBuffer(buffer, 0, bytes)
  }
  return { buffer, offset: 0, size }
}
