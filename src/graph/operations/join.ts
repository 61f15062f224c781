import { add as addKernel } from '../../kernels/add.ts'
import { copyColumns } from '../../kernels/copyColumns.ts'
import { columnsOf, elements, rowsOf, type Operation } from '../graph.ts'

/** c = a + b, of one shape. */
export const add: Operation = {
  shapes: ([a]) => [a!.shape],
  kernels: ({ inputs: [a, b], outputs: [c] }) => [{ kernel: addKernel(elements(a!)), values: [a!, b!, c!] }],
  derivative({ node, outputGradient, give, needs }) {
    for (const input of node.inputs) if (needs(input)) give(input, outputGradient)
  },
}

/** Joins [rows, n₀], [rows, n₁], … along the columns. */
export const concat: Operation = {
  shapes: (inputs) => [[rowsOf(inputs[0]!), inputs.reduce((sum, input) => sum + columnsOf(input), 0)]],
  kernels({ inputs, outputs: [joined] }) {
    let first = 0
    return inputs.map((input) => {
      const count = columnsOf(input)
      const kernel = copyColumns({
        rows: rowsOf(input),
        count,
        fromColumns: count,
        fromFirst: 0,
        toColumns: columnsOf(joined!),
        toFirst: first,
      })
      first += count
      return { kernel, values: [input, joined!] }
    })
  },
  derivative({ graph, node, outputGradient, give, needs }) {
    let first = 0
    for (const input of node.inputs) {
      const count = columnsOf(input)
      if (needs(input)) give(input, graph.add('slice', node.path, [outputGradient], { first, count })[0]!)
      first += count
    }
  },
}

/** Columns [first, first + count) of [rows, columns]. */
export const slice: Operation = {
  shapes: ([x], { count }) => [[rowsOf(x!), count as number]],
  kernels({ inputs: [x], outputs: [y], attributes }) {
    const { first, count } = attributes as { first: number; count: number }
    const kernel = copyColumns({ rows: rowsOf(x!), count, fromColumns: columnsOf(x!), fromFirst: first, toColumns: count, toFirst: 0 })
    return [{ kernel, values: [x!, y!] }]
  },
}
