import type { Observation, TensorView } from '../graph/observation.ts'
import { BufferReader } from './buffer-reader.ts'
import type { NonFinite } from './layer-statistics.ts'
import { createStage, storageBuffer, type Stage } from './stage.ts'

/** Numbers that an update reads at most, unless one row of each branch is more. */
const numbersPerUpdate = 2 ** 20
const numbersPerLane = 64
const maximumLanes = 1024
/** In `norms`, before the first norm: both ends of the range. */
export const firstPathNorm = 2

/** What arrives at a container's input through one of its branches. */
export interface PathNorm extends NonFinite {
  container: number
  branch: number
  /** ‖∂L/∂(the container's input)‖ through this branch, over the first rows of the batch; NaN where a number is NaN, else infinite where one is. */
  norm: number
  /** Numbers that it is taken over. */
  count: number
}

/**
 * How much gradient flows through each branch of each container, so that a bypass and the layers beside it can be compared: norms over as many of the
 * first rows of the batch as keep an update's cost bounded, the same for all branches.
 */
export class PathNorms {
  /** Rows of the batch that the norms are taken over. */
  readonly rows: number
  /** log2 of both ends of the range, a norm for each of `branches` (float32's largest number at most), then scale, squares, NaN and infinite of each. */
  readonly norms: GPUBuffer
  readonly branches: readonly { container: number; branch: number; count: number }[]
  readonly #stages: Stage[]
  readonly #owned: GPUBuffer[] = []
  readonly #reader: BufferReader

  constructor(device: GPUDevice, { batch, containers }: Observation) {
    const arrivals = containers.flatMap(({ branches }, container) =>
      branches.flatMap(({ arrival }, branch) => (arrival ? [{ container, branch, arrival }] : [])),
    )
    const perRow = arrivals.reduce((sum, { arrival }) => sum + rowSize(arrival), 0)
    this.rows = Math.max(1, Math.min(batch, Math.floor(numbersPerUpdate / Math.max(1, perRow))))
    this.branches = arrivals.map(({ container, branch, arrival }) => ({ container, branch, count: this.rows * rowSize(arrival) }))
    const own = (buffer: GPUBuffer) => {
      this.#owned.push(buffer)
      return buffer
    }
    let firstLane = 0
    const paths = arrivals.map(({ arrival }) => {
      const count = this.rows * rowSize(arrival)
      const lanes = Math.min(maximumLanes, Math.ceil(count / numbersPerLane))
      const path = { tensor: arrival, words: [arrival.offset / 4, count, firstLane, lanes] }
      firstLane += lanes
      return path
    })
    this.norms = own(storageBuffer(device, 'path norms', 4 * (firstPathNorm + 5 * arrivals.length)))
    this.#reader = new BufferReader(device, this.norms, 'path norms')
    const lanes = own(storageBuffer(device, 'path lanes', 16 * firstLane))
    const buffers = [...new Set(paths.map(({ tensor }) => tensor.buffer))]
    this.#stages = buffers.map((source) => {
      const here = paths.filter(({ tensor }) => tensor.buffer === source).map(({ words }) => words)
      const table = own(storageBuffer(device, 'paths', Uint32Array.from(here.flat())))
      return createStage(device, {
        shader: 'path-norm-lanes',
        access: ['read', 'read', 'write'],
        buffers: [table, source, lanes],
        workgroups: [Math.ceil(Math.max(...here.map((words) => words[3]!)) / 64), here.length, 1],
      })
    })
    if (paths.length === 0) return
    const all = own(storageBuffer(device, 'paths', Uint32Array.from(paths.flatMap(({ words }) => words.slice(2)))))
    this.#stages.push(
      createStage(device, {
        shader: 'path-norms',
        access: ['read', 'read', 'write'],
        buffers: [all, lanes, this.norms],
        workgroups: [1, 1, 1],
      }),
    )
  }

  async compile() {
    await Promise.all(this.#stages.map((stage) => stage.compile()))
  }

  encode(pass: GPUComputePassEncoder) {
    for (const stage of this.#stages) stage.encode(pass)
  }

  async read(): Promise<PathNorm[]> {
    if (this.branches.length === 0) return []
    const data = await this.#reader.read()
    return this.branches.map((branch, i) => {
      const at = 4 * (firstPathNorm + this.branches.length + 4 * i)
      const [scale, squares] = new Float32Array(data, at, 2) as unknown as [number, number]
      const [nan, infinite] = new Uint32Array(data, at + 8, 2) as unknown as [number, number]
      return { ...branch, nan, infinite, norm: nan > 0 ? NaN : infinite > 0 ? Infinity : scale * Math.sqrt(squares) }
    })
  }

  destroy() {
    for (const buffer of this.#owned) buffer.destroy()
    this.#reader.destroy()
  }
}

/** Numbers of a row, which lie together, as rows do. */
const rowSize = ({ shape }: TensorView): number => shape.slice(1).reduce((product, n) => product * n, 1)
