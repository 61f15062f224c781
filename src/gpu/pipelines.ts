import type { Gpu } from './device.ts'
import type { Kernel } from './kernel.ts'
import { expandShader } from './shader.ts'

/** Compiles kernels asynchronously and keeps every pipeline and layout, so that equal kernels share one. */
export class Pipelines {
  readonly #gpu: Gpu
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()
  readonly #layouts = new Map<string, GPUBindGroupLayout>()
  /** Layout of group 1: the step's uniform, a row chosen by dynamic offset. */
  readonly stepLayout: GPUBindGroupLayout

  constructor(gpu: Gpu) {
    this.#gpu = gpu
    this.stepLayout = gpu.device.createBindGroupLayout({
      label: 'step',
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } }],
    })
  }

  /** Layout of group 0: the uniform struct at 0 where there is one, storage buffers from 1. */
  layout(kernel: Kernel): GPUBindGroupLayout {
    const key = `${kernel.params ? 'p' : ''}${kernel.access.join()}`
    let layout = this.#layouts.get(key)
    if (!layout) {
      const entries: GPUBindGroupLayoutEntry[] = kernel.access.map((access, i) => ({
        binding: i + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      }))
      if (kernel.params) entries.unshift({ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } })
      layout = this.#gpu.device.createBindGroupLayout({ label: key, entries })
      this.#layouts.set(key, layout)
    }
    return layout
  }

  compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const code = expandShader(kernel.shader, kernel.defines)
    const key = [code, kernel.entry, kernel.params ? 'p' : '', kernel.access.join(), kernel.usesStep].join('|')
    let pipeline = this.#pipelines.get(key)
    if (!pipeline) {
      pipeline = this.#compile(kernel, code)
      this.#pipelines.set(key, pipeline)
    }
    return pipeline
  }

  async #compile(kernel: Kernel, code: string): Promise<GPUComputePipeline> {
    const { device } = this.#gpu
    device.pushErrorScope('validation')
    const module = device.createShaderModule({ label: `${kernel.shader}.wgsl`, code })
    device.popErrorScope().catch(() => {}) // what is wrong with the module comes with the pipeline
    const bindGroupLayouts = kernel.usesStep ? [this.layout(kernel), this.stepLayout] : [this.layout(kernel)]
    try {
      return await device.createComputePipelineAsync({
        label: kernel.label,
        layout: device.createPipelineLayout({ label: kernel.label, bindGroupLayouts }),
        compute: { module, entryPoint: kernel.entry ?? 'main' },
      })
    } catch (error) {
      // A lost device has nothing to tell of it.
      const messages = await module.getCompilationInfo().then(
        (info) => info.messages,
        () => [],
      )
      const bad = messages.filter((message) => message.type === 'error')
      const why = bad.length
        ? bad.map((message) => `${message.message} (expanded line ${message.lineNum})`).join('; ')
        : error instanceof Error
          ? error.message
          : String(error)
      throw new Error(`shaders/${kernel.shader}.wgsl, ${kernel.label}: ${why}`, { cause: error })
    }
  }
}
