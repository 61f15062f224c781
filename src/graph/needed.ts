import { is, valuesOf, type Value } from './graph.ts'
import { loss } from './operations/loss.ts'
import { rows } from './operations/rows.ts'
import type { NetworkGraph } from './training-graph.ts'

/**
 * What a step cannot do without between its two passes: the values that the forward pass makes, or is given, and the backward pass reads. Of a graph
 * as it is planned, after fusion.
 */
export function neededByBackward({ graph, lowered }: NetworkGraph): Set<Value> {
  const turn = graph.nodes.findIndex((node) => is(node, loss))
  if (turn < 0) throw new Error('a graph without a loss has no backward pass')
  const forward = new Set([lowered.input, ...graph.nodes.slice(0, turn).flatMap((node) => valuesOf(node.outputs))])
  const backward = graph.nodes.slice(turn).filter((node) => !is(node, rows))
  return new Set(backward.flatMap((node) => valuesOf(node.inputs)).filter((value) => forward.has(value)))
}
