import type { ActivationName } from '../model/types.ts'
import type { Graph, Value } from './graph.ts'

/** What an activation follows, and what makes the gradient of one's output. */
const forward = new Set(['linear', 'conv2d', 'batchNorm', 'batchNormEvaluate', 'add'])
const backward = new Set(['matmul', 'conv2dInput', 'add'])

/**
 * Saves passes over memory: an activation goes into the epilogue of the operation before it, an activation's derivative into the one that made
 * ∂L/∂activation. The value in between is stored by the same kernel where `keep` holds it or another node reads it: it becomes the last output.
 */
export function fuse(graph: Graph, keep: ReadonlySet<Value>): void {
  const nodes = graph.nodes.slice() // merging takes nodes out
  for (const node of nodes) {
    if (node.op !== 'activation' && node.op !== 'activationDerivative') continue
    const { name, parameter } = node.attributes as { name: ActivationName; parameter: number }
    const isForward = node.op === 'activation'
    const from = node.inputs[isForward ? 0 : 1]!
    const producer = graph.producer(from)
    if (!producer || !(isForward ? forward : backward).has(producer.op) || producer.attributes['epilogue']) continue
    const between = keep.has(from) || graph.consumers(from).some((consumer) => consumer !== node)
    const epilogue = { ...(isForward ? { activation: name } : { derivative: name }), parameter, keep: between }
    producer.attributes = { ...producer.attributes, epilogue }
    producer.outputs = [node.outputs[0]!, ...producer.outputs.slice(1), ...(between ? [from] : [])]
    if (!isForward) producer.inputs = [...producer.inputs, node.inputs[0]!]
    graph.remove(node)
  }
}
