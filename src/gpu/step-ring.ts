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
  #next = 0

  constructor(device: GPUDevice, pipelines: Pipelines, rows = 1024) {
    this.#device = device
    this.rows = rows
    this.bytes = rows * rowBytes
    this.#staging = new ArrayBuffer(rows * rowBytes)
    this.#buffer = device.createBuffer({
      label: 'step ring',
      size: this.bytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    })
    this.group = device.createBindGroup({
      label: 'step ring',
      layout: pipelines.stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#buffer, size: rowBytes } }],
    })
  }

  /** Fills the next `count` rows and returns their byte offsets. `fill` writes row i. */
  write(count: number, fill: (i: number, row: DataView) => void): number[] {
    if (count > this.rows) throw new Error(`${count} steps in one submit, the step ring holds ${this.rows}`)
    if (this.#next + count > this.rows) this.#next = 0
    const first = this.#next * rowBytes
    const offsets = Array.from({ length: count }, (_, i) => {
      const at = first + i * rowBytes
      fill(i, new DataView(this.#staging, at, rowBytes))
      return at
    })
    this.#device.queue.writeBuffer(this.#buffer, first, this.#staging, first, count * rowBytes)
    this.#next += count
    return offsets
  }

  destroy() {
    this.#buffer.destroy()
  }
}
