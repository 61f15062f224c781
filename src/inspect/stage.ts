import type { Kernel } from '../gpu/kernel.ts'
import { expandShader } from '../gpu/shader.ts'

/** A compute pipeline with its buffers bound: encoding it allocates nothing. */
export interface Stage {
  encode(pass: GPUComputePassEncoder): void
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
  const { layout, pipeline } = compile(device, expandShader(shader, defines), shader, access, constants)
  const group = device.createBindGroup({
    label: shader,
    layout,
    entries: buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
  })
  return {
    encode(pass) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...workgroups)
    },
  }
}

interface Compiled {
  layout: GPUBindGroupLayout
  pipeline: GPUComputePipeline
}

// By device, so that the next observation on the same one compiles nothing.
const compiled = new WeakMap<GPUDevice, Map<string, Compiled>>()

function compile(
  device: GPUDevice,
  code: string,
  shader: string,
  access: StageDescription['access'],
  constants: Record<string, number> = {},
): Compiled {
  const key = JSON.stringify([code, access, constants])
  let known = compiled.get(device)
  if (!known) compiled.set(device, (known = new Map()))
  let result = known.get(key)
  if (!result) {
    const layout = device.createBindGroupLayout({
      label: shader,
      entries: access.map((kind, i) => ({
        binding: i + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: kind === 'read' ? 'read-only-storage' : 'storage' },
      })),
    })
    const pipeline = device.createComputePipeline({
      label: shader,
      layout: device.createPipelineLayout({ label: shader, bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ label: `${shader}.wgsl`, code }), entryPoint: 'main', constants },
    })
    known.set(key, (result = { layout, pipeline }))
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
