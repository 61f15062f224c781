import { fuse } from '../../src/graph/fuse.ts'
import { bytesOf } from '../../src/graph/graph.ts'
import { placeByLifetime } from '../../src/graph/memory.ts'
import { mergeSums } from '../../src/graph/merge-sums.ts'
import { neededByBackward } from '../../src/graph/needed.ts'
import { showRows } from '../../src/graph/shown.ts'
import { trainingGraph } from '../../src/graph/training-graph.ts'
import { moments } from '../../src/kernels/optimizer.ts'
import { resnet20 } from '../../src/model/networks/resnet20.ts'
import { sgd } from '../../src/model/optimizers.ts'
import { parametersOf, sizeOf } from '../../src/model/shapes.ts'
import type { SuiteContext } from './context.ts'

export const memoryName = 'memory-resnet20'
const batch = 128

/** What a step of ResNet-20 on images of 32 × 32 takes, by its plan, beside what no plan can do without. */
export function runMemory(context: SuiteContext): void {
  const network = resnet20([3, 32, 32], 10)
  const step = trainingGraph(network, 'crossEntropy', batch)
  const shown = showRows(step)
  fuse(step.graph, shown.keep)
  mergeSums(step.graph)
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, n) => total + n, 0)
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
  const parameters =
    4 * sum(parametersOf(network).map(({ shape, trainable }) => sizeOf(shape) * (trainable ? 1 + moments(optimizer).length : 1)))
  const gradients = 4 * sum(parametersOf(network).map(({ shape, trainable }) => (trainable ? sizeOf(shape) : 0)))
  const activations = sum(placeByLifetime(step.graph, shown.keep).sizes)
  const least = parameters + sum([...neededByBackward(step)].map(bytesOf))
  const taken = parameters + gradients + activations
  context.row({
    suite: 'training',
    name: memoryName,
    engine: 'gradscope',
    unit: 'MB',
    median: taken / 1e6,
    best: taken / 1e6,
    spread: 0,
    blocks: 1,
    ok: true,
    error: null,
    overNeeded: taken / least,
  })
  context.note(
    `A step of ResNet-20 with a batch of ${batch} takes ${(taken / 1e6).toFixed(0)} MB, ${(taken / least).toFixed(2)} times its parameters, its optimizer's state and the activations that its backward pass reads, ${(least / 1e6).toFixed(0)} MB.`,
  )
}
