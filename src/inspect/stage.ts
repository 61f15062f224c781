import type { Kernel } from '../gpu/kernel.ts'
import { Pipelines } from '../gpu/pipelines.ts'
import { checkBindings } from '../gpu/program.ts'

/** A kernel with its buffers bound: encoding it allocates nothing, but compiles it there and then unless `compile` did so before. */
export interface Stage {
  encode(pass: GPUComputePassEncoder): void
  /** Ahead of `encode`, beside others and beside the GPU's own work. */
  compile(): Promise<void>
}

export interface StageDescription extends Pick<Kernel, 'shader' | 'defines' | 'constants' | 'access' | 'workgroups'> {
  /** Bound whole, at bindings 1, 2, …, as `access` says. */
  buffers: readonly GPUBuffer[]
}

/** Throws where WebGPU would fail silently at submit: a binding larger than the device allows. */
export function createStage(device: GPUDevice, { buffers, ...description }: StageDescription): Stage {
  const kernel: Kernel = { label: description.shader, ...description }
  const slices = buffers.map((buffer) => ({ buffer, offset: 0, size: buffer.size }))
  checkBindings(device, kernel, slices)
  const pipelines = Pipelines.of(device)
  const compiled = pipelines.of(kernel)
  const group = device.createBindGroup({
    label: kernel.label,
    layout: pipelines.layout(kernel),
    entries: slices.map((resource, i) => ({ binding: i + 1, resource })),
  })
  return {
    encode(pass) {
      pass.setPipeline(compiled.pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...kernel.workgroups)
    },
    async compile() {
      await compiled.compile()
    },
  }
}

/** A storage buffer, zeroed or filled; both ends of copies. */
export function storageBuffer(device: GPUDevice, label: string, content: number | Uint32Array<ArrayBuffer>, extraUsage = 0): GPUBuffer {
  const size = Math.max(4, typeof content === 'number' ? content : content.byteLength)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | extraUsage
  const buffer = device.createBuffer({ label, size, usage })
  if (typeof content !== 'number') device.queue.writeBuffer(buffer, 0, content)
  return buffer
}
