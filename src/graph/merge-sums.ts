import { mostColumnSums } from '../kernels/columnSums.ts'
import { elements, is, positionsOf, type Graph } from './graph.ts'
import { columnSum } from './operations/linear.ts'

/** Beyond, a sum takes longer than the dispatch that it saves. */
const mostElements = 2 ** 16
/** From here on a column alone is split among threads (kernels/columnSum.ts). */
const mostRows = 511

/**
 * Saves dispatches: the small column sums of a step, biases' gradients that nothing in the graph reads, become one where the last of them stood.
 * Each keeps its order of addition.
 */
export function mergeSums(graph: Graph): void {
  const small = graph.nodes
    .filter((node) => is(node, columnSum))
    .filter(({ inputs: { xs }, outputs: { sums } }) => {
      const x = xs[0]!
      return elements(x) <= mostElements && positionsOf(x) <= mostRows && graph.consumers(sums[0]!).length === 0
    })
  for (const group of inGroups(small)) {
    const last = group.at(-1)!
    if (group.length === 1) continue
    last.inputs = { xs: group.flatMap(({ inputs }) => inputs.xs) }
    last.outputs = { sums: group.flatMap(({ outputs }) => outputs.sums) }
    last.path = group.map(({ path }) => path).join(', ')
    for (const node of group.slice(0, -1)) graph.remove(node)
  }
}

/** Of equal rows, as many as one kernel binds. */
function inGroups<Sum extends { inputs: { xs: readonly Parameters<typeof positionsOf>[0][] } }>(nodes: readonly Sum[]): Sum[][] {
  const groups: Sum[][] = []
  for (const node of nodes) {
    const rows = positionsOf(node.inputs.xs[0]!)
    const open = groups.find((group) => group.length < mostColumnSums && positionsOf(group[0]!.inputs.xs[0]!) === rows)
    if (open) open.push(node)
    else groups.push([node])
  }
  return groups
}
