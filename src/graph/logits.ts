import type { Graph, Value } from './graph.ts'

/**
 * What the sigmoids take whose outputs these are, in the same order: a loss that holds the sigmoid is computed from it. Such a sigmoid lets no gradient
 * through, for the loss gives that of its input. What only moves numbers between the sigmoid and the output moves the logits likewise.
 */
export function logitsOf(graph: Graph, output: Value): Value {
  const node = graph.producer(output)
  if (node?.op === 'activation' && node.attributes['name'] === 'sigmoid') {
    node.attributes = { ...node.attributes, inLoss: true }
    return node.inputs[0]!
  }
  if (node?.op !== 'flatten' && node?.op !== 'concat') throw new Error(`${output.name} is no output of a sigmoid`)
  const logits = node.inputs.map((input) => logitsOf(graph, input))
  return graph.add(node.op, `${node.path}:logits`, logits, node.attributes)[0]!
}
