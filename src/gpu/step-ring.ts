import type { Slice } from './kernel.ts'
import type { Pipelines } from './pipelines.ts'

/** Size of one row: the largest alignment a dynamic uniform offset can need. */
const rowBytes = 256

/**
 * Rows of uniforms, one a step, written by the host before the submit that uses them. `writeBuffer` runs before a later submit, so a row may be
 * written again only when the submit that read it has finished: a ring of `rows` serves `rows` steps in flight.
 */
export class StepRing {
  readonly group: GPUBindGroup
  readonly rows: number
  readonly bytes: number
  readonly #device: GPUDevice
  readonly #buffer: GPUBuffer
  readonly #staging: ArrayBuffer
  readonly #views: DataView[]
  #next = 0

  constructor(device: GPUDevice, pipelines: Pipelines, rows = 1024) {
    this.#device = device
    this.rows = rows
    this.bytes = rows * rowBytes
    this.#staging = new ArrayBuffer(rows * rowBytes)
    this.#views = Array.from({ length: rows }, (_, row) => new DataView(this.#staging, row * rowBytes, rowBytes))
    this.#buffer = device.createBuffer({
      label: 'step ring',
      size: this.bytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    })
    this.group = device.createBindGroup({
      label: 'step ring',
      layout: pipelines.stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#buffer, size: rowBytes } }],
    })
  }

  /** All rows, for a kernel that takes many of them. */
  get slice(): Slice {
    return { buffer: this.#buffer, offset: 0, size: this.bytes }
  }

  /** Fills the next `count` rows, which lie one behind the other, and returns their byte offsets. `fill` writes row i; `place` is its number. */
  write(count: number, fill: (i: number, row: DataView, place: number) => void): number[] {
    if (count > this.rows) throw new Error(`${count} steps in one submit, the step ring holds ${this.rows}`)
    if (this.#next + count > this.rows) this.#next = 0
    const first = this.#next * rowBytes
    const offsets: number[] = []
    for (let i = 0; i < count; i++) {
      fill(i, this.#views[this.#next + i]!, this.#next + i)
      offsets.push(first + i * rowBytes)
    }
    this.#device.queue.writeBuffer(this.#buffer, first, this.#staging, first, count * rowBytes)
    this.#next += count
    return offsets
  }

  destroy() {
    this.#buffer.destroy()
  }
}
