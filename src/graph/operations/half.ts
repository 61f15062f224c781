import { toHalf } from '../../kernels/half.ts'
import { defineOperation, elements, type Value } from '../graph.ts'

/** A copy in half precision for matrix products; a range, which scales it, makes it one of gradients. */
export const half = defineOperation<object, { x: Value; range?: Value }, { copy: Value }>({
  name: 'half',
  shapes: ({ x }) => ({ copy: { ...x, dtype: 'f16' } }),
  kernels: ({ inputs: { x, range }, outputs: { copy } }) => [
    { kernel: toHalf(elements(x), { scaled: range !== undefined }), values: [x, copy, ...(range ? [range] : [])] },
  ],
  // scaled, and the largest found
  flops: ({ inputs: { x, range } }) => (range ? 2 * elements(x) : 0),
})
