import { activationBackward, activationForward } from '../../kernels/activation.ts'
import { derivativeFrom, type ActivationName } from '../../model/catalogue/activations.ts'
import { elements, type Operation } from '../graph.ts'

interface Attributes {
  name: ActivationName
  parameter: number
  /** The loss is computed from x, and its gradient arrives there. */
  inLoss?: boolean
}
const read = (attributes: Record<string, unknown>) => attributes as unknown as Attributes

/** y = activate(x), element by element. */
export const activation: Operation = {
  shapes: ([x]) => [x!.shape],
  kernels({ inputs: [x], outputs: [y], attributes }) {
    const { name, parameter } = read(attributes)
    return [{ kernel: activationForward(name, parameter, elements(x!)), values: [x!, y!] }]
  },
  flops: ({ outputs: [y] }) => elements(y!),
  derivative({ graph, node, outputGradient, give, needs }) {
    const { inputs, outputs, attributes } = node
    if (read(attributes).inLoss || !needs(inputs[0]!)) return
    const saved = derivativeFrom(read(attributes).name, read(attributes).parameter) === 'output' ? outputs[0]! : inputs[0]!
    give(inputs[0]!, graph.add('activationDerivative', node.path, [saved, outputGradient], attributes)[0]!)
  },
}

/** dx = dy · derivative(saved). Inputs saved (x or y, whichever the derivative is taken from) and dy. */
export const activationDerivative: Operation = {
  shapes: ([saved]) => [saved!.shape],
  kernels({ inputs: [saved, dy], outputs: [dx], attributes }) {
    const { name, parameter } = read(attributes)
    return [{ kernel: activationBackward(name, parameter, elements(saved!)), values: [saved!, dy!, dx!] }]
  },
  flops: ({ outputs: [dx] }) => 2 * elements(dx!),
}
