import { flopsOf as flopsOfNode, type Graph } from '../graph/graph.ts'
import { updateFlops } from '../kernels/optimizer.ts'
import type { ModelFile } from '../model/types.ts'
import type { Prepared } from './prepare.ts'
import type { Cost } from './types.ts'

/** What a run costs, counted from its graph; what is allocated, from its buffers. */
export function costOf({ model, state, train, test, programs, ring, results }: Prepared): Cost {
  const numbers = (trainable: boolean) =>
    state.specs
      .filter((spec) => spec.trainable === trainable)
      .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0)
  const parameters = numbers(true)
  const dataBytes = train.bytes + (test?.bytes ?? 0)
  const buffers = [state.arena, state.gradients, ...programs.buffers]
  return {
    parameters,
    parameterBytes: 4 * parameters,
    gradientBytes: 4 * parameters,
    optimizerBytes: 4 * parameters * state.moments,
    statisticBytes: 4 * numbers(false),
    activationBytes: programs.training.activationBytes,
    dataBytes,
    allocatedBytes: dataBytes + ring.bytes + results.bytes + buffers.reduce((sum, buffer) => sum + buffer.size, 0),
    flopsPerStep: flopsOf(model, programs.training.graph.graph, parameters),
    dispatchesPerStep: programs.training.dispatchesPerStep,
  }
}

/** Floating-point operations of a step: of all its batches, of clipping and of the update. */
export function flopsOf(model: ModelFile, graph: Graph, parameters: number): number {
  const { accumulate = 1, clipNorm, optimizer } = model
  const batch = graph.nodes.reduce((sum, node) => sum + flopsOfNode(node), 0)
  // to add up the batches' gradients; their squares, and the scale
  const each = (accumulate > 1 ? accumulate : 0) + (clipNorm ? 3 : 0) + updateFlops(optimizer)
  return accumulate * batch + each * parameters
}
