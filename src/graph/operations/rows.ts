import { copyColumns } from '../../kernels/copyColumns.ts'
import { defineOperation, elements, type Value } from '../graph.ts'

/** The first `count` rows of a value, for somebody who looks at them after the step, when the value's own memory serves others. */
export const rows = defineOperation<{ count: number }, { x: Value }, { copy: Value }>({
  name: 'rows',
  shapes: ({ x }, { count }) => ({ copy: { ...x, shape: [count, ...x.shape.slice(1)] } }),
  kernels({ inputs: { x }, outputs: { copy } }) {
    const count = elements(copy)
    const whole = { rows: 1, count, fromColumns: elements(x), fromFirst: 0, toColumns: count, toFirst: 0 }
    return [{ kernel: copyColumns(whole), values: [x, copy], shows: true }]
  },
  flops: () => 0,
})
