import { is, type Graph, type Value } from './graph.ts'
import { activation } from './operations/activation.ts'
import { concat } from './operations/join.ts'
import { flatten } from './operations/pool.ts'

/**
 * What the sigmoids take whose outputs these are, in the same order: a loss that holds the sigmoid is computed from it. Such a sigmoid lets no gradient
 * through, for the loss gives that of its input. What only moves numbers between the sigmoid and the output moves the logits likewise.
 */
export function logitsOf(graph: Graph, output: Value): Value {
  const node = graph.producer(output)
  if (is(node, activation) && node.attributes.name === 'sigmoid') {
    node.attributes = { ...node.attributes, inLoss: true }
    return node.inputs.x
  }
  if (is(node, flatten)) return graph.add(flatten, `${node.path}:logits`, { x: logitsOf(graph, node.inputs.x) }, {}).y
  if (is(node, concat))
    return graph.add(concat, `${node.path}:logits`, { parts: node.inputs.parts.map((part) => logitsOf(graph, part)) }, {}).y
  throw new Error(`${output.name} is no output of a sigmoid`)
}
