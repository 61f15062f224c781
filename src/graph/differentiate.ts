import type { Graph, Node, Value } from './graph.ts'

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
    const gradient = gradients.get(node.outputs[0]!)
    const operation = graph.operation(node.op)
    if (!gradient || !operation.derivative) continue
    operation.derivative({
      graph,
      node,
      outputGradient: gradient,
      give(input, contribution) {
        const before = gradients.get(input)
        gradients.set(input, before ? graph.add('add', `${node.path}:sum`, [before, contribution])[0]! : contribution)
      },
      needs: (input) => needed.has(input),
    })
  }
  return gradients
}

/** The values whose gradient leads to a parameter: the input's would be computed for nobody. */
function dependsOnParameters(forward: Node[]): Set<Value> {
  const needed = new Set<Value>()
  for (const node of forward)
    if (node.inputs.some((input) => input.role === 'parameter' || needed.has(input))) for (const output of node.outputs) needed.add(output)
  return needed
}
