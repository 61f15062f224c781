/** Opens a WebGPU device with all that the engine can use, and reports what goes wrong on it. */
import { DeviceLoss, DeviceLost } from './device-loss.ts'

export type DeviceProblem = { kind: 'validation' | 'out-of-memory' | 'internal'; message: string }

export interface Gpu {
  readonly device: GPUDevice
  readonly adapter: {
    vendor: string
    architecture: string
    description: string
    driver: string
    software: boolean
    /** Lanes of every subgroup; 0 where that differs from one to another, or nobody says. */
    subgroupSize: number
  }
  readonly features: { timestamps: boolean; subgroups: boolean; f16: boolean }
  /** Whether waiting slows the work down: dawn.node's thread spins while it waits, which takes a core from a software adapter. */
  readonly waitingSpins: boolean
  /** Resolves with the reason when the device is lost; never rejects. Each reaction to it is kept as long as the device: what comes and goes uses `onLost`. */
  readonly lost: Promise<string>
  /** Set once the device is lost. */
  readonly loss: DeviceLost | undefined
  /** Hears of the loss, or at once where it has happened. Returns the way to stop hearing. */
  onLost(listener: (loss: DeviceLost) => void): () => void
  /** What `work` comes to, or a rejection with DeviceLost as soon as the device is gone: on a lost device some WebGPU promises never settle. */
  untilLost<T>(work: Promise<T>): Promise<T>
  /** Hears every error that no scope caught; each message names the operation. Returns the way to stop hearing. */
  onError(listener: (problem: DeviceProblem) => void): () => void
  /** Runs `work`; a validation or memory error inside it throws with `operation` in front. */
  checked<T>(operation: string, work: () => T | Promise<T>): Promise<T>
  destroy(): void
}

/** Why there is no WebGPU here; the page tells each cause apart. */
export class WebGpuUnavailable extends Error {
  override name = 'WebGpuUnavailable'
  readonly reason: 'browser' | 'insecure' | 'adapter'
  constructor(reason: 'browser' | 'insecure' | 'adapter', message: string) {
    super(message)
    this.reason = reason
  }
}

/** The device has no memory left for what was asked of it. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory'
}

const isOutOfMemory = (error: GPUError) => /OutOfMemory/.test(error.constructor.name)

const wantedFeatures: GPUFeatureName[] = [
  'timestamp-query',
  'subgroups',
  'shader-f16',
  // three asks for these when it makes the device itself
  'float32-filterable',
  'float32-blendable',
  'indirect-first-instance',
  'rg11b10ufloat-renderable',
  'bgra8unorm-storage',
]
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const

export async function openDevice(options: { device?: GPUDevice; gpu?: GPU | undefined } = {}): Promise<Gpu> {
  if (options.device) return wrap(options.device, options.device.adapterInfo)
  const adapter = await requestAdapter(options.gpu ?? globalThis.navigator?.gpu)
  const device = await adapter.requestDevice({
    label: 'gradscope',
    requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]])),
  })
  return wrap(device, adapter.info)
}

async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter> {
  if (!gpu) {
    if (globalThis.isSecureContext === false)
      throw new WebGpuUnavailable('insecure', 'WebGPU needs a secure origin: open the page over https or from localhost.')
    throw new WebGpuUnavailable('browser', 'This browser has no WebGPU (no navigator.gpu).')
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new WebGpuUnavailable('adapter', `WebGPU found no adapter: no GPU that it may use${inNode() ? driverHint : ''}.`)
  return adapter
}

/** Outside of a browser, nobody has seen to that. */
const driverHint = '; on Linux it needs the Vulkan loader (libvulkan.so.1) and a Vulkan driver of the GPU’s maker'

const inNode = (): boolean => Boolean((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node)

/** Older browsers tell of an adapter less, or nothing. */
type AdapterInfo = Partial<GPUAdapterInfo> & { driver?: string }

function wrap(device: GPUDevice, info: AdapterInfo = {}): Gpu {
  const listeners = new Set<(problem: DeviceProblem) => void>()
  // Not device.onuncapturederror: three overwrites that.
  const hear = (event: Event) => {
    const error = (event as GPUUncapturedErrorEvent).error
    const kind = isOutOfMemory(error) ? 'out-of-memory' : /Internal/.test(error.constructor.name) ? 'internal' : 'validation'
    for (const listener of listeners) listener({ kind, message: error.message })
  }
  device.addEventListener?.('uncapturederror', hear)
  const losing = DeviceLoss.of(device)
  const { vendor = '', architecture = '', isFallbackAdapter, subgroupMinSize = 0, subgroupMaxSize = 0 } = info
  const description = [vendor, architecture, info.description].filter(Boolean).join(' ')
  const software = isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe/i.test(description)
  return {
    device,
    adapter: {
      vendor,
      architecture,
      description: description || 'unnamed adapter',
      driver: info.driver ?? info.description ?? '',
      software,
      subgroupSize: subgroupMinSize === subgroupMaxSize ? subgroupMinSize : 0,
    },
    waitingSpins: software && inNode(),
    features: {
      timestamps: device.features.has('timestamp-query'),
      subgroups: device.features.has('subgroups'),
      f16: device.features.has('shader-f16'),
    },
    lost: losing.reason,
    get loss() {
      return losing.loss
    },
    onLost: (listener) => losing.onLost(listener),
    untilLost: (work) => losing.until(work),
    onError(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async checked(operation, work) {
      device.pushErrorScope('out-of-memory')
      device.pushErrorScope('validation')
      let popped: Promise<(GPUError | null)[]> | undefined
      // A lost device has no scopes any more.
      const pop = () => (popped ??= Promise.all([device.popErrorScope(), device.popErrorScope()]).catch(() => []))
      let result
      try {
        const begun = work()
        // Scopes are a stack: what needs no waiting pops its own before others, side by side, push theirs.
        if (!(begun instanceof Promise)) void pop()
        result = await begun
      } catch (error) {
        await pop()
        if (error instanceof DeviceLost) throw error
        throw new Error(`${operation}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
      const error = (await pop()).find((e) => e)
      if (error) throw new (isOutOfMemory(error) ? OutOfMemory : Error)(`${operation}: ${error.message}`)
      return result
    },
    destroy() {
      losing.expected = 'the engine was destroyed'
      device.removeEventListener?.('uncapturederror', hear)
      device.destroy()
    },
  }
}
