import { is, valuesOf, type Graph, type Value } from './graph.ts'
import { half } from './operations/half.ts'
import { linear, matmul } from './operations/linear.ts'
import { loss } from './operations/loss.ts'

/**
 * Mixed precision: matrix products read copies of their operands in half precision and sum in single. A value is copied once, right before its first
 * product. Gradients are scaled in the copy and the product undoes it, so that every value outside the copies is what it would be without them.
 */
export function halve(graph: Graph): void {
  const gradients = new Set<Value>()
  const copies = new Map<Value, { copy: Value; range?: Value }>()
  const copyOf = (x: Value, path: string) => {
    const known = copies.get(x)
    if (known) return known
    const range = gradients.has(x) ? { range: graph.value('persistent', `${x.name}:range`, { shape: [4] }) } : {}
    const { copy } = graph.add(
      half,
      path,
      { x, ...range },
      {},
      { copy: graph.value('activation', `${x.name}:half`, { ...x, dtype: 'f16' }) },
    )
    const made = { copy, ...range }
    copies.set(x, made)
    return made
  }
  for (const node of graph.nodes.splice(0)) {
    if (is(node, linear)) {
      const [x, weight] = [copyOf(node.inputs.x, node.path), copyOf(node.inputs.weight, node.path)]
      node.inputs = { ...node.inputs, x: x.copy, weight: weight.copy }
    } else if (is(node, matmul)) {
      const [a, b] = [copyOf(node.inputs.a, node.path), copyOf(node.inputs.b, node.path)]
      const range = a.range ?? b.range
      node.inputs = { ...node.inputs, a: a.copy, b: b.copy, ...(range && { range }) }
    }
    graph.nodes.push(node)
    if (is(node, loss) || valuesOf(node.inputs).some((input) => gradients.has(input) || input.role === 'persistent'))
      for (const output of valuesOf(node.outputs)) gradients.add(output)
  }
}
