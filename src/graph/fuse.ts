import type { ActivationName } from '../model/types.ts'
import type { Graph, Value } from './graph.ts'

/**
 * Saves passes over memory: an activation goes into the epilogue of the `linear` before it, an activation's derivative into the matrix product that
 * made ∂L/∂activation. The value in between is stored by the same kernel where `keep` holds it or another node reads it.
 */
export function fuse(graph: Graph, keep: ReadonlySet<Value>): void {
  const nodes = graph.nodes.slice() // merging takes nodes out
  for (const node of nodes) {
    if (node.op !== 'activation' && node.op !== 'activationDerivative') continue
    const { name, parameter } = node.attributes as { name: ActivationName; parameter: number }
    const [from, op] = node.op === 'activation' ? [node.inputs[0]!, 'linear'] : [node.inputs[1]!, 'matmul']
    const producer = graph.producer(from)
    if (producer?.op !== op || producer.attributes['epilogue']) continue
    const between = keep.has(from) || graph.consumers(from).some((consumer) => consumer !== node)
    const epilogue = { ...(op === 'linear' ? { activation: name } : { derivative: name }), parameter, keep: between }
    producer.attributes = { ...producer.attributes, epilogue }
    producer.outputs = between ? [node.outputs[0]!, from] : [node.outputs[0]!]
    if (op === 'matmul') producer.inputs = [...producer.inputs, node.inputs[0]!]
    graph.remove(node)
  }
}
