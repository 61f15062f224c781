/**
 * Copies a range of a buffer to the host, `size` in bytes. For results that a person asks for: it waits and makes a staging buffer.
 * @throws Error where the copy fails, as of a destroyed buffer, which would otherwise read as zeros
 */
export async function readBuffer(device: GPUDevice, source: GPUBuffer, offset = 0, size = source.size - offset): Promise<ArrayBuffer> {
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  const staging = device.createBuffer({
    label: `read ${source.label}`,
    size: Math.max(4, size),
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  const encoder = device.createCommandEncoder({ label: `read ${source.label}` })
  encoder.copyBufferToBuffer(source, offset, staging, 0, size)
  device.queue.submit([encoder.finish()])
  const scopes = Promise.all([device.popErrorScope(), device.popErrorScope()]).catch(() => [])
  try {
    const [mapped, errors] = await Promise.allSettled([staging.mapAsync(GPUMapMode.READ), scopes])
    const error = errors.status === 'fulfilled' ? errors.value.find((found) => found) : undefined
    if (error) throw new Error(`${source.label || 'a buffer'} could not be read: ${error.message}`, { cause: error })
    if (mapped.status === 'rejected') throw unmapped(source, mapped.reason)
    return staging.getMappedRange().slice(0, size)
  } finally {
    staging.destroy()
  }
}

/** Some browsers reject a map without a word. */
const unmapped = (source: GPUBuffer, reason: unknown) =>
  new Error(`${source.label || 'a buffer'} could not be read: ${(reason as Error | undefined)?.message || 'its copy was not mapped'}`, {
    cause: reason,
  })

/**
 * A ring of rows that the GPU fills, one a step, and the host reads later without anybody waiting: at most one map is pending, and it takes all rows
 * that are new by then.
 */
export class ResultRing {
  readonly buffer: GPUBuffer
  readonly rows: number
  readonly #device: GPUDevice
  readonly #staging: GPUBuffer
  readonly #rowFloats: number
  #delivered = 0
  #pending: Promise<void> | undefined
  #failure: Error | undefined

  /** Hears rows [first, …) in order, each once. */
  onRows: (first: number, rows: Float32Array) => void = () => {}

  constructor(device: GPUDevice, rows: number, rowFloats: number) {
    this.#device = device
    this.rows = rows
    this.#rowFloats = rowFloats
    const size = rows * rowFloats * 4
    this.buffer = device.createBuffer({
      label: 'results',
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
    this.#staging = device.createBuffer({ label: 'results staging', size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
  }

  /** Rows handed over so far. */
  get delivered() {
    return this.#delivered
  }

  /** Begins reading all rows below `filled` unless a read is under way; they must have been submitted. */
  poll(filled: number) {
    if (this.#pending || filled <= this.#delivered) return
    const first = this.#delivered
    const count = filled - first
    if (count > this.rows) throw new RangeError(`results: ${count} rows wait, and the ring has ${this.rows}`)
    const bytes = this.#rowFloats * 4
    const at = first % this.rows
    const head = Math.min(count, this.rows - at)
    const encoder = this.#device.createCommandEncoder({ label: 'results' })
    encoder.copyBufferToBuffer(this.buffer, at * bytes, this.#staging, 0, head * bytes)
    if (head < count) encoder.copyBufferToBuffer(this.buffer, 0, this.#staging, head * bytes, (count - head) * bytes)
    this.#device.queue.submit([encoder.finish()])
    this.#pending = this.#staging.mapAsync(GPUMapMode.READ, 0, count * bytes).then(
      () => {
        const rows = new Float32Array(this.#staging.getMappedRange(0, count * bytes).slice(0))
        this.#staging.unmap()
        this.#pending = undefined
        this.#delivered = filled
        this.onRows(first, rows)
      },
      (reason) => {
        this.#pending = undefined
        this.#failure = unmapped(this.buffer, reason)
      },
    )
  }

  /** With the copy that is read. */
  get bytes() {
    return this.buffer.size + this.#staging.size
  }

  /** Waits for the read under way, if any. Throws where a read has failed, as on a lost device. */
  async wait() {
    await this.#pending
    if (this.#failure) throw this.#failure
  }

  /** Waits for all rows below `rows`, which were submitted. Throws where a read has failed. */
  async arrived(rows: number): Promise<void> {
    while (this.#delivered < rows) {
      this.poll(rows)
      await this.wait()
    }
  }

  /** Forgets all rows; `next` is the row that comes next. */
  async reset(next = 0) {
    await this.#pending
    this.#delivered = next
    this.#failure = undefined
  }

  destroy() {
    this.buffer.destroy()
    this.#staging.destroy()
  }
}
