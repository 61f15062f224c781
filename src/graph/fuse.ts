import { derivativeFrom } from '../kernels/activation.ts'
import type { ActivationName } from '../model/types.ts'
import type { Graph, Node, Value } from './graph.ts'

/**
 * Saves passes over memory where nobody looks at what lies between: an activation goes into the epilogue of the `linear` before it, an activation's
 * derivative into the matrix product that made ∂L/∂activation. Only derivatives that are taken from the output can be fused. Values in `keep` stay.
 */
export function fuse(graph: Graph, keep: ReadonlySet<Value>): void {
  const nodes = graph.nodes.slice() // merging takes nodes out
  for (const node of nodes) {
    if (node.op !== 'activation' && node.op !== 'activationDerivative') continue
    const { name, parameter } = node.attributes as { name: ActivationName; parameter: number }
    if (derivativeFrom(name, parameter) !== 'output') continue
    if (node.op === 'activation') {
      const linear = soleProducer(graph, node, node.inputs[0]!, 'linear', keep)
      if (linear) merge(graph, linear, node, { activation: name, parameter })
    } else {
      const product = soleProducer(graph, node, node.inputs[1]!, 'matmul', keep)
      if (product && !product.attributes['epilogue']) {
        merge(graph, product, node, { derivative: name, parameter })
        product.inputs = [...product.inputs, node.inputs[0]!]
      }
    }
  }
}

/** The node of that kind which makes `value`, if `node` alone reads it. */
function soleProducer(graph: Graph, node: Node, value: Value, op: string, keep: ReadonlySet<Value>): Node | undefined {
  const producer = graph.producer(value)
  if (producer?.op !== op || keep.has(value)) return undefined
  const consumers = graph.consumers(value)
  return consumers.length === 1 && consumers[0] === node ? producer : undefined
}

function merge(graph: Graph, into: Node, node: Node, epilogue: Record<string, unknown>) {
  into.outputs = [...node.outputs]
  into.attributes = { ...into.attributes, epilogue }
  graph.remove(node)
}
