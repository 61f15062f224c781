import { defineOperation, is, mapSlots, type Graph, type Value } from './graph.ts'
import type { Lowered } from './lower.ts'

/**
 * A value as one of several readers has it, so that the gradient that arrives through this reader is a value of its own before it is summed with the
 * others'. Only for differentiation: `joinForks` takes it out, and no kernel runs for it.
 */
export const fork = defineOperation<object, { x: Value }, { y: Value }>({
  name: 'fork',
  shapes: ({ x }) => ({ y: x }),
  kernels: () => [],
  flops: () => 0,
  derivative({ inputs: { x }, dy, give, needs }) {
    if (needs(x)) give(x, dy)
  },
})

/** Lets the readers of forks read the value itself. The gradients of the forks stay. */
export function joinForks(graph: Graph, { outputs }: Pick<Lowered, 'outputs'>): void {
  const forked = new Map<Value, Value>()
  const origin = (value: Value) => forked.get(value) ?? value
  const nodes = graph.nodes.slice() // forks are taken out
  for (const node of nodes) {
    node.inputs = mapSlots(node.inputs, origin)
    if (!is(node, fork)) continue
    forked.set(node.outputs.y, node.inputs.x)
    graph.remove(node)
  }
  for (const [path, value] of outputs) outputs.set(path, origin(value))
}
