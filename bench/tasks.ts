/** The networks of the training suite: every engine trains exactly these, from the same weights, on the same batch. */
import { dense, relu, sequential, sigmoid, tanh } from '../src/model/layers.ts'
import { adam, sgd } from '../src/model/optimizers.ts'
import type { Dataset } from '../src/data/types.ts'
import type { Network, Optimizer, Layer } from '../src/model/types.ts'
import { randomNumbers, randomSource } from './random.ts'

export const taskNames = ['article', 'playground', 'mnist-sgd', 'mnist-adam', 'wide'] as const
export type TaskName = (typeof taskNames)[number]

export interface Task {
  /** Widths from the input to the output. */
  sizes: number[]
  hidden: 'tanh' | 'relu'
  /** `mse` on a sigmoid, `crossEntropy` on logits. */
  loss: 'mse' | 'crossEntropy'
  batch: number
  optimizer: 'sgd' | 'adam'
  learningRate: number
}

const digits = { sizes: [784, 256, 128, 10], hidden: 'tanh', loss: 'crossEntropy', batch: 128 } as const
export const tasks: Record<TaskName, Task> = {
  article: { sizes: [10, 5, 1], hidden: 'tanh', loss: 'mse', batch: 100, optimizer: 'sgd', learningRate: 0.01 },
  playground: { sizes: [2, 8, 8, 1], hidden: 'tanh', loss: 'mse', batch: 32, optimizer: 'sgd', learningRate: 0.03 },
  'mnist-sgd': { ...digits, sizes: [...digits.sizes], optimizer: 'sgd', learningRate: 0.1 },
  'mnist-adam': { ...digits, sizes: [...digits.sizes], optimizer: 'adam', learningRate: 0.001 },
  wide: {
    sizes: [1024, 1024, 1024, 1024, 10],
    hidden: 'relu',
    loss: 'crossEntropy',
    batch: 256,
    optimizer: 'sgd',
    learningRate: 0.01,
  },
}
export const adamSettings = { beta1: 0.9, beta2: 0.999, eps: 1e-7 }

export interface TaskData {
  /** `[batch, inputs]` */
  x: Float32Array<ArrayBuffer>
  /** `[batch, outputs]`: 0 or 1, for crossEntropy one of a row. */
  y: Float32Array<ArrayBuffer>
  /** Weights `[inputs, outputs]` and biases of each layer. */
  layers: { weight: Float32Array<ArrayBuffer>; bias: Float32Array<ArrayBuffer>; inputs: number; outputs: number }[]
}

export function taskData({ sizes, loss, batch }: Task): TaskData {
  const [inputs, outputs] = [sizes[0]!, sizes.at(-1)!]
  const x = randomNumbers(batch * inputs, 1)
  const y = new Float32Array(batch * outputs)
  const next = randomSource(2)
  for (let row = 0; row < batch; row++) {
    if (loss === 'crossEntropy') y[row * outputs + Math.floor(next() * outputs)] = 1
    else y[row] = x.subarray(row * inputs, (row + 1) * inputs).reduce((sum, value, i) => sum + value * ((i % 3) - 0.7), 0) > 0 ? 1 : 0
  }
  const layers = sizes.slice(1).map((width, i) => ({
    weight: randomNumbers(sizes[i]! * width, 10 + i, Math.sqrt(3 / sizes[i]!)),
    bias: randomNumbers(width, 50 + i, 0.1),
    inputs: sizes[i]!,
    outputs: width,
  }))
  return { x, y, layers }
}

/** The task in the engine's own words. */
export function engineRun(task: Task): {
  network: Network
  dataset: Dataset
  loss: Task['loss']
  optimizer: Optimizer
  parameters: Record<string, Float32Array>
} {
  const { x, y, layers } = taskData(task)
  const activation = task.hidden === 'tanh' ? tanh : relu
  const outputs = task.sizes.at(-1)!
  const built: Layer[] = task.sizes.slice(1).flatMap((width, i) => {
    const last = i === task.sizes.length - 2
    return last ? (task.loss === 'mse' ? [dense(width), sigmoid()] : [dense(width)]) : [dense(width), activation()]
  })
  const classes = () => Int32Array.from({ length: task.batch }, (_, row) => y.subarray(row * outputs, (row + 1) * outputs).indexOf(1))
  return {
    network: sequential([task.sizes[0]!], built),
    dataset: {
      name: 'bench',
      inputShape: [task.sizes[0]!],
      outputs,
      train: { count: task.batch, x, y: task.loss === 'crossEntropy' ? classes() : y },
    },
    loss: task.loss,
    optimizer:
      task.optimizer === 'sgd' ? sgd({ learningRate: task.learningRate }) : adam({ learningRate: task.learningRate, ...adamSettings }),
    parameters: Object.fromEntries(
      layers.flatMap(({ weight, bias, inputs, outputs: width }, i) => [
        [`layers.${2 * i}.weight`, transposed(weight, inputs, width)],
        [`layers.${2 * i}.bias`, bias],
      ]),
    ),
  }
}

/** PyTorch keeps a weight as `[outputs, inputs]`. */
export function transposed(weight: Float32Array, inputs: number, outputs: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(weight.length)
  for (let i = 0; i < inputs; i++) for (let j = 0; j < outputs; j++) result[j * inputs + i] = weight[i * outputs + j]!
  return result
}
