import { holdsSigmoid, lossKernel } from '../../kernels/loss.ts'
import type { LossName } from '../../model/catalogue/losses.ts'
import { columnsOf, defineOperation, elements, rowsOf, type Value } from '../graph.ts'

interface Attributes {
  name: LossName
}
/** Of a loss that holds the sigmoid the prediction is the logits. */
type Inputs = { prediction: Value; target: Value }

/** Of each row its share of the loss, and 1 where it is right. */
const rowResultOf = ({ prediction }: Inputs) => ({ shape: [rowsOf(prediction), 2] })

/** ∂L/∂prediction and the rows' results; of a loss that holds the sigmoid ∂L/∂probability too. */
export const loss = defineOperation<Attributes, Inputs, { gradient: Value; rowResult: Value; outputGradient?: Value }>({
  name: 'loss',
  shapes: (inputs, { name }) => ({
    gradient: inputs.prediction,
    rowResult: rowResultOf(inputs),
    ...(holdsSigmoid(name) && { outputGradient: inputs.prediction }),
  }),
  kernels({ inputs: { prediction, target }, outputs: { gradient, rowResult, outputGradient }, attributes: { name } }) {
    const kernel = lossKernel(name, rowsOf(prediction), columnsOf(prediction))
    return [{ kernel, values: [prediction, target, gradient, rowResult, ...(outputGradient ? [outputGradient] : [])] }]
  },
  // each number's loss, its sum, and its gradients
  flops: ({ inputs: { prediction }, outputs: { outputGradient } }) => elements(prediction) * (outputGradient ? 6 : 4),
})

/** The same without gradients, for evaluation. */
export const lossValue = defineOperation<Attributes, Inputs, { rowResult: Value }>({
  name: 'lossValue',
  shapes: (inputs) => ({ rowResult: rowResultOf(inputs) }),
  kernels({ inputs: { prediction, target }, outputs: { rowResult }, attributes: { name } }) {
    const kernel = lossKernel(name, rowsOf(prediction), columnsOf(prediction), { gradient: false })
    return [{ kernel, values: [prediction, target, rowResult] }]
  },
  flops: ({ inputs: { prediction } }) => 2 * elements(prediction),
})
