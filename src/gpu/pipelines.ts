import type { Kernel } from './kernel.ts'
import { expandShader } from './shader.ts'

/** A kernel's pipeline, compiled ahead by `compile` or, where nobody did, when it is first asked for. */
export interface Compiled {
  readonly pipeline: GPUComputePipeline
  /** Beside others and beside the GPU's own work. Rejects with what is wrong with the shader. */
  compile(): Promise<GPUComputePipeline>
}

const shared = new WeakMap<GPUDevice, Pipelines>()

/** Every pipeline and layout of a device, so that equal kernels share one. */
export class Pipelines {
  readonly #device: GPUDevice
  readonly #compiled = new Map<string, Compiled>()
  readonly #layouts = new Map<string, GPUBindGroupLayout>()
  /** Layout of group 1: the step's uniform, a row chosen by dynamic offset. */
  readonly stepLayout: GPUBindGroupLayout

  constructor(device: GPUDevice) {
    this.#device = device
    this.stepLayout = device.createBindGroupLayout({
      label: 'step',
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } }],
    })
  }

  /** Those that everything on the device shares. */
  static of(device: GPUDevice): Pipelines {
    let pipelines = shared.get(device)
    if (!pipelines) shared.set(device, (pipelines = new Pipelines(device)))
    return pipelines
  }

  /** Layout of group 0: the uniform struct at 0 where there is one, storage buffers from 1. */
  layout(kernel: Pick<Kernel, 'params' | 'access'>): GPUBindGroupLayout {
    const key = `${kernel.params ? 'p' : ''}${kernel.access.join()}`
    let layout = this.#layouts.get(key)
    if (!layout) {
      const entries: GPUBindGroupLayoutEntry[] = kernel.access.map((access, i) => ({
        binding: i + 1,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      }))
      if (kernel.params) entries.unshift({ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } })
      layout = this.#device.createBindGroupLayout({ label: key, entries })
      this.#layouts.set(key, layout)
    }
    return layout
  }

  /** The pipeline of a kernel, not yet compiled. */
  of(kernel: Kernel): Compiled {
    const code = expandShader(kernel.shader, kernel.defines)
    const constants = JSON.stringify(kernel.constants ?? {})
    const key = [code, kernel.entry, kernel.params ? 'p' : '', kernel.access.join(), kernel.usesStep, constants].join('|')
    let compiled = this.#compiled.get(key)
    if (!compiled) this.#compiled.set(key, (compiled = this.#made(kernel, code)))
    return compiled
  }

  compile(kernel: Kernel): Promise<GPUComputePipeline> {
    return this.of(kernel).compile()
  }

  #made(kernel: Kernel, code: string): Compiled {
    const device = this.#device
    const bindGroupLayouts = kernel.usesStep ? [this.layout(kernel), this.stepLayout] : [this.layout(kernel)]
    const describe = (): GPUComputePipelineDescriptor => ({
      label: kernel.label,
      layout: device.createPipelineLayout({ label: kernel.label, bindGroupLayouts }),
      compute: {
        module: device.createShaderModule({ label: `${kernel.shader}.wgsl`, code }),
        entryPoint: kernel.entry ?? 'main',
        ...(kernel.constants && { constants: kernel.constants }),
      },
    })
    let pipeline: GPUComputePipeline | undefined
    let pending: Promise<GPUComputePipeline> | undefined
    return {
      get pipeline() {
        return (pipeline ??= device.createComputePipeline(describe()))
      },
      compile: () => (pending ??= compile(device, kernel, describe).then((compiled) => (pipeline ??= compiled))),
    }
  }
}

async function compile(device: GPUDevice, kernel: Kernel, describe: () => GPUComputePipelineDescriptor): Promise<GPUComputePipeline> {
  device.pushErrorScope('validation')
  const descriptor = describe()
  device.popErrorScope().catch(() => {}) // what is wrong with the module comes with the pipeline
  try {
    return await device.createComputePipelineAsync(descriptor)
  } catch (error) {
    // A lost device has nothing to tell of it.
    const messages = await descriptor.compute.module.getCompilationInfo().then(
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
