import { within, wrongAt } from '../errors.ts'
import { parseJson } from '../json.ts'
import { message } from '../words/say.ts'
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
import { layerAt, lossNamed, setting, typeNamed } from './places.ts'
import { shapeText, sizeOf } from './shape.ts'
import { networkOutput, placedLayers, parametersOf } from './shapes.ts'
import { modelFormat, type Layer, type ModelFile, type Optimizer, type Schedule } from './types.ts'

export { checkModelFitsData } from './fits.ts'

const goldenFormat = 'gradscope-golden/1'
const defaultSeed = 1
/** Containers nested deeper than this are refused before they exhaust the stack. */
const deepestNesting = 32

const layer: Check = (value, path) => {
  if (path.split('.').length > 3 * deepestNesting) throw wrongAt('layers', 'model.tooDeep', { most: deepestNesting })
  variant(message('kind.layer'), () => layerVariants)(value, path)
}
const layers = list(layer, message('expected.layers'))
const branches = list(layers, message('expected.branches'))
const layerVariants: Variants = Object.fromEntries(layerTypes.map((type) => [type, keysOf(kindOf({ type }).fields, { layers, branches })]))

const optimizerWith = (learningRate: Check): Check => {
  const variants = Object.fromEntries(
    optimizerNames.map((type) => {
      const { required, optional } = keysOf(optimizerFields({ type }))
      return [type, { required: { learningRate, ...required }, optional }]
    }),
  )
  return (value, path) => {
    variant(message('kind.optimizer'), () => variants)(value, path)
    const { nesterov, momentum } = value as { nesterov?: boolean; momentum?: number }
    if (nesterov && !momentum)
      throw wrongAt(`${path}.nesterov`, 'model.nesterov', { found: momentum === undefined ? message('value.none') : String(momentum) })
  }
}
const optimizer = optimizerWith(positive)

const schedule = variant(message('kind.schedule'), () =>
  Object.fromEntries(scheduleNames.map((type) => [type, keysOf(scheduleKind({ type }).fields as Fields)])),
)

const input: Check = (value, path) => {
  const expected = message('expected.shape')
  list(positiveInteger, expected)(value, path)
  const { length } = value as number[]
  if (length !== 1 && length !== 3) throw wrongAt(path, 'value.wrong', { found: found(value), expected })
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
  if (height === undefined || width === undefined) throw wrongAt('augmentation', 'model.augmentation', { shape: shapeText(shape) })
  if (shift >= Math.min(height, width)) throw wrongAt('augmentation.shift', 'model.shift', { shift, size: `${height} × ${width}` })
}

/** What the keys alone do not show: shapes that chain, and layers that fit batch size and loss. */
function checkMeaning(model: ModelFile): void {
  networkOutput(model)
  checkAugmentation(model)
  if (!parametersOf(model).some(({ trainable }) => trainable)) throw wrongAt('layers', 'model.noParameters')
  for (const { layer: placed, path, input: shape } of placedLayers(model)) {
    if (placed.type === 'batchNorm' && model.batchSize * sizeOf(shape.slice(1)) === 1) {
      throw wrongAt(layerAt('batchNorm', path), 'model.oneValue', { batchSize: setting('batchSize') })
    }
  }
  if (lossKind(model.loss).holds === 'sigmoid' && !endsInSigmoid(model.layers)) {
    const last = model.layers.length - 1
    throw wrongAt('loss', 'model.probabilities', {
      loss: lossNamed(model.loss),
      last: layerAt(model.layers[last]!.type, `layers.${last}`),
      expected: typeNamed('sigmoid'),
    })
  }
}

/**
 * A model file, checked. Takes a golden's JSON too, of which it ignores samples, steps and tolerance; its seed is 1 unless given.
 * `source` is the file's name for messages. Throws an InputError with the path of what is wrong: unknown keys and types, values of a wrong
 * type or out of range, shapes that do not chain, layers that fit neither batch size nor loss.
 */
export function parseModel(json: unknown, source?: string): ModelFile {
  const parse = () => {
    object(json, { path: '', name: message('model.whole') })
    const golden = json['format'] === goldenFormat
    const format = oneOf([modelFormat, goldenFormat])
    if (golden) checkKeys(json, '', { format, ...trainingKeys }, { ...optionalKeys, ...goldenKeys, seed })
    else checkKeys(json, '', { format, ...trainingKeys, seed }, optionalKeys)
    const kept = Object.entries(json).filter(([key]) => !Object.hasOwn(goldenKeys, key))
    const copy = JSON.parse(JSON.stringify(Object.fromEntries(kept)))
    const model: ModelFile = { ...copy, format: modelFormat, seed: copy.seed ?? defaultSeed }
    checkMeaning(model)
    return model
  }
  return source === undefined ? parse() : within(source, parse)
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

/** Holds the settings of a run, given in a call or file `source`, to what a model file must be. Throws an InputError with the path of what is wrong. */
export function checkRunSettings(settings: RunSettings, source = 'set'): void {
  within(source, () => checkKeys({ ...settings }, '', runSettings))
}

/** A model file from its text. Throws an InputError where it is not JSON, and as `parseModel` does. */
export function parseModelText(text: string, name: string): ModelFile {
  return parseModel(parseJson(name, text, message('json.model')), name)
}
