import { mostColumnSums } from '../kernels/columnSums.ts'
import { elements, positionsOf, type Graph, type Node } from './graph.ts'

/** Beyond, a sum takes longer than the dispatch that it saves. */
const mostElements = 2 ** 16
/** From here on a column alone is split among threads (kernels/columnSum.ts). */
const mostRows = 511

/**
 * Saves dispatches: the small column sums of a step, biases' gradients that nothing in the graph reads, become one where the last of them stood.
 * Each keeps its order of addition.
 */
export function mergeSums(graph: Graph): void {
  const small = graph.nodes.filter(
    ({ op, inputs: [x], outputs: [sum] }) =>
      op === 'columnSum' && elements(x!) <= mostElements && positionsOf(x!) <= mostRows && graph.consumers(sum!).length === 0,
  )
  for (const group of inGroups(small)) {
    const last = group.pop()
    if (!last || group.length === 0) continue
    last.inputs = [...group, last].flatMap(({ inputs }) => inputs)
    last.outputs = [...group, last].flatMap(({ outputs }) => outputs)
    last.path = [...group, last].map(({ path }) => path).join(', ')
    for (const node of group) graph.remove(node)
  }
}

/** Of equal rows, as many as one kernel binds. */
function inGroups(nodes: readonly Node[]): Node[][] {
  const groups: Node[][] = []
  for (const node of nodes) {
    const rows = positionsOf(node.inputs[0]!)
    const open = groups.find((group) => group.length < mostColumnSums && positionsOf(group[0]!.inputs[0]!) === rows)
    if (open) open.push(node)
    else groups.push([node])
  }
  return groups
}
