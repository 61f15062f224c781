import { bytesOf } from '../../src/graph/graph.ts'
import { neededByBackward } from '../../src/graph/needed.ts'
import { moments } from '../../src/kernels/optimizer.ts'
import { resnet20 } from '../../src/model/networks/resnet20.ts'
import { sgd } from '../../src/model/optimizers.ts'
import { sizeOf } from '../../src/model/shape.ts'
import { parametersOf } from '../../src/model/shapes.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { activationBytes, stepGraph } from '../../src/train/step-graph.ts'
import type { SuiteContext } from './context.ts'

export const memoryName = 'memory-resnet20'

/** What a training step takes, in bytes. */
export interface StepMemory {
  /** Parameters, running statistics, optimizer state and gradients, and the activations as the plan places them. */
  taken: number
  /** What no plan can do without: of these the gradients are left out, and of the activations all but those that the backward pass reads. */
  least: number
}

/** By its plan alone: nothing is allocated. */
export function stepMemory(model: ModelFile): StepMemory {
  const step = stepGraph({ model, precision: 'f32', activations: 'auto' }, model.batchSize)
  const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0)
  const specs = parametersOf(model)
  const state = sum(specs.map(({ shape, trainable }) => 4 * sizeOf(shape) * (trainable ? 1 + moments(model.optimizer).length : 1)))
  const gradients = sum(specs.map(({ shape, trainable }) => (trainable ? 4 * sizeOf(shape) : 0)))
  return {
    taken: state + gradients + activationBytes(step),
    least: state + sum([...neededByBackward(step.network)].map(bytesOf)),
  }
}

/** ResNet-20 on CIFAR-10's images, as its paper trains it. */
const model: ModelFile = {
  format: modelFormat,
  ...resnet20([3, 32, 32], 10),
  loss: 'crossEntropy',
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 }),
  batchSize: 128,
  seed: 1,
}

export function runMemory(context: SuiteContext): void {
  const { taken, least } = stepMemory(model)
  const megabytes = taken / 1e6
  const overNeeded = taken / least
  context.row({
    suite: 'training',
    name: memoryName,
    engine: 'gradscope',
    unit: 'MB',
    median: megabytes,
    best: megabytes,
    spread: 0,
    blocks: 1,
    ok: true,
    error: 0,
    overNeeded,
  })
  context.note(
    `A step of ResNet-20 with a batch of ${model.batchSize} takes ${megabytes.toFixed(0)} MB, ${overNeeded.toFixed(2)} times its parameters, its optimizer's state and the activations that its backward pass reads, ${(least / 1e6).toFixed(0)} MB.`,
  )
}
