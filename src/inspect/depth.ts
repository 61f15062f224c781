/** How the gradient fares on its way back through a network: its norm at every weight, from the first layer to the last. */
import type { Observation } from '../graph/observation.ts'
import { StatisticsReader, type LayerStatistics } from './layer-statistics.ts'

export interface DepthNorm {
  /** Path of the weight: `layers.4.weight`. */
  path: string
  norm: number
}

/** `nonFinite`: some gradient is NaN or infinite; `dead`: exactly zero at the first layer or at the last. */
export type Flow = 'vanishes' | 'fades' | 'arrives' | 'explodes' | 'dead' | 'nonFinite'

/** The first weight's gradient norm as a share of the last's below which little arrives, and below which a layer learns next to nothing. */
const fading = 1e-2
const vanishing = 1e-4
const exploding = 1e3

/** Gradient norms of the weights (no biases), in the order in which the statistics come: by depth. */
export const normsByDepth = (statistics: readonly Pick<LayerStatistics, 'path' | 'gradientNorm' | 'nonFinite'>[]): DepthNorm[] =>
  statistics
    .filter(({ path }) => path.endsWith('.weight'))
    .map(({ path, gradientNorm, nonFinite }) => ({ path, norm: nonFinite > 0 ? NaN : gradientNorm }))

/** Norm at the first weight over the norm at the last, and what that means; null without two weights. */
export function flowOf(norms: readonly DepthNorm[]): { share: number; flow: Flow } | null {
  const [first, last] = [norms[0], norms.at(-1)]
  if (!first || !last || norms.length < 2) return null
  const share = first.norm / last.norm
  if (!norms.every(({ norm }) => Number.isFinite(norm))) return { share: NaN, flow: 'nonFinite' }
  if (first.norm === 0 || last.norm === 0) return { share, flow: 'dead' }
  const flow = share < vanishing ? 'vanishes' : share < fading ? 'fades' : share > exploding ? 'explodes' : 'arrives'
  return { share, flow }
}

/** Reads the gradient norms of several networks on one device by depth, all of the steps last submitted. */
export class DepthReader {
  readonly #device: GPUDevice
  readonly #readers: StatisticsReader[]

  constructor(device: GPUDevice, observations: readonly Observation[]) {
    this.#device = device
    this.#readers = observations.map((observation) => new StatisticsReader(device, observation))
  }

  /** A list a network. One read at a time; it waits for the GPU, but nobody waits for it. */
  async read(): Promise<DepthNorm[][]> {
    await Promise.all(this.#readers.map((reader) => reader.compile()))
    const encoder = this.#device.createCommandEncoder({ label: 'norms by depth' })
    const pass = encoder.beginComputePass({ label: 'norms by depth' })
    for (const reader of this.#readers) reader.encode(pass)
    pass.end()
    for (const reader of this.#readers) reader.copy(encoder)
    this.#device.queue.submit([encoder.finish()])
    return (await Promise.all(this.#readers.map((reader) => reader.read()))).map(normsByDepth)
  }

  destroy() {
    for (const reader of this.#readers) reader.destroy()
  }
}
