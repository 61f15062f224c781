/** Ready-made runs: a data set with a network and a training that suit it. */
import { wrong } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import { modelFormat, type Layer, type LossName, type ModelFile, type Network } from '../model/types.ts'
import { depthComparison } from './depth-comparison.ts'
import { imagePresetNames, imageRecipe, isImagePreset, takesCifar10, type ImagePresetName } from './image-presets.ts'
import { emptyMnist, loadMnist } from './mnist.ts'
import type { Recipe } from './recipe.ts'
import type { DataSource } from './source.ts'
import { articleDataset, figureDataset, figureNames, type FigureName } from './synthetic.ts'
import type { Dataset } from './types.ts'

export const presetNames = [
  'article',
  'mnist',
  ...figureNames,
  'iris',
  'weather',
  'penguins',
  'depth-comparison',
  ...imagePresetNames,
] as const
export type PresetName = (typeof presetNames)[number]
/** What the page calls presets, where that is another name. */
export const presetAliases: Readonly<Record<string, PresetName>> = { compare: 'depth-comparison' }

export interface Preset extends Omit<Recipe, 'layers' | 'training'> {
  name: PresetName
  model: ModelFile
}

/**
 * A preset by name. Its seed chooses the split or the points as well as the first weights.
 * @param source reads `iris.csv`, `seattle-weather.csv`, `penguins.json` and `mnist/…`; the others need none
 * @param cifar10 what the presets on CIFAR-10 train on: the user's own copy
 * @throws InputError on an unknown name, a damaged file, or a preset on CIFAR-10 without it
 */
export async function loadPreset(asked: string, source: DataSource, seed: number, cifar10?: Dataset): Promise<Preset> {
  const name = Object.hasOwn(presetAliases, asked) ? presetAliases[asked]! : asked
  if (!isPresetName(name)) throw wrong('preset.unknown', { found: asked, choices: presetNames })
  const { layers, training, ...recipe } = await recipeOf(name, source, seed, cifar10)
  return { name, ...recipe, model: { format: modelFormat, input: recipe.dataset.inputShape, layers, ...training, seed } }
}

/** The network of a preset that waits for its data, where it is known before they are there. */
export function expectedNetwork(name: string): { network: Network; loss: LossName } | null {
  if (name !== 'mnist' && !(isImagePreset(name) && !takesCifar10(name))) return null
  const keepAxes = name !== 'mnist'
  const digits = emptyMnist({ keepAxes })
  const { layers, training } = keepAxes ? imageRecipe(name as ImagePresetName, digits) : mnist(digits)
  return { network: { input: digits.inputShape, layers }, loss: training.loss }
}

const isPresetName = (name: string): name is PresetName => (presetNames as readonly string[]).includes(name)

async function recipeOf(name: PresetName, source: DataSource, seed: number, cifar10?: Dataset): Promise<Recipe> {
  if (isImagePreset(name)) {
    if (!takesCifar10(name)) return imageRecipe(name, await loadMnist(source, { keepAxes: true }))
    if (!cifar10) throw wrong('preset.noCifar10', { preset: name })
    return imageRecipe(name, cifar10)
  }
  switch (name) {
    case 'article':
      return article(seed)
    case 'mnist':
      return mnist(await loadMnist(source))
    case 'iris': {
      const dataset = await loadTable(source, 'iris.csv', 'species', seed)
      return classifier(dataset, [16], { batchSize: 16, epochs: 60 }, [message('about.iris')])
    }
    case 'weather': {
      const dataset = await loadTable(source, 'seattle-weather.csv', 'weather', seed)
      return classifier(dataset, [32], { batchSize: 32, epochs: 40 }, [message('about.weather')])
    }
    case 'penguins': {
      const dataset = await loadTable(source, 'penguins.json', 'Species', seed)
      return classifier(dataset, [16], { batchSize: 32, epochs: 30 }, [message('about.penguins')])
    }
    case 'depth-comparison':
      return depthComparison(seed)
    default:
      return figure(name, seed)
  }
}

async function loadTable(source: DataSource, file: string, target: string, seed: number): Promise<Dataset> {
  // Readers of every kind of file: of no use to the presets without one.
  const { datasetFromFiles } = await import('./files.ts')
  return datasetFromFiles([{ name: file, bytes: await source(file) }], { target, seed })
}

function article(seed: number): Recipe {
  const initializer = { type: 'uniform', minimum: 0, maximum: 1 } as const
  return {
    dataset: articleDataset(seed),
    layers: [{ type: 'dense', units: 5, initializer }, { type: 'tanh' }, { type: 'dense', units: 1, initializer }, { type: 'sigmoid' }],
    training: { loss: 'mse', optimizer: { type: 'sgd', learningRate: 0.01 }, batchSize: 100 },
    epochs: 1000,
    shuffle: false,
    perturbation: 0,
    notes: [
      message('article.task'),
      message('article.code'),
      message('article.sigmoid'),
      message('article.broadcast'),
      message('article.bias'),
      message('article.derivative'),
      message('article.loss'),
      message('article.plot'),
      message('article.perturbation'),
      message('article.logit'),
    ],
  }
}

function mnist(dataset: Dataset): Recipe {
  const [epochs, batchSize] = [3, 128]
  return {
    dataset,
    layers: [...hidden([256, 128]), { type: 'dense', units: dataset.outputs }],
    training: {
      loss: 'crossEntropy',
      optimizer: { type: 'adam', learningRate: 0.002 },
      schedule: { type: 'cosine', steps: epochs * Math.ceil(dataset.train.count / batchSize), minimum: 0 },
      batchSize,
    },
    epochs,
    shuffle: true,
    notes: [message('about.mnist')],
  }
}

function figure(name: FigureName, seed: number): Recipe {
  const isSpiral = name === 'spiral'
  return {
    dataset: figureDataset(name, { seed, noise: isSpiral ? 0.03 : 0.05 }),
    layers: [...hidden(isSpiral ? [16, 16] : [8, 8]), { type: 'dense', units: 1 }, { type: 'sigmoid' }],
    training: { loss: 'binaryCrossEntropy', optimizer: { type: 'adam', learningRate: 0.01 }, batchSize: 32 },
    epochs: isSpiral ? 150 : 40,
    shuffle: true,
    notes: [message('about.figure'), message('about.logit')],
  }
}

function classifier(
  dataset: Dataset,
  units: number[],
  { batchSize, epochs }: { batchSize: number; epochs: number },
  notes: Message[],
): Recipe {
  return {
    dataset,
    layers: [...hidden(units), { type: 'dense', units: dataset.outputs }],
    training: { loss: 'crossEntropy', optimizer: { type: 'adam', learningRate: 0.01 }, batchSize },
    epochs,
    shuffle: true,
    notes: [...notes, ...(dataset.notes ?? [])],
  }
}

const hidden = (units: number[]): Layer[] => units.flatMap((width): Layer[] => [{ type: 'dense', units: width }, { type: 'tanh' }])
