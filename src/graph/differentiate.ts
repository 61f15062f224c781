import { derive, valuesOf, type Graph, type Node, type Value } from './graph.ts'
import { add } from './operations/join.ts'

/**
 * Appends the derivatives of the graph's nodes to it, last node first, beginning with the gradients that the loss gives
 * (reverse-mode accumulation: Griewank & Walther, Evaluating Derivatives, ch. 3). A value with several consumers sums its gradients.
 * Returns the gradient of every activation that has one.
 */
export function differentiate(graph: Graph, given: Iterable<readonly [value: Value, gradient: Value]>): Map<Value, Value> {
  const forward = [...graph.nodes]
  const needed = dependsOnParameters(forward)
  const gradients = new Map<Value, Value>(given)
  for (const node of forward.toReversed()) {
    const dy = gradients.get(node.outputs['y'] as Value)
    if (!dy) continue
    derive(node, {
      graph,
      dy,
      give(input, contribution) {
        const before = gradients.get(input)
        gradients.set(input, before ? graph.add(add, `${node.path}:sum`, { a: before, b: contribution }, {}).y : contribution)
      },
      needs: (input) => needed.has(input),
    })
  }
  return gradients
}

/** The values whose gradient leads to a parameter: the input's would be computed for nobody. */
function dependsOnParameters(forward: Node[]): Set<Value> {
  const needed = new Set<Value>()
  for (const { inputs, outputs } of forward)
    if (valuesOf(inputs).some((input) => input.role === 'parameter' || needed.has(input)))
      for (const output of valuesOf(outputs)) needed.add(output)
  return needed
}
