import * as kernels from '../../kernels/dropout.ts'
import { elements, type Operation } from '../graph.ts'

interface Attributes {
  rate: number
  /** Which dropout layer of the network this is: its own random stream. */
  ordinal: number
}
const read = (attributes: Record<string, unknown>) => attributes as unknown as Attributes

/** y = x · mask / (1 − rate); the mask is drawn again from the step's number by the derivative, never stored. */
export const dropout: Operation = {
  shapes: ([x]) => [x!.shape],
  kernels: ({ inputs: [x], outputs: [y], attributes }) => [
    { kernel: kernels.dropoutKernel(elements(x!), read(attributes).rate, read(attributes).ordinal), values: [x!, y!] },
  ],
  flops: ({ outputs: [y] }) => elements(y!),
  derivative({ graph, node, outputGradient, give, needs }) {
    if (needs(node.inputs[0]!)) give(node.inputs[0]!, graph.add('dropoutDerivative', node.path, [outputGradient], node.attributes)[0]!)
  },
}

/** dx = dy · mask / (1 − rate): the same map as forward. */
export const dropoutDerivative: Operation = {
  shapes: ([dy]) => [dy!.shape],
  kernels: ({ inputs: [dy], outputs: [dx], attributes }) => [
    { kernel: kernels.dropoutKernel(elements(dy!), read(attributes).rate, read(attributes).ordinal), values: [dy!, dx!] },
  ],
  flops: ({ outputs: [dx] }) => elements(dx!),
}
