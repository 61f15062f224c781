import { elements, type Node } from '../graph/graph.ts'
import type { Prepared } from './prepare.ts'
import type { Cost } from './types.ts'

/** What a run costs, counted from its graph and its buffers. */
export function costOf({ state, train, test, programs }: Prepared): Cost {
  const parameters = state.specs
    .filter((spec) => spec.trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0)
  return {
    parameters,
    weightBytes: state.parameterFloats * 4,
    gradientBytes: state.gradients.size,
    optimizerBytes: state.parameterFloats * 4 * state.moments,
    activationBytes: programs.buffers.reduce((sum, buffer) => sum + buffer.size, 0),
    dataBytes: train.bytes + (test?.bytes ?? 0),
    flopsPerStep: programs.training.graph.graph.nodes.reduce((sum, node) => sum + flops(node), 0),
    dispatchesPerStep: programs.training.dispatchesPerStep,
  }
}

// Matrix products only: what else a step does is a small share and differs from adapter to adapter.
function flops({ op, inputs, outputs, attributes }: Node): number {
  if (op === 'linear') return 2 * elements(inputs[0]!) * inputs[1]!.shape[0]!
  if (op !== 'matmul') return 0
  const inner = attributes['transposeA'] ? inputs[0]!.shape[0]! : elements(inputs[0]!) / inputs[0]!.shape[0]!
  return 2 * elements(outputs[0]!) * inner
}
