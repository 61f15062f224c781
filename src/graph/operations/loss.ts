import { holdsSigmoid, lossKernel } from '../../kernels/loss.ts'
import type { LossName } from '../../model/types.ts'
import { columnsOf, elements, rowsOf, type Operation } from '../graph.ts'

/**
 * Inputs prediction [rows, columns] and target; outputs ∂L/∂prediction and [rows, 2]: the row's share of the loss, 1 if the row is right. Of a loss
 * that holds the sigmoid the prediction is the logits, and a third output ∂L/∂probability.
 */
export const loss: Operation = {
  shapes: ([prediction], { name }) => [
    prediction!.shape,
    [rowsOf(prediction!), 2],
    ...(holdsSigmoid(name as LossName) ? [prediction!.shape] : []),
  ],
  kernels({ inputs: [prediction, target], outputs, attributes: { name } }) {
    const kernel = lossKernel(name as LossName, rowsOf(prediction!), columnsOf(prediction!))
    return [{ kernel, values: [prediction!, target!, ...outputs] }]
  },
  // each number's loss, its sum, and its gradients
  flops: ({ inputs: [prediction], outputs }) => elements(prediction!) * (2 + 2 * (outputs.length - 1)),
}

/** The same without the gradient, for evaluation. */
export const lossValue: Operation = {
  shapes: ([prediction]) => [[rowsOf(prediction!), 2]],
  kernels({ inputs: [prediction, target], outputs: [rowResult], attributes: { name } }) {
    const kernel = lossKernel(name as LossName, rowsOf(prediction!), columnsOf(prediction!), { gradient: false })
    return [{ kernel, values: [prediction!, target!, rowResult!] }]
  },
  flops: ({ inputs: [prediction] }) => 2 * elements(prediction!),
}
