import type { Kernel } from '../gpu/kernel.ts'
import { expandShader } from '../gpu/shader.ts'

/** A compute pipeline with its buffers bound: encoding it allocates nothing, but compiles it there and then unless `compile` did so before. */
export interface Stage {
  encode(pass: GPUComputePassEncoder): void
  /** Ahead of `encode`, beside others and beside the GPU's own work. */
  compile(): Promise<void>
}

export interface StageDescription extends Pick<Kernel, 'shader' | 'defines' | 'access' | 'workgroups'> {
  /** Pipeline-overridable constants of the shader. */
  constants?: Record<string, number>
  /** Bound whole, at bindings 1, 2, …, as `access` says. */
  buffers: readonly GPUBuffer[]
}

/** Throws where WebGPU would fail silently at submit: a binding larger than the device allows. */
export function createStage(device: GPUDevice, { shader, defines, access, workgroups, constants, buffers }: StageDescription): Stage {
  const limit = device.limits.maxStorageBufferBindingSize
  for (const buffer of buffers)
    if (buffer.size > limit)
      throw new Error(`${shader}: buffer ${buffer.label} has ${buffer.size} bytes, more than this device binds (${limit})`)
  const compiled = compiledFor(device, expandShader(shader, defines), shader, access, constants)
  const group = device.createBindGroup({
    label: shader,
    layout: compiled.layout,
    entries: buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
  })
  return {
    encode(pass) {
      pass.setPipeline((compiled.pipeline ??= device.createComputePipeline(compiled.descriptor)))
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...workgroups)
    },
    async compile() {
      compiled.pipeline ??= await (compiled.pending ??= device.createComputePipelineAsync(compiled.descriptor))
    },
  }
}

interface Compiled {
  layout: GPUBindGroupLayout
  descriptor: GPUComputePipelineDescriptor
  pipeline?: GPUComputePipeline
  pending?: Promise<GPUComputePipeline>
}

// By device, so that the next observation on the same one compiles nothing.
const known = new WeakMap<GPUDevice, Map<string, Compiled>>()

function compiledFor(
  device: GPUDevice,
  code: string,
  shader: string,
  access: StageDescription['access'],
  constants: Record<string, number> = {},
): Compiled {
  const key = JSON.stringify([code, access, constants])
  let ofDevice = known.get(device)
  if (!ofDevice) known.set(device, (ofDevice = new Map()))
  let result = ofDevice.get(key)
  if (!result) {
    const layout = device.createBindGroupLayout({
      label: shader,
      entries: access.map((kind, i) => ({
        binding: i + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: kind === 'read' ? 'read-only-storage' : 'storage' },
      })),
    })
    const descriptor: GPUComputePipelineDescriptor = {
      label: shader,
      layout: device.createPipelineLayout({ label: shader, bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ label: `${shader}.wgsl`, code }), entryPoint: 'main', constants },
    }
    ofDevice.set(key, (result = { layout, descriptor }))
  }
  return result
}

/** A storage buffer, zeroed or filled; both ends of copies. */
export function storageBuffer(device: GPUDevice, label: string, content: number | Uint32Array<ArrayBuffer>, extraUsage = 0): GPUBuffer {
  const size = Math.max(4, typeof content === 'number' ? content : content.byteLength)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | extraUsage
  const buffer = device.createBuffer({ label, size, usage })
  if (typeof content !== 'number') device.queue.writeBuffer(buffer, 0, content)
  return buffer
}
