import { copyColumns } from '../../kernels/copyColumns.ts'
import { elements, type Operation } from '../graph.ts'

/** The first `count` rows of a value, for somebody who looks at them after the step, when the value's own memory serves others. */
export const rows: Operation = {
  shapes: ([x], { count }) => [[count as number, ...x!.shape.slice(1)]],
  kernels({ inputs: [x], outputs: [y] }) {
    const count = elements(y!)
    const whole = { rows: 1, count, fromColumns: elements(x!), fromFirst: 0, toColumns: count, toFirst: 0 }
    return [{ kernel: copyColumns(whole), values: [x!, y!], shows: true }]
  },
  flops: () => 0,
}
