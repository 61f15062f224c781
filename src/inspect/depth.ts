/** How the gradient fares on its way back through a network: its norm at every weight, from the first layer to the last. */
import type { Observation } from '../graph/observation.ts'
import { normsByDepth, type DepthNorm } from './diagnosis.ts'
import { submitApart } from './staging.ts'
import { StatisticsReader } from './layer-statistics.ts'

export { flowOf, type DepthNorm, type Flow } from './diagnosis.ts'

/** Reads the gradient norms of several networks on one device by depth, all of the steps last submitted. */
export class DepthReader {
  readonly #device: GPUDevice
  readonly #readers: StatisticsReader[]

  constructor(device: GPUDevice, observations: readonly Observation[]) {
    this.#device = device
    this.#readers = observations.map((observation) => new StatisticsReader(device, observation))
  }

  /**
   * A list a network. One read at a time; it waits for the GPU, but nobody waits for it.
   * @throws ReaderDestroyed where `destroy` comes first
   * @throws Error where the device is lost, or the GPU refuses the work, as of a trainer that was destroyed
   */
  async read(): Promise<DepthNorm[][]> {
    await Promise.all(this.#readers.map((reader) => reader.compile()))
    const encoder = this.#device.createCommandEncoder({ label: 'norms by depth' })
    const pass = encoder.beginComputePass({ label: 'norms by depth' })
    for (const reader of this.#readers) reader.encode(pass)
    pass.end()
    for (const reader of this.#readers) reader.copy(encoder)
    void submitApart(this.#device, encoder)
    return (await Promise.all(this.#readers.map((reader) => reader.read()))).map(normsByDepth)
  }

  destroy() {
    for (const reader of this.#readers) reader.destroy()
  }
}
