/** The networks of the papers on digits and on small photographs: ten presets. */
import { densenet40, googlenet, lenet5, resnet20, vgg } from '../model/networks/index.ts'
import type { Network, Optimizer } from '../model/types.ts'
import { message, type Message } from '../words/say.ts'
import type { Recipe } from './recipe.ts'
import type { Dataset } from './types.ts'

const networkNames = ['lenet5', 'vgg', 'googlenet', 'resnet20', 'densenet40'] as const
const imageDataNames = ['mnist', 'cifar10'] as const
type NetworkName = (typeof networkNames)[number]
type ImageDataName = (typeof imageDataNames)[number]
export type ImagePresetName = `${NetworkName}-${ImageDataName}`

export const imagePresetNames = networkNames.flatMap((network) => imageDataNames.map((data): ImagePresetName => `${network}-${data}`))

export const isImagePreset = (name: string): name is ImagePresetName => (imagePresetNames as readonly string[]).includes(name)

/** Whether a preset trains on the user's own copy of CIFAR-10. */
export const takesCifar10 = (name: string): boolean => name.endsWith('-cifar10')

interface Architecture {
  build: (input: number[], classes: number) => Network
  optimizer: Optimizer
  batchSize: number
  epochs: Record<ImageDataName, number>
  note: Message
}

/** As He et al. (2015) and Huang et al. (2016) train on CIFAR, the learning rate falling along a cosine in place of their steps. */
const momentum = { type: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 } as const

const architectures: Record<NetworkName, Architecture> = {
  lenet5: {
    build: lenet5,
    optimizer: { type: 'adam', learningRate: 0.002 },
    batchSize: 64,
    epochs: { mnist: 3, cifar10: 10 },
    note: message('about.lenet5'),
  },
  vgg: {
    build: vgg,
    optimizer: { type: 'adam', learningRate: 0.001 },
    batchSize: 128,
    epochs: { mnist: 3, cifar10: 20 },
    note: message('about.vgg'),
  },
  googlenet: {
    build: googlenet,
    optimizer: { type: 'adam', learningRate: 0.001 },
    batchSize: 128,
    epochs: { mnist: 3, cifar10: 30 },
    note: message('about.googlenet'),
  },
  resnet20: {
    build: resnet20,
    optimizer: momentum,
    batchSize: 128,
    epochs: { mnist: 3, cifar10: 60 },
    note: message('about.resnet20'),
  },
  densenet40: {
    build: densenet40,
    optimizer: { ...momentum, nesterov: true },
    batchSize: 64,
    epochs: { mnist: 3, cifar10: 60 },
    note: message('about.densenet40'),
  },
}

const dataNotes: Record<ImageDataName, Message> = { mnist: message('about.mnist'), cifar10: message('about.cifar10') }

/** A network of the papers for a data set of images `[channels, height, width]`. */
export function imageRecipe(name: ImagePresetName, dataset: Dataset): Recipe {
  const [network, data] = name.split('-') as [NetworkName, ImageDataName]
  const { build, optimizer, batchSize, epochs, note } = architectures[network]
  return {
    dataset,
    layers: build(dataset.inputShape, dataset.outputs).layers,
    training: {
      loss: 'crossEntropy',
      optimizer,
      schedule: { type: 'cosine', steps: epochs[data] * Math.ceil(dataset.train.count / batchSize), minimum: 0 },
      batchSize,
    },
    epochs: epochs[data],
    shuffle: true,
    notes: [note, dataNotes[data]],
  }
}
