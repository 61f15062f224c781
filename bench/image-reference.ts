import { modelFormat } from '../src/model/types.ts'
import { trainReference } from '../test/reference/train.ts'
import { imageTaskData, type ImageTask } from './image-tasks.ts'

/** The first losses of a task in float64, by the plain formulas that the tests hold every engine run to. */
export function imageLosses(task: ImageTask, steps: number): number[] {
  const { network, batch, learningRate, momentum } = task
  const { x, y, parameters } = imageTaskData(task)
  const model = {
    format: modelFormat,
    ...network,
    loss: 'crossEntropy',
    optimizer: { type: 'sgd', learningRate, momentum },
    batchSize: batch,
    seed: 1,
  } as const
  const data = { samples: batch, x: Float64Array.from(x), y: Float64Array.from(y) }
  return Array.from(trainReference(model, data, steps, parameters).losses)
}
