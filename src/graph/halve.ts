import type { Graph, Value } from './graph.ts'

/**
 * Mixed precision: matrix products read copies of their operands in half precision and sum in single. A value is copied once, right before its first
 * product. Gradients are scaled in the copy and the product undoes it, so that every value outside the copies is what it would be without them.
 */
export function halve(graph: Graph): void {
  const gradients = new Set<Value>()
  const copies = new Map<Value, { half: Value; range?: Value }>()
  const copyOf = (value: Value, path: string) => {
    const known = copies.get(value)
    if (known) return known
    const half = graph.value('activation', `${value.name}:half`, value.shape, { half: true })
    const range = gradients.has(value) ? graph.value('persistent', `${value.name}:range`, [4]) : undefined
    graph.add('half', path, range ? [value, range] : [value], {}, [half])
    const copy = { half, ...(range && { range }) }
    copies.set(value, copy)
    return copy
  }
  for (const node of graph.nodes.splice(0)) {
    if (node.op === 'linear' || node.op === 'matmul') {
      const [a, b] = [copyOf(node.inputs[0]!, node.path), copyOf(node.inputs[1]!, node.path)]
      const range = a.range ?? b.range
      node.inputs = [a.half, b.half, ...node.inputs.slice(2), ...(range ? [range] : [])]
      if (range) node.attributes = { ...node.attributes, scaled: true }
    }
    graph.nodes.push(node)
    if (node.op === 'loss' || node.inputs.some((input) => gradients.has(input) || input.role === 'persistent'))
      for (const output of node.outputs) gradients.add(output)
  }
}
