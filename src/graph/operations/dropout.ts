import { dropoutKernel } from '../../kernels/dropout.ts'
import { defineOperation, elements, type Value } from '../graph.ts'

interface Attributes {
  rate: number
  /** Which dropout layer of the network this is: its own random stream. */
  ordinal: number
}

/** y = x · mask / (1 − rate); the mask is drawn again from the step's number by the derivative, never stored. */
export const dropout = defineOperation<Attributes, { x: Value }, { y: Value }>({
  name: 'dropout',
  shapes: ({ x }) => ({ y: x }),
  kernels: ({ inputs: { x }, outputs: { y }, attributes: { rate, ordinal } }) => [
    { kernel: dropoutKernel(elements(x), rate, ordinal), values: [x, y] },
  ],
  flops: ({ outputs: { y } }) => elements(y),
  derivative({ graph, path, inputs: { x }, attributes, dy, give, needs }) {
    if (needs(x)) give(x, graph.add(dropoutDerivative, path, { dy }, attributes).dx)
  },
})

/** dx = dy · mask / (1 − rate): the same map as forward. */
export const dropoutDerivative = defineOperation<Attributes, { dy: Value }, { dx: Value }>({
  name: 'dropoutDerivative',
  shapes: ({ dy }) => ({ dx: dy }),
  kernels: ({ inputs: { dy }, outputs: { dx }, attributes: { rate, ordinal } }) => [
    { kernel: dropoutKernel(elements(dy), rate, ordinal), values: [dy, dx] },
  ],
  flops: ({ outputs: { dx } }) => elements(dx),
})
