/** Brings to the host what a submission leaves on the GPU, or says why it did not come: a copy that failed would read as zeros. */
import { DeviceLoss, DeviceLost } from '../gpu/device-loss.ts'

/** A reader was destroyed before it had read: whoever waits for it may let go. */
export class ReaderDestroyed extends Error {
  override name = 'ReaderDestroyed'
}

export interface Copy {
  source: GPUBuffer
  /** Bytes; where from, where to, how many. */
  offset: number
  target: number
  size: number
}

/** A staging buffer for one read at a time. */
export class Staging {
  readonly #device: GPUDevice
  readonly #buffer: GPUBuffer
  readonly #stamp: GPUBuffer
  readonly #size: number
  readonly #what: string
  readonly #owner: string
  #destroyed = false
  #refusal: Promise<string | undefined> | undefined

  /** `size` in bytes, a multiple of 4; `what` is read, in the plural, and whose it is, for messages. */
  constructor(device: GPUDevice, size: number, what: string, owner = 'the inspector') {
    this.#device = device
    this.#size = size
    this.#what = what
    this.#owner = owner
    this.#buffer = device.createBuffer({
      label: `${what} staging`,
      size: size + 4,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    this.#stamp = device.createBuffer({ label: `${what} stamp`, size: 4, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
    device.queue.writeBuffer(this.#stamp, 0, copied)
  }

  /** Encodes copies, which must be submitted before `read`, and not while a read is under way. */
  copy(encoder: GPUCommandEncoder, copies: Iterable<Copy>) {
    // A submission that fails leaves no stamp, so that no earlier numbers and no zeros pass for its own.
    this.#device.queue.writeBuffer(this.#buffer, this.#size, missing)
    for (const { source, offset, target, size } of copies) encoder.copyBufferToBuffer(source, offset, this.#buffer, target, size)
    encoder.copyBufferToBuffer(this.#stamp, 0, this.#buffer, this.#size, 4)
  }

  /** Submits what was encoded; what the GPU refuses of it is told by `read` alone. */
  submit(encoder: GPUCommandEncoder) {
    this.#refusal = submitApart(this.#device, encoder)
  }

  /**
   * What was copied last.
   * @throws ReaderDestroyed where `destroy` came first
   * @throws DeviceLost where the device is gone, Error where the submission failed
   */
  async read(): Promise<ArrayBuffer> {
    this.#check()
    try {
      const mapped = this.#buffer.mapAsync(GPUMapMode.READ)
      await DeviceLoss.of(this.#device).until(mapped)
    } catch (error) {
      this.#check()
      if (error instanceof DeviceLost) throw error
      throw new Error(`${this.#what} could not be read: ${(error as Error | undefined)?.message || 'their copy was not mapped'}`, {
        cause: error,
      })
    }
    this.#check()
    const data = this.#buffer.getMappedRange().slice(0)
    this.#buffer.unmap()
    if (new Uint32Array(data, this.#size, 1)[0] !== copied[0])
      throw new Error(`${this.#what} could not be read: the GPU refused the work that computes or copies them${await this.#why()}`)
    return data.slice(0, this.#size)
  }

  async #why() {
    const message = await this.#refusal
    return message ? `: ${message}` : ''
  }

  get destroyed() {
    return this.#destroyed
  }

  #check() {
    if (this.#destroyed) throw new ReaderDestroyed(`${this.#owner} was destroyed before its ${this.#what} were read`)
  }

  destroy() {
    this.#destroyed = true
    this.#buffer.destroy()
    this.#stamp.destroy()
  }
}

/** Submits work that only looks, and tells what the GPU refuses of it: a run that trains on the same device is not to end for that. */
export function submitApart(device: GPUDevice, encoder: GPUCommandEncoder): Promise<string | undefined> {
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  device.queue.submit([encoder.finish()])
  return Promise.all([device.popErrorScope(), device.popErrorScope()]).then(
    (errors) => errors.find((error) => error)?.message,
    () => undefined,
  )
}

const copied = Uint32Array.of(1)
const missing = Uint32Array.of(0)
