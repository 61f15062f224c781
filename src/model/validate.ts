import { InputError } from '../errors.ts'
import { parseJson } from '../json.ts'
import { keysOf, type Fields } from './catalogue/field.ts'
import { kindOf, layerTypes } from './catalogue/layers.ts'
import { lossKind, lossNames } from './catalogue/losses.ts'
import { optimizerFields, optimizerNames } from './catalogue/optimizers.ts'
import { scheduleKind, scheduleNames } from './catalogue/schedules.ts'
import {
  anything,
  boolean,
  checkKeys,
  found,
  integerUpTo,
  list,
  notNegative,
  object,
  oneOf,
  positive,
  positiveInteger,
  seed,
  variant,
  wholeNumber,
  type Check,
  type Variants,
} from './schema.ts'
import { sizeOf } from './shape.ts'
import { networkOutput, placedLayers, parametersOf } from './shapes.ts'
import { modelFormat, type Layer, type ModelFile, type Optimizer, type Schedule } from './types.ts'

export { checkModelFitsData } from './fits.ts'

const goldenFormat = 'gradscope-golden/1'
const defaultSeed = 1
/** Containers nested deeper than this are refused before they exhaust the stack. */
const deepestNesting = 32

const layer: Check = (value, path) => {
  if (path.split('.').length > 3 * deepestNesting) throw new InputError(`layers nest deeper than ${deepestNesting} containers`)
  variant('layer', () => layerVariants)(value, path)
}
const layers = list(layer, 'a list of layers')
const branches = list(layers, 'a list of branches')
const layerVariants: Variants = Object.fromEntries(layerTypes.map((type) => [type, keysOf(kindOf({ type }).fields, { layers, branches })]))

const optimizerWith = (learningRate: Check): Check => {
  const variants = Object.fromEntries(
    optimizerNames.map((type) => {
      const { required, optional } = keysOf(optimizerFields({ type }))
      return [type, { required: { learningRate, ...required }, optional }]
    }),
  )
  return (value, path) => {
    variant('optimizer', () => variants)(value, path)
    const { nesterov, momentum } = value as { nesterov?: boolean; momentum?: number }
    if (nesterov && !momentum) throw new InputError(`${path}.nesterov needs a momentum above 0, found ${momentum ?? 'none'}`)
  }
}
const optimizer = optimizerWith(positive)

const schedule = variant('schedule', () =>
  Object.fromEntries(scheduleNames.map((type) => [type, keysOf(scheduleKind({ type }).fields as Fields)])),
)

const input: Check = (value, path) => {
  list(positiveInteger, '[features] or [channels, height, width]')(value, path)
  const { length } = value as number[]
  if (length !== 1 && length !== 3) throw new InputError(`${path} is ${found(value)}, expected [features] or [channels, height, width]`)
}

const trainingKeys = { input, layers, loss: oneOf(lossNames), optimizer, batchSize: positiveInteger }
const augmentation: Check = (value, path) => {
  object(value, path)
  checkKeys(value, path, {}, { shift: wholeNumber, flip: boolean })
}
const optionalKeys = { schedule, warmup: wholeNumber, clipNorm: positive, accumulate: integerUpTo(1024), augmentation }
const goldenKeys = { samples: anything, steps: anything, tolerance: anything, uniform: anything, outputBias: anything }

/** Whether every output of these layers is a sigmoid's. */
function endsInSigmoid(ending: Layer[]): boolean {
  const last = ending.at(-1)
  if (last?.type === 'sigmoid') return true
  if (last?.type === 'flatten') return endsInSigmoid(ending.slice(0, -1))
  return last?.type === 'concat' && last.branches.every(endsInSigmoid)
}

function checkAugmentation({ augmentation: { shift = 0, flip = false } = {}, input: shape }: ModelFile): void {
  if (shift === 0 && !flip) return
  const [, height, width] = shape
  if (height === undefined || width === undefined)
    throw new InputError(`augmentation moves images, but the input is ${found(shape)}, expected [channels, height, width]`)
  if (shift >= Math.min(height, width))
    throw new InputError(`augmentation.shift is ${shift} on images of ${height} × ${width}, expected less than their sides`)
}

/** What the keys alone do not show: shapes that chain, and layers that fit batch size and loss. */
function checkMeaning(model: ModelFile): void {
  networkOutput(model)
  checkAugmentation(model)
  if (!parametersOf(model).some(({ trainable }) => trainable))
    throw new InputError('layers hold no parameters, so there is nothing to train')
  for (const { layer: placed, path, input: shape } of placedLayers(model)) {
    if (placed.type === 'batchNorm' && model.batchSize * sizeOf(shape.slice(1)) === 1) {
      throw new InputError(`batchNorm at ${path} would see one value per channel at batchSize 1, expected a batchSize of at least 2`)
    }
  }
  if (lossKind(model.loss).holds === 'sigmoid' && !endsInSigmoid(model.layers)) {
    const last = model.layers.length - 1
    throw new InputError(
      `${model.loss} takes probabilities, but the output comes from ${model.layers[last]!.type} at layers.${last}, expected sigmoid`,
    )
  }
}

/**
 * A model file, checked. Takes a golden's JSON too, of which it ignores samples, steps and tolerance; its seed is 1 unless given.
 * `name` is the file's name for messages. Throws an InputError with the path of what is wrong: unknown keys and types, values of a wrong
 * type or out of range, shapes that do not chain, layers that fit neither batch size nor loss.
 */
export function parseModel(json: unknown, name: string): ModelFile {
  try {
    object(json, 'the model')
    const golden = json['format'] === goldenFormat
    const format = oneOf([modelFormat, goldenFormat])
    if (golden) checkKeys(json, '', { format, ...trainingKeys }, { ...optionalKeys, ...goldenKeys, seed })
    else checkKeys(json, '', { format, ...trainingKeys, seed }, optionalKeys)
    const kept = Object.entries(json).filter(([key]) => !Object.hasOwn(goldenKeys, key))
    const copy = JSON.parse(JSON.stringify(Object.fromEntries(kept)))
    const model: ModelFile = { ...copy, format: modelFormat, seed: copy.seed ?? defaultSeed }
    checkMeaning(model)
    return model
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : error
  }
}

/** What may change while a run goes on, whole. */
export interface RunSettings {
  optimizer: Optimizer
  schedule: Schedule | null
  warmup: number
  clipNorm: number | null
  /** Added to every weight after each update, uniform in ± this. */
  perturbation: number
}

const orNull = (check: Check): Check => {
  return (value, path) => {
    if (value !== null) check(value, path)
  }
}
/** A run may go on at a rate of 0. */
const runSettings = {
  optimizer: optimizerWith(notNegative),
  schedule: orNull(schedule),
  warmup: wholeNumber,
  clipNorm: orNull(positive),
  perturbation: notNegative,
}

/** Holds the settings of a run to what a model file must be. Throws an InputError with the path of what is wrong, after `name`. */
export function checkRunSettings(settings: RunSettings, name = 'set'): void {
  try {
    checkKeys({ ...settings }, '', runSettings)
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : error
  }
}

/** A model file from its text. Throws an InputError where it is not JSON, and as `parseModel` does. */
export function parseModelText(text: string, name: string): ModelFile {
  return parseModel(parseJson(name, text, 'a model file'), name)
}
