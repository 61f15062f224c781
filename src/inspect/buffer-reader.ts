/** Reads a whole buffer back through one staging buffer, without anybody waiting; one read at a time, which all who ask meanwhile share. */
export class BufferReader {
  readonly #device: GPUDevice
  readonly #source: GPUBuffer
  readonly #staging: GPUBuffer
  #pending: Promise<Float32Array<ArrayBuffer>> | undefined

  constructor(device: GPUDevice, source: GPUBuffer) {
    this.#device = device
    this.#source = source
    this.#staging = device.createBuffer({
      label: `${source.label} staging`,
      size: source.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
  }

  read(): Promise<Float32Array<ArrayBuffer>> {
    this.#pending ??= this.#read().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #read() {
    const encoder = this.#device.createCommandEncoder({ label: this.#staging.label })
    encoder.copyBufferToBuffer(this.#source, 0, this.#staging, 0, this.#source.size)
    this.#device.queue.submit([encoder.finish()])
    await this.#staging.mapAsync(GPUMapMode.READ)
    const numbers = new Float32Array(this.#staging.getMappedRange().slice(0))
    this.#staging.unmap()
    return numbers
  }

  destroy() {
    this.#staging.destroy()
  }
}
