/** From the rail's description to what the engine takes, and where in the rail a refusal belongs. */
import { completeLayer, withInner } from '../../model/catalogue/layers.ts'
import { modelFormat, type Layer, type LossName, type ModelFile } from '../../model/types.ts'
import type { Dataset, Samples } from '../../data/types.ts'
import { InputError, wrongAt } from '../../errors.ts'
import { nesterov } from '../../kernels/optimizer.ts'
import { notNegative, unless } from '../../model/schema.ts'
import { checkModelFitsData, parseModel } from '../../model/validate.ts'
import { checkEarlyStopping } from '../../train/early-stop.ts'
import { descriptionsOf } from './experiments.ts'
import { canonical, same } from '../../same.ts'
import { isMessage, message } from '../../words/say.ts'
import type { Description, Problem, State, Told } from './state.ts'

const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0 && Number.isFinite(value)
const epochsCheck = unless(
  (value) => value === null || isPositive(value),
  message('expected.orEndless', { expected: message('expected.positive') }),
)
const evaluateEveryCheck = unless(
  (value) => isPositive(value) && Number.isSafeInteger(value),
  message('expected.orAuto', { expected: message('expected.positiveInteger') }),
)

/** The description as a model file, checked. Throws an InputError that names what is wrong. */
export function checkedModel(description: Description, sampleShape: number[]): ModelFile {
  const { input, layers, training, perturbation, epochs, evaluateEvery, earlyStopping } = description
  const model = parseModel({ format: modelFormat, input: input ?? sampleShape, layers, ...training })
  notNegative(perturbation, 'perturbation')
  epochsCheck(epochs, 'epochs')
  if (evaluateEvery !== undefined) evaluateEveryCheck(evaluateEvery, 'evaluateEvery')
  if (earlyStopping) checkEarlyStopping(earlyStopping)
  return model
}

/** The same, checked for the data too. */
export function fittingModel(description: Description, dataset: Dataset): ModelFile {
  const model = checkedModel(description, dataset.inputShape)
  checkModelFitsData(model, dataset)
  const { count } = dataset.train
  if (model.batchSize > count) throw wrongAt('batchSize', 'run.batchSize', { found: model.batchSize, most: count })
  return model
}

/** What refuses a description for some data before anything is compiled, or null. */
export function refusalOf(description: Description, dataset: Dataset): InputError | null {
  try {
    fittingModel(description, dataset)
    return null
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

/** What went wrong, so that it can be said in any language; what is no bad input only as it tells itself. */
export function toldOf(error: unknown): Told {
  if (error instanceof InputError || isMessage(error)) return error
  return message('error.other', { text: error instanceof Error ? error.message : String(error) })
}

/** Fields of the training panel whose name is not the last key of their path. */
const fieldOfPath: Readonly<Record<string, string>> = { 'schedule.patience': 'plateauPatience', augmentation: 'shift' }

/** Which panel and field an error speaks of, by its path; undefined where it has none. */
export function placeOf({ path }: InputError): Pick<Problem, 'place' | 'field'> | undefined {
  if (path === undefined || path === '') return undefined
  const keys = path.split('.')
  if (keys[0] === 'data') return { place: 'data' }
  if (keys[0] === 'layers' || keys[0] === 'input') return { place: 'network', field: path }
  return { place: 'training', field: fieldOfPath[path] ?? keys.at(-1) ?? '' }
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

/** What of all networks of a description is compiled into their plans. Equal texts for what is the same run. */
export const compiledPart = (description: Description): string => compiledParts(description).join()

/** What of each network that trains is compiled into its plan, and what it begins like; the rest a trainer takes while it runs. */
export function compiledParts(description: Description): string[] {
  const [run, ...others] = descriptionsOf(description) as [Description, ...Description[]]
  const like = canonical(run.layers.map(withDefaults))
  return [compiled(run), ...others.map((own) => compiled(own) + (same(own.layers, run.layers) ? '' : ` like ${like}`))]
}

function compiled(description: Description): string {
  const { input, layers, training, shuffle } = description
  const { optimizer, loss, batchSize, accumulate = 1, augmentation: { shift = 0, flip = false } = {}, seed } = training
  return canonical({
    input,
    layers: layers.map(withDefaults),
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
