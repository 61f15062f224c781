import { fuse } from '../graph/fuse.ts'
import { halve } from '../graph/halve.ts'
import { placeByLifetime } from '../graph/memory.ts'
import { mergeSums } from '../graph/merge-sums.ts'
import { showRows, showWhole, type Shown } from '../graph/shown.ts'
import { trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import type { ProgramRequest } from './programs.ts'

/** Bytes of activations up to which every layer's output and its gradient stay in their buffers; beyond, the first samples of what the picture shows. */
const wholeBytes = 64 * 2 ** 20

/** A training step as operations, and what of it can be looked at. */
export interface StepGraph {
  network: NetworkGraph
  shown: Shown
}

/** A step at some batch size, as it is planned. */
export function stepGraph(
  { model, precision, activations }: Pick<ProgramRequest, 'model' | 'precision' | 'activations'>,
  batch: number,
): StepGraph {
  const made = (show: (network: NetworkGraph) => Shown): StepGraph => {
    const network = trainingGraph(model, model.loss, batch)
    const shown = show(network)
    fuse(network.graph, shown.keep)
    mergeSums(network.graph)
    if (precision === 'mixed') halve(network.graph)
    return { network, shown }
  }
  if (activations === 'samples') return made(showRows)
  const whole = made(showWhole)
  return activations === 'all' || activationBytes(whole) <= wholeBytes ? whole : made(showRows)
}

/** What the activations of a step take, sharing memory by lifetime. */
export const activationBytes = ({ network, shown }: StepGraph): number =>
  placeByLifetime(network.graph, shown.keep).sizes.reduce((sum, size) => sum + size, 0)
