/** From the rail's description to what the engine takes, and where in the rail a refusal belongs. */
import { completeLayer, withInner } from '../../model/catalogue/layers.ts'
import { modelFormat, type Layer, type LossName, type ModelFile } from '../../model/types.ts'
import type { Dataset, Samples } from '../../data/types.ts'
import { InputError } from '../../errors.ts'
import { nesterov } from '../../kernels/optimizer.ts'
import { checkModelFitsData, parseModel } from '../../model/validate.ts'
import { checkEarlyStopping } from '../../train/early-stop.ts'
import { descriptionsOf } from './comparison.ts'
import { canonical } from '../../same.ts'
import type { Description, Problem, State } from './state.ts'
import { inPageWords } from '../words/page-words.ts'

/** The description as a model file, checked. Throws an InputError that names what is wrong. */
export function checkedModel(description: Description, sampleShape: number[]): ModelFile {
  const { input, layers, training, perturbation, epochs, evaluateEvery, earlyStopping } = description
  const model = parseModel({ format: modelFormat, input: input ?? sampleShape, layers, ...training }, 'model')
  if (!(typeof perturbation === 'number' && perturbation >= 0 && Number.isFinite(perturbation)))
    throw new InputError(`perturbation is ${JSON.stringify(perturbation)}, expected a number of at least 0`)
  if (epochs !== null && !(typeof epochs === 'number' && epochs > 0 && Number.isFinite(epochs)))
    throw new InputError(`epochs is ${JSON.stringify(epochs)}, expected a positive number, or nothing for no end`)
  if (evaluateEvery !== undefined && !(Number.isSafeInteger(evaluateEvery) && evaluateEvery > 0))
    throw new InputError(`evaluateEvery is ${JSON.stringify(evaluateEvery)}, expected a positive integer, or auto`)
  if (earlyStopping) checkEarlyStopping(earlyStopping)
  return model
}

/** The same, checked for the data too. */
export function fittingModel(description: Description, dataset: Dataset): ModelFile {
  const model = checkedModel(description, dataset.inputShape)
  checkModelFitsData(model, dataset)
  const { count } = dataset.train
  if (model.batchSize > count)
    throw new InputError(`batchSize is ${model.batchSize}, expected at most ${count}, the training samples there are`)
  return model
}

/** The sentence that refuses a description for some data before anything is compiled, or null. */
export function refusalOf(description: Description, dataset: Dataset): string | null {
  try {
    fittingModel(description, dataset)
    return null
  } catch (error) {
    if (error instanceof InputError) return placeOf(error.message, description).message
    throw error
  }
}

const trainingFields = [
  'learningRate',
  'schedule',
  'clipNorm',
  'batchSize',
  'seed',
  'perturbation',
  'epochs',
  'optimizer',
  'loss',
  'warmup',
  'accumulate',
  'augmentation',
  'evaluateEvery',
] as const

/** Which rail and field a refusal of a description speaks of, in the page's words. */
export function placeOf(sentence: string, description: Pick<Description, 'layers'>): Problem {
  const text = sentence.replace(/^model: /, '')
  return { ...fieldOf(text), message: inPageWords(text, description) }
}

function fieldOf(text: string): Pick<Problem, 'place' | 'field'> {
  const layer = /\blayers(?:\.\w+)+/.exec(text)?.[0]
  if (text.startsWith('batchSize')) return { place: 'training', field: 'batchSize' }
  if (/^(the training part|the test part|the scaling|the label)/.test(text)) return { place: 'data' }
  if (text.startsWith('schedule.patience')) return { place: 'training', field: 'plateauPatience' }
  if (/^(optimizer|schedule|augmentation|earlyStopping)\.(\w+)/.test(text)) return { place: 'training', field: text.split(/[. ]/)[1] ?? '' }
  if (/^(loss|binaryCrossEntropy)|, but binaryCrossEntropy/.test(text) || /unknown (loss|optimizer|schedule)/.test(text))
    return { place: 'training', field: 'loss' }
  if (layer !== undefined || /^layers|batchNorm/.test(text)) return { place: 'network', field: layer ?? '' }
  const field = trainingFields.find((name) => text.startsWith(name))
  return field ? { place: 'training', field } : { place: 'network' }
}

/** What of a data set decides where it starts. */
export type DataToStartOn = Pick<Dataset, 'inputShape' | 'outputs'> & { train: Pick<Samples, 'count' | 'y'> }

/** A network that is small, fits the data and usually learns: where a reader's own data starts. */
export function suggested(dataset: DataToStartOn): Description {
  const classes = dataset.train.y instanceof Int32Array
  const layers = [...firstLayers(dataset.inputShape), { type: 'dense', units: dataset.outputs } as const]
  const loss: LossName = classes ? 'crossEntropy' : 'mse'
  return {
    input: null,
    layers,
    training: { loss, optimizer: { type: 'adam', learningRate: 0.005 }, batchSize: Math.min(32, dataset.train.count), seed: 1 },
    perturbation: 0,
    shuffle: true,
    epochs: null,
  }
}

function firstLayers(inputShape: number[]): Layer[] {
  const [, height = 1, width = 1] = inputShape
  if (inputShape.length === 3 && Math.min(height, width) >= 8) return convolutions
  const features = inputShape.reduce((product, size) => product * size, 1)
  const hidden = features > 64 ? 64 : 16
  return [
    ...(inputShape.length === 3 ? [{ type: 'flatten' } as const] : []),
    ...[hidden, hidden / 2].flatMap((units): Layer[] => [{ type: 'dense', units }, { type: 'tanh' }]),
  ]
}

const initializer = { type: 'heNormal' } as const
const convolutions: Layer[] = [
  ...[8, 16].flatMap((filters): Layer[] => [
    { type: 'conv2d', filters, kernel: 3, padding: 1, initializer },
    { type: 'relu' },
    { type: 'maxPool2d', size: 2 },
  ]),
  { type: 'flatten' },
  { type: 'dense', units: 32, initializer },
  { type: 'relu' },
]

/** What of a description is compiled into the plan; the rest the trainer takes while it runs. Equal texts for what is the same run. */
export function compiledPart(description: Description): string {
  const { input, training, shuffle } = description
  const { optimizer, loss, batchSize, accumulate = 1, augmentation: { shift = 0, flip = false } = {}, seed } = training
  return canonical({
    input,
    layers: descriptionsOf(description).map(({ layers }) => layers.map(withDefaults)),
    shuffle,
    loss,
    batchSize,
    accumulate,
    augmentation: { shift, flip },
    seed,
    optimizer: optimizer.type,
    // What momentum an update has is a number that it reads; whether it has any is compiled.
    hasMomentum: optimizer.type === 'sgd' && Boolean(optimizer.momentum),
    nesterov: nesterov(optimizer),
    decaysAll: optimizer.decayBiasAndNorm !== false,
  })
}

/** A layer with its defaults written out, where it leaves them to the model file's. */
const withDefaults = (layer: Layer): Layer => withInner(completeLayer(layer), (layers) => layers.map(withDefaults))

/** What of a description a run is told when it begins: how long it is, and how it is watched. */
export const watchedPart = ({ epochs, evaluateEvery, earlyStopping, training: { schedule } }: Description): string =>
  canonical([epochs, evaluateEvery, earlyStopping, schedule?.type === 'plateau'])

/** Whether the run that goes on evaluates the test part itself. */
export function runEvaluates({ playing, running }: Pick<State, 'playing' | 'running'>): boolean {
  if (!playing || !running) return false
  const { evaluateEvery, earlyStopping, training } = running
  return evaluateEvery !== undefined || earlyStopping !== undefined || training.schedule?.type === 'plateau'
}
