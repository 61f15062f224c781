import { elements, type Node } from '../graph/graph.ts'
import type { Prepared } from './prepare.ts'
import type { Cost } from './types.ts'

/** What a run costs, counted from its graph; what is allocated, from its buffers. */
export function costOf({ state, train, test, programs, ring, results }: Prepared): Cost {
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
    flopsPerStep: programs.training.graph.graph.nodes.reduce((sum, node) => sum + flops(node), 0),
    dispatchesPerStep: programs.training.dispatchesPerStep,
  }
}

// Matrix products only: what else a step does is a small share and differs from adapter to adapter.
function flops({ op, inputs, outputs, attributes }: Node): number {
  if (op === 'conv2d') return 2 * elements(outputs[0]!) * (elements(inputs[1]!) / inputs[1]!.shape[0]!)
  if (op === 'conv2dInput') return 2 * elements(inputs[0]!) * (elements(inputs[1]!) / inputs[1]!.shape[0]!)
  if (op === 'conv2dWeight') return 2 * elements(inputs[0]!) * (elements(outputs[0]!) / outputs[0]!.shape[0]!)
  if (op === 'linear') return 2 * elements(inputs[0]!) * inputs[1]!.shape[0]!
  if (op !== 'matmul') return 0
  const inner = attributes['transposeA'] ? inputs[0]!.shape[0]! : elements(inputs[0]!) / inputs[0]!.shape[0]!
  return 2 * elements(outputs[0]!) * inner
}
