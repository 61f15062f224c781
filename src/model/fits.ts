import { wrongAt } from '../errors.ts'
import { message, type Message } from '../words/say.ts'
import { layerAt, lossNamed, setting } from './places.ts'
import { sameShape, shapeText, sizeOf } from './shape.ts'
import { networkOutput, placedLayers } from './shapes.ts'
import type { ModelFile } from './types.ts'

interface Part {
  count: number
  /** Bytes, or floats of which each must be finite. */
  x: Float32Array | Uint8Array
  /** Class indices, or targets. */
  y: Float32Array | Int32Array
}

/** What of a data set decides whether a model fits it. */
export interface DataToFit {
  name: string
  inputShape: number[]
  outputs: number
  train: Part
  test?: Part
  scaling?: { mean: Float32Array; deviation: Float32Array }
  featureNames?: string[]
  targetNames?: string[]
}

/** A part of the data as sentences speak of it. */
interface Told {
  path: string
  name: Message
}

/** Shapes of one size are one row of memory where either of them is flat. */
const sameSample = (a: number[], b: number[]): boolean => sameShape(a, b) || (sizeOf(a) === sizeOf(b) && (a.length === 1 || b.length === 1))

function checkShapes(model: ModelFile, data: DataToFit): void {
  if (!sameSample(model.input, data.inputShape)) {
    throw wrongAt({ path: 'input', name: message('fit.modelInput') }, 'fit.input', {
      shape: shapeText(model.input),
      data: data.name,
      sample: shapeText(data.inputShape),
    })
  }
  const output = networkOutput(model)
  const classes = data.train.y instanceof Int32Array
  const wanted = message(classes ? 'fit.classes' : 'fit.targets', { count: data.outputs })
  if (classes && model.loss !== 'crossEntropy') {
    const [loss, expected] = [lossNamed(model.loss), lossNamed('crossEntropy')]
    throw wrongAt('loss', 'fit.lossOfNumbers', { loss, data: data.name, wanted, expected })
  }
  if (!classes && model.loss === 'crossEntropy') {
    throw wrongAt('loss', 'fit.lossOfClasses', { loss: lossNamed(model.loss), data: data.name, wanted })
  }
  if (output.length !== 1 || output[0] !== data.outputs) {
    const last = model.layers.length - 1
    throw wrongAt(`layers.${last}`, 'fit.output', { shape: shapeText(output), data: data.name, wanted })
  }
}

/** A feature or target by its position, and its name where it has one. */
const numbered = (code: 'fit.feature' | 'fit.target', index: number, names: string[] = []): Message =>
  message(code, { index, name: names[index] ?? '' })

function checkFinite(values: Float32Array, width: number, number: (column: number) => Message, part: Told): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw wrongAt(part.path, 'fit.notFinite', {
    number: number(at % width),
    sample: Math.floor(at / width),
    part: part.name,
    found: values[at]!,
  })
}

function checkPart(given: Part, part: Told, model: ModelFile, data: DataToFit): void {
  const { count, x, y } = given
  const width = sizeOf(data.inputShape)
  const targets = y instanceof Int32Array ? 1 : data.outputs
  if (count === 0) throw wrongAt(part.path, 'fit.noSamples', { part: part.name })
  for (const [code, found, expected] of [
    ['fit.values', x.length, count * width],
    ['fit.targetCount', y.length, count * targets],
  ] as const)
    if (found !== expected) throw wrongAt(part.path, code, { part: part.name, found, expected, count })
  if (x instanceof Float32Array) checkFinite(x, width, (column) => numbered('fit.feature', column, data.featureNames), part)
  if (y instanceof Float32Array) {
    checkFinite(y, targets, (column) => numbered('fit.target', column, data.targetNames), part)
    const at = model.loss === 'binaryCrossEntropy' ? y.findIndex((value) => value < 0 || value > 1) : -1
    if (at < 0) return
    const target = { number: numbered('fit.target', at % targets), sample: Math.floor(at / targets), found: y[at]! }
    throw wrongAt('loss', 'fit.noProbability', { ...target, part: part.name, loss: lossNamed(model.loss) })
  }
  const sample = y.findIndex((label) => label < 0 || label >= data.outputs)
  if (sample >= 0) throw wrongAt(part.path, 'fit.label', { sample, part: part.name, found: y[sample]!, most: data.outputs - 1 })
}

/** The last batch of an epoch may be short: batchNorm must not be left with a single value in it. */
function checkLastBatch(model: ModelFile, data: DataToFit): void {
  const { count } = data.train
  const last = count % model.batchSize || Math.min(count, model.batchSize)
  for (const { layer, path, input } of placedLayers(model)) {
    if (layer.type === 'batchNorm' && last * sizeOf(input.slice(1)) === 1) {
      throw wrongAt(layerAt('batchNorm', path), 'model.oneValueLast', {
        count,
        data: data.name,
        batchSize: setting('batchSize'),
        size: model.batchSize,
      })
    }
  }
}

function checkScaling({ name, inputShape, scaling }: DataToFit): void {
  if (!scaling) return
  const features = sizeOf(inputShape)
  const widths = [...new Set([1, ...(inputShape.length === 3 ? [inputShape[0]!] : []), features])]
  const data = name
  for (const [code, { length }] of [
    ['fit.means', scaling.mean],
    ['fit.deviations', scaling.deviation],
  ] as const)
    if (!widths.includes(length) || length !== scaling.mean.length) throw wrongAt('data.scaling', code, { data, found: length, widths })
  if (![...scaling.mean, ...scaling.deviation].every(Number.isFinite)) throw wrongAt('data.scaling', 'fit.scalingNotFinite', { data })
  if (scaling.deviation.includes(0)) throw wrongAt('data.scaling', 'fit.noDeviation', { data })
}

/**
 * Throws an InputError where a (parsed) model cannot train on a data set: input and output sizes, loss against kind of target, labels out
 * of range, targets that are no probabilities under binaryCrossEntropy, numbers that are not finite, a last batch too short for batchNorm.
 */
export function checkModelFitsData(model: ModelFile, data: DataToFit): void {
  checkShapes(model, data)
  checkPart(data.train, { path: 'data.train', name: message('fit.training', { data: data.name }) }, model, data)
  if (data.test) checkPart(data.test, { path: 'data.test', name: message('fit.test', { data: data.name }) }, model, data)
  checkScaling(data)
  checkLastBatch(model, data)
}
