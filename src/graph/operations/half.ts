import { toHalf } from '../../kernels/half.ts'
import { elements, type Operation } from '../graph.ts'

/** A copy in half precision for matrix products; a second input, the range that scales it, makes it one of gradients. */
export const half: Operation = {
  shapes: ([x]) => [x!.shape],
  kernels({ inputs: [x, range], outputs: [copy] }) {
    return [{ kernel: toHalf(elements(x!), { scaled: range !== undefined }), values: [x!, copy!, ...(range ? [range] : [])] }]
  },
  // scaled, and the largest found
  flops: ({ inputs: [x, range] }) => (range ? 2 * elements(x!) : 0),
}
