import type { Gpu } from './device.ts'
import type { Kernel, Slice } from './kernel.ts'
import type { Pipelines } from './pipelines.ts'

/** A kernel with the buffers it runs on. */
export interface BoundKernel {
  kernel: Kernel
  slices: readonly Slice[]
  /** Left out of steps that nobody looks at. */
  shows?: boolean
}

interface Dispatch {
  pipeline: GPUComputePipeline
  group: GPUBindGroup
  usesStep: boolean
  shows: boolean
  workgroups: readonly [number, number, number]
}

/** Kernels in order with everything they need made beforehand: encoding one allocates nothing. */
export class Program {
  readonly #dispatches: Dispatch[]
  readonly #constants: GPUBuffer | undefined

  private constructor(dispatches: Dispatch[], constants: GPUBuffer | undefined) {
    this.#dispatches = dispatches
    this.#constants = constants
  }

  get dispatches() {
    return this.#dispatches.length
  }

  /** Compiles all pipelines in parallel, writes all uniform structs into one buffer, makes all bind groups. `onProgress` hears 0 … 1. */
  static async build(
    gpu: Gpu,
    pipelines: Pipelines,
    label: string,
    kernels: readonly BoundKernel[],
    onProgress?: (done: number) => void,
  ): Promise<Program> {
    const { device } = gpu
    for (const { kernel, slices } of kernels) checkBindings(device, kernel, slices)
    let done = 0
    const compiled = await Promise.all(
      kernels.map(async ({ kernel }) => {
        const pipeline = await pipelines.compile(kernel)
        onProgress?.(++done / kernels.length)
        return pipeline
      }),
    )
    return gpu.checked(label, () => {
      const constants = writeConstants(device, label, kernels)
      const dispatches = kernels.map(({ kernel, slices, shows = false }, i): Dispatch => {
        const entries: GPUBindGroupEntry[] = slices.map((slice, binding) => ({ binding: binding + 1, resource: slice }))
        if (kernel.params)
          entries.unshift({
            binding: 0,
            resource: { buffer: constants.buffer!, offset: constants.offsets[i]!, size: kernel.params.byteLength },
          })
        return {
          pipeline: compiled[i]!,
          group: device.createBindGroup({ label: kernel.label, layout: pipelines.layout(kernel), entries }),
          usesStep: kernel.usesStep === true,
          shows,
          workgroups: kernel.workgroups,
        }
      })
      return new Program(dispatches, constants.buffer)
    })
  }

  /** Encodes every dispatch, or of a step that nobody looks at those that it needs; `step` and `row` choose the row of the step ring. */
  encode(pass: GPUComputePassEncoder, step?: GPUBindGroup, row?: number, shown = true) {
    const offsets = row === undefined ? [] : [row]
    for (const { pipeline, group, usesStep, shows, workgroups } of this.#dispatches) {
      if (shows && !shown) continue
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      if (usesStep) pass.setBindGroup(1, step!, offsets)
      pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2])
    }
  }

  destroy() {
    this.#constants?.destroy()
  }
}

const alignment = 256

function writeConstants(device: GPUDevice, label: string, kernels: readonly BoundKernel[]) {
  let size = 0
  const offsets = kernels.map(({ kernel }) => {
    const at = size
    if (kernel.params) size += Math.ceil(kernel.params.byteLength / alignment) * alignment
    return at
  })
  if (size === 0) return { buffer: undefined, offsets }
  const bytes = new Uint8Array(size)
  kernels.forEach(({ kernel }, i) => kernel.params && bytes.set(new Uint8Array(kernel.params), offsets[i]!))
  const buffer = device.createBuffer({ label: `${label} constants`, size, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
  device.queue.writeBuffer(buffer, 0, bytes)
  return { buffer, offsets }
}

/** An oversized binding or dispatch fails only at submit and reads back zeros: it is refused here, by name. */
export function checkBindings({ limits }: Pick<GPUDevice, 'limits'>, kernel: Kernel, slices: readonly Slice[]) {
  const refuse = (what: string) => {
    throw new Error(`${kernel.label} (shaders/${kernel.shader}.wgsl): ${what}`)
  }
  if (slices.length !== kernel.access.length) refuse(`${slices.length} buffers given, ${kernel.access.length} expected`)
  if (slices.length > limits.maxStorageBuffersPerShaderStage)
    refuse(`${slices.length} storage buffers, this adapter allows ${limits.maxStorageBuffersPerShaderStage}`)
  for (const { size, offset } of slices) {
    if (size > limits.maxStorageBufferBindingSize)
      refuse(`a binding of ${size} bytes, this adapter allows ${limits.maxStorageBufferBindingSize}`)
    if (offset % alignment) refuse(`a binding at offset ${offset}, which is no multiple of ${alignment}`)
  }
  for (const count of kernel.workgroups)
    if (count > limits.maxComputeWorkgroupsPerDimension)
      refuse(`${count} workgroups in one dimension, this adapter allows ${limits.maxComputeWorkgroupsPerDimension}`)
}
