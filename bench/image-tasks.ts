/** The convolutional networks of the training suite: every engine trains exactly these, from the same weights, on the same batch. */
import type { Dataset } from '../src/data/types.ts'
import { conv2d, dense, flatten, maxPool2d, relu, sequential } from '../src/model/layers.ts'
import { lenet5 } from '../src/model/networks/lenet5.ts'
import { resnet20 } from '../src/model/networks/resnet20.ts'
import { sizeOf } from '../src/model/shape.ts'
import { parametersOf, placedLayers } from '../src/model/shapes.ts'
import type { Network } from '../src/model/types.ts'
import { randomNumbers, randomSource } from './random.ts'

export const imageTaskNames = ['lenet5', 'vgg-block', 'resnet20'] as const
export type ImageTaskName = (typeof imageTaskNames)[number]

/** Trained by gradient descent on crossEntropy, with momentum or without. */
export interface ImageTask {
  network: Network
  batch: number
  learningRate: number
  momentum: number
}

const classes = 10
export const imageTasks: Record<ImageTaskName, ImageTask> = {
  lenet5: { network: lenet5([1, 28, 28], classes), batch: 64, learningRate: 0.05, momentum: 0 },
  'vgg-block': {
    network: sequential(
      [3, 32, 32],
      [conv2d(64, 3, { padding: 1 }), relu(), conv2d(64, 3, { padding: 1 }), relu(), maxPool2d(2), flatten(), dense(classes)],
    ),
    batch: 16,
    learningRate: 0.01,
    momentum: 0,
  },
  resnet20: { network: resnet20([3, 32, 32], classes), batch: 16, learningRate: 0.05, momentum: 0.9 },
}

export interface ImageTaskData {
  /** `[batch, channels, height, width]` */
  x: Float32Array<ArrayBuffer>
  /** Class indices `[batch]`. */
  y: Int32Array<ArrayBuffer>
  /** First parameters and running statistics by path, in PyTorch's order. */
  parameters: Record<string, Float32Array<ArrayBuffer>>
}

export function imageTaskData({ network, batch }: ImageTask): ImageTaskData {
  const next = randomSource(2)
  const parameters = parametersOf(network).map(({ path, shape }, i) => {
    const count = sizeOf(shape)
    if (path.endsWith('running_mean') || (path.endsWith('bias') && shape.length === 1))
      return [path, randomNumbers(count, 50 + i, 0.05)] as const
    // Norms' weights and variances are 1; the others as He's uniform ones.
    if (shape.length === 1) return [path, new Float32Array(count).fill(1)] as const
    return [path, randomNumbers(count, 10 + i, Math.sqrt(6 / sizeOf(shape.slice(1))))] as const
  })
  return {
    x: randomNumbers(batch * sizeOf(network.input), 1),
    y: Int32Array.from({ length: batch }, () => Math.floor(next() * classes)),
    parameters: Object.fromEntries(parameters),
  }
}

export function imageDataset({ network, batch }: ImageTask, { x, y }: ImageTaskData): Dataset {
  return { name: 'bench', inputShape: network.input, outputs: classes, train: { count: batch, x, y } }
}

/** `[batch, classes]`, one of a row 1. */
export function oneHot(y: Int32Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(y.length * classes)
  y.forEach((label, row) => (result[row * classes + label] = 1))
  return result
}

/** A tensor's numbers with its dimensions in another order: `order[i]` is the old place of the new dimension i. */
export function permuted(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length)
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)))
  const sizes = order.map((from) => shape[from]!)
  const steps = order.map((from) => strides[from]!)
  const index = sizes.map(() => 0)
  for (let at = 0; at < result.length; at++) {
    result[at] = values[index.reduce((sum, i, d) => sum + i * steps[d]!, 0)]!
    for (let d = sizes.length - 1; d >= 0 && ++index[d]! === sizes[d]; d--) index[d] = 0
  }
  return result
}

/** The shape of the images that the dense layer of this path reads through a flatten; undefined where it reads features. */
export function flattenedBefore(network: Network, path: string): number[] | undefined {
  const placed = placedLayers(network)
  const at = placed.findIndex((layer) => layer.path === path)
  const before = placed[at - 1]
  return before?.layer.type === 'flatten' ? before.input : undefined
}
