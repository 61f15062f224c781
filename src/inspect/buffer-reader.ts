import { Staging } from './staging.ts'

/** Reads a whole buffer back; nobody waits, and reads asked for while one is under way share it. */
export class BufferReader {
  readonly #device: GPUDevice
  readonly #source: GPUBuffer
  readonly #staging: Staging
  #pending: Promise<ArrayBuffer> | undefined

  /** `what` and `owner` as `Staging` has them. */
  constructor(device: GPUDevice, source: GPUBuffer, what: string, owner?: string) {
    this.#device = device
    this.#source = source
    this.#staging = new Staging(device, source.size, what, owner)
  }

  /** @throws as `Staging.read` */
  read(): Promise<ArrayBuffer> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #read() {
    if (this.#staging.destroyed) return this.#staging.read()
    const encoder = this.#device.createCommandEncoder({ label: this.#source.label })
    this.#staging.copy(encoder, [{ source: this.#source, offset: 0, target: 0, size: this.#source.size }])
    this.#staging.submit(encoder)
    return this.#staging.read()
  }

  destroy() {
    this.#staging.destroy()
  }
}
