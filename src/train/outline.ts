import { parametersOf } from '../model/shapes.ts'
import { elements } from '../graph/graph.ts'
import type { Observation } from '../graph/observation.ts'
import { trainingGraph } from '../graph/training-graph.ts'
import type { LossName, Network } from '../model/types.ts'
import { observedAt } from './observe.ts'

/** A network as it will be observed, before there are data or kernels for it: all its numbers are zeros. */
export interface Outline {
  observation: Observation
  destroy(): void
}

/** `network` must chain; `loss` decides which of its values have gradients. */
export function outlineOf(device: GPUDevice, network: Network, loss: LossName): Outline {
  // Of two samples: batchNorm has no derivative of one.
  const graph = trainingGraph(network, loss, 2)
  const { outputs, parameters } = graph.lowered
  const largest = Math.max(...[...outputs.values(), ...parameters.values()].map(elements))
  // Everything lies in the same zeros, which nobody writes.
  const buffer = device.createBuffer({
    label: 'outline',
    size: 4 * (largest + 4),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  })
  const zeros = () => ({ buffer, offset: 0, size: buffer.size })
  const observation = observedAt(graph, {
    rows: 1,
    activation: zeros,
    isKept: () => true,
    parameter: zeros,
    parameterGradient: zeros,
    specs: parametersOf(network),
  })
  return { observation: { step: 0, ...observation }, destroy: () => buffer.destroy() }
}
