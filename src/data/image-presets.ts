/** The networks of the papers on digits and on small photographs: ten presets. */
import { densenet40, googlenet, lenet5, resnet20, vgg } from '../model/networks/index.ts'
import type { Network, Optimizer } from '../model/types.ts'
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
  note: string
}

/** As He et al. (2015) and Huang et al. (2016) train on CIFAR, the learning rate falling along a cosine in place of their steps. */
const momentum = { type: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 } as const

const architectures: Record<NetworkName, Architecture> = {
  lenet5: {
    build: lenet5,
    optimizer: { type: 'adam', learningRate: 0.002 },
    batchSize: 64,
    epochs: { mnist: 3, cifar10: 10 },
    note: 'LeNet-5 (LeCun et al., 1998): two convolutions with tanh and average pooling, three dense layers.',
  },
  vgg: {
    build: vgg,
    optimizer: { type: 'adam', learningRate: 0.001 },
    batchSize: 128,
    epochs: { mnist: 3, cifar10: 20 },
    note: 'A VGG of 8 weight layers (Simonyan and Zisserman, 2014): pairs of 3 × 3 convolutions between poolings.',
  },
  googlenet: {
    build: googlenet,
    optimizer: { type: 'adam', learningRate: 0.001 },
    batchSize: 128,
    epochs: { mnist: 3, cifar10: 30 },
    note: 'A GoogLeNet of three Inception modules (Szegedy et al., 2014): convolutions of several sizes side by side.',
  },
  resnet20: {
    build: resnet20,
    optimizer: momentum,
    batchSize: 128,
    epochs: { mnist: 3, cifar10: 60 },
    note: 'ResNet-20 (He et al., 2015): nine blocks with a shortcut beside each.',
  },
  densenet40: {
    build: densenet40,
    optimizer: { ...momentum, nesterov: true },
    batchSize: 64,
    epochs: { mnist: 3, cifar10: 60 },
    note: 'DenseNet-40 of growth 12 (Huang et al., 2016): every layer of a block sees what all before it have made.',
  },
}

const dataNotes: Record<ImageDataName, string> = {
  mnist: '60,000 handwritten digits to train on and 10,000 to test on, 28×28 pixels each (Y. LeCun, C. Cortes, C. Burges).',
  cifar10: 'Photographs of ten kinds of things, 32×32 pixels in colour each (A. Krizhevsky, 2009): your own copy of CIFAR-10.',
}

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
