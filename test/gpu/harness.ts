import { expect } from 'vitest'
import { openDevice, type Gpu } from '../../src/gpu/device.ts'
import type { Kernel, Slice } from '../../src/gpu/kernel.ts'
import { Pipelines } from '../../src/gpu/pipelines.ts'
import { Program } from '../../src/gpu/program.ts'
import { StepRing } from '../../src/gpu/step-ring.ts'
import { writeStep, type StepFields } from '../../bench/step-fields.ts'

export type { StepFields }

export type Numbers = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

export interface Bench {
  gpu: Gpu
  pipelines: Pipelines
  ring: StepRing
}

export async function openBench(): Promise<Bench> {
  const gpu = await openDevice()
  const pipelines = Pipelines.of(gpu.device)
  return { gpu, pipelines, ring: new StepRing(gpu.device, pipelines, 1) }
}

/**
 * Runs a kernel on buffers with the given first contents, one for each of `kernel.access`, and returns what those declared 'write' hold
 * afterwards, in order and in the type given. The same array given twice is the same buffer.
 */
export async function runKernel(bench: Bench, kernel: Kernel, buffers: Numbers[], step: StepFields = {}): Promise<Float32Array[]> {
  return (await runKernels(bench, [{ kernel, buffers }], step)) as Float32Array[]
}

/** Several kernels in one pass; returns what the last one wrote. */
export async function runKernels(bench: Bench, calls: { kernel: Kernel; buffers: Numbers[] }[], step: StepFields = {}): Promise<Numbers[]> {
  const { gpu, pipelines, ring } = bench
  const { device } = gpu
  const slices = new Map<Numbers, Slice>()
  const sliceOf = (data: Numbers) => {
    let slice = slices.get(data)
    if (!slice) {
      slice = upload(device, data)
      slices.set(data, slice)
    }
    return slice
  }
  const last = calls.at(-1)!
  const outputs = last.buffers.filter((_, i) => last.kernel.access[i] === 'write')
  const program = await Program.build(
    gpu,
    pipelines,
    'test',
    calls.map(({ kernel, buffers }) => ({ kernel, slices: buffers.map(sliceOf) })),
  )
  const read = await gpu.checked(last.kernel.label, () => {
    const [row] = ring.write(1, (_, view) => writeStep(view, step))
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    program.encode(pass, ring.group, row)
    pass.end()
    const copies = outputs.map((data) => {
      const { buffer, size } = sliceOf(data)
      const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
      encoder.copyBufferToBuffer(buffer, 0, copy, 0, size)
      return copy
    })
    device.queue.submit([encoder.finish()])
    return Promise.all(
      copies.map(async (copy, i) => {
        await copy.mapAsync(GPUMapMode.READ)
        const data = outputs[i]!
        const Type = data.constructor as new (bytes: ArrayBuffer) => Numbers
        const values = new Type(copy.getMappedRange().slice(0, data.byteLength))
        copy.destroy()
        return values
      }),
    )
  })
  for (const { buffer } of slices.values()) buffer.destroy()
  program.destroy()
  return read
}

function upload(device: GPUDevice, data: Numbers): Slice {
  const size = Math.max(16, Math.ceil(data.byteLength / 4) * 4)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC
  const buffer = device.createBuffer({ size, usage, mappedAtCreation: true })
  new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  buffer.unmap()
  return { buffer, offset: 0, size }
}

/** Numbers in [−1, 1) that are the same in every run. */
export function randomNumbers(count: number, scale = 1, offset = 0, seed = 1): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 31 - 1) * scale + offset
  })
}

/** NaN where nothing was written yet, so that an untouched output is seen. */
export const unwritten = (count: number): Float32Array<ArrayBuffer> => new Float32Array(count).fill(NaN)

/** Largest |actual − expected| / (|expected| + floor); non-finite values must agree exactly. */
export function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 0): { error: number; at: number } {
  expect(actual.length).toBe(expected.length)
  const worst = { error: 0, at: -1 }
  for (let i = 0; i < actual.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!]
    if (Object.is(a, e) || a === e) continue
    const difference = Math.abs(a - e) / (Math.abs(e) + floor)
    const error = Number.isFinite(difference) ? difference : Infinity
    if (error > worst.error) Object.assign(worst, { error, at: i })
  }
  return worst
}

/** Every element within `tolerance · (|expected| + floor)`. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, floor = 0, what = '') {
  const { error, at } = worstError(actual, expected, floor)
  expect(error, `${what} element ${at}: ${actual[at]} instead of ${expected[at]}`).toBeLessThanOrEqual(tolerance)
}
