import { activationBackward, activationForward } from '../../kernels/activation.ts'
import { derivativeFrom, type ActivationName } from '../../model/catalogue/activations.ts'
import { defineOperation, elements, type Value } from '../graph.ts'

interface Attributes {
  name: ActivationName
  parameter: number
  /** The loss is computed from x, and its gradient arrives there. */
  inLoss?: boolean
}

/** y = activate(x), element by element. */
export const activation = defineOperation<Attributes, { x: Value }, { y: Value }>({
  name: 'activation',
  shapes: ({ x }) => ({ y: x }),
  kernels: ({ inputs: { x }, outputs: { y }, attributes: { name, parameter } }) => [
    { kernel: activationForward(name, parameter, elements(x)), values: [x, y] },
  ],
  flops: ({ outputs: { y } }) => elements(y),
  derivative({ graph, path, inputs: { x }, outputs: { y }, attributes, dy, give, needs }) {
    if (attributes.inLoss || !needs(x)) return
    const saved = derivativeFrom(attributes.name, attributes.parameter) === 'output' ? y : x
    give(x, graph.add(activationDerivative, path, { saved, dy }, attributes).dx)
  },
})

/** dx = dy · derivative(saved): x or y, whichever the derivative is taken from. */
export const activationDerivative = defineOperation<Attributes, { saved: Value; dy: Value }, { dx: Value }>({
  name: 'activationDerivative',
  shapes: ({ saved }) => ({ dx: saved }),
  kernels: ({ inputs: { saved, dy }, outputs: { dx }, attributes: { name, parameter } }) => [
    { kernel: activationBackward(name, parameter, elements(saved)), values: [saved, dy, dx] },
  ],
  flops: ({ outputs: { dx } }) => 2 * elements(dx),
})
