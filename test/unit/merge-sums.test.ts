import { expect, test } from 'vitest'
import { callsOf, Graph, valuesOf, type Value } from '../../src/graph/graph.ts'
import { mergeSums } from '../../src/graph/merge-sums.ts'
import { operations } from '../../src/graph/operations/index.ts'

/** A graph of the sums of these matrices' columns. */
function sumsOf(shapes: [rows: number, columns: number][]): { graph: Graph; matrices: Value[] } {
  const graph = new Graph(8, true)
  const matrices = shapes.map((shape, i) => graph.value('activation', `dy${i}`, { shape }))
  matrices.forEach((dy, i) =>
    graph.add(
      operations.columnSum,
      `layers.${i}`,
      { xs: [dy] },
      {},
      { sums: [graph.value('parameterGradient', `b${i}`, { shape: [dy.shape[1]!] })] },
    ),
  )
  return { graph, matrices }
}
const read = ({ nodes }: Graph) =>
  nodes.map(({ inputs, outputs }) =>
    [inputs, outputs].map((slots) =>
      valuesOf(slots)
        .map(({ name }) => name)
        .join(),
    ),
  )

test('small sums of equal rows become one dispatch each four, where the last of them stood', () => {
  const { graph } = sumsOf(Array.from({ length: 6 }, () => [32, 10]))
  mergeSums(graph)
  expect(read(graph)).toEqual([
    ['dy0,dy1,dy2,dy3', 'b0,b1,b2,b3'],
    ['dy4,dy5', 'b4,b5'],
  ])
  const [call] = callsOf(graph.nodes[0]!, ({ plain }) => plain.kernel)
  expect(call!.kernel.access.length).toBe(8)
  expect(call!.values.map(({ name }) => name)).toEqual(['dy0', 'b0', 'dy1', 'b1', 'dy2', 'b2', 'dy3', 'b3'])
})

test('large ones, tall ones and those that somebody reads stay alone', () => {
  const { graph } = sumsOf([
    [32, 10],
    [32, 4096],
    [512, 10],
    [64, 10],
    [32, 20],
    [32, 30],
  ])
  graph.add(operations.activation, 'reader', { x: valuesOf(graph.nodes[5]!.outputs)[0]! }, { name: 'tanh', parameter: 0 })
  mergeSums(graph)
  expect(read(graph).slice(0, -1)).toEqual([
    ['dy1', 'b1'],
    ['dy2', 'b2'],
    ['dy3', 'b3'],
    ['dy0,dy4', 'b0,b4'],
    ['dy5', 'b5'],
  ])
})
