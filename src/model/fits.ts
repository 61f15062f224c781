import { InputError } from '../errors.ts'
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

/** Shapes of one size are one row of memory where either of them is flat. */
const sameSample = (a: number[], b: number[]): boolean => sameShape(a, b) || (sizeOf(a) === sizeOf(b) && (a.length === 1 || b.length === 1))

function checkShapes(model: ModelFile, data: DataToFit): void {
  if (!sameSample(model.input, data.inputShape)) {
    throw new InputError(`the model's input is ${shapeText(model.input)}, but a sample of ${data.name} is ${shapeText(data.inputShape)}`)
  }
  const output = networkOutput(model)
  const classes = data.train.y instanceof Int32Array
  const wanted = classes ? `${data.outputs} classes` : `${data.outputs} ${data.outputs === 1 ? 'target' : 'targets'}`
  if (classes && model.loss !== 'crossEntropy') {
    throw new InputError(`loss ${model.loss} takes numbers as targets, but those of ${data.name} are ${wanted}, expected crossEntropy`)
  }
  if (!classes && model.loss === 'crossEntropy') {
    throw new InputError(`loss crossEntropy takes classes, but ${data.name} has ${wanted} in numbers, expected another loss`)
  }
  if (output.length !== 1 || output[0] !== data.outputs) {
    const last = model.layers.length - 1
    throw new InputError(`the model's output at layers.${last} is ${shapeText(output)}, but ${data.name} has ${wanted}`)
  }
}

function checkFinite(values: Float32Array, width: number, names: string[] | undefined, what: string, where: string): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const column = at % width
  const name = names?.[column] ? ` (${names[column]})` : ''
  throw new InputError(
    `${what} ${column}${name} of sample ${Math.floor(at / width)} of ${where} is ${values[at]}, expected a finite number`,
  )
}

function checkPart(part: Part, where: string, model: ModelFile, data: DataToFit): void {
  const width = sizeOf(data.inputShape)
  const targets = part.y instanceof Int32Array ? 1 : data.outputs
  if (part.count === 0) throw new InputError(`${where} has no samples, expected at least one`)
  for (const [what, length, expected] of [
    ['values', part.x.length, part.count * width],
    ['targets', part.y.length, part.count * targets],
  ] as const) {
    if (length !== expected) throw new InputError(`${where} has ${length} ${what}, expected ${expected} for its ${part.count} samples`)
  }
  if (part.x instanceof Float32Array) checkFinite(part.x, width, data.featureNames, 'feature', where)
  if (part.y instanceof Float32Array) {
    checkFinite(part.y, targets, data.targetNames, 'target', where)
    const at = model.loss === 'binaryCrossEntropy' ? part.y.findIndex((value) => value < 0 || value > 1) : -1
    if (at >= 0) {
      const found = `target ${at % targets} of sample ${Math.floor(at / targets)} of ${where} is ${part.y[at]}`
      throw new InputError(`${found}, but binaryCrossEntropy takes targets from 0 to 1`)
    }
  } else {
    const at = part.y.findIndex((label) => label < 0 || label >= data.outputs)
    if (at >= 0) throw new InputError(`the label of sample ${at} of ${where} is ${part.y[at]}, expected 0 to ${data.outputs - 1}`)
  }
}

/** The last batch of an epoch may be short: batchNorm must not be left with a single value in it. */
function checkLastBatch(model: ModelFile, data: DataToFit): void {
  const { count } = data.train
  const last = count % model.batchSize || Math.min(count, model.batchSize)
  for (const { layer, path, input } of placedLayers(model)) {
    if (layer.type === 'batchNorm' && last * sizeOf(input.slice(1)) === 1) {
      throw new InputError(
        `batchNorm at ${path} would see one value per channel in the last batch of the ${count} samples of ${data.name} at batchSize ${model.batchSize}, expected a batchSize that leaves no batch of 1`,
      )
    }
  }
}

function checkScaling({ name, inputShape, scaling }: DataToFit): void {
  if (!scaling) return
  const features = sizeOf(inputShape)
  const widths = [1, ...(inputShape.length === 3 ? [inputShape[0]!] : []), features]
  for (const [what, { length }] of [
    ['means', scaling.mean],
    ['deviations', scaling.deviation],
  ] as const)
    if (!widths.includes(length) || length !== scaling.mean.length)
      throw new InputError(`the scaling of ${name} has ${length} ${what}, expected as many of both: ${[...new Set(widths)].join(' or ')}`)
  if (![...scaling.mean, ...scaling.deviation].every(Number.isFinite)) {
    throw new InputError(`the scaling of ${name} holds a number that is not finite`)
  }
  if (scaling.deviation.includes(0)) throw new InputError(`the scaling of ${name} has a deviation of 0, expected a positive one`)
}

/**
 * Throws an InputError where a (parsed) model cannot train on a data set: input and output sizes, loss against kind of target, labels out
 * of range, targets that are no probabilities under binaryCrossEntropy, numbers that are not finite, a last batch too short for batchNorm.
 */
export function checkModelFitsData(model: ModelFile, data: DataToFit): void {
  checkShapes(model, data)
  checkPart(data.train, `the training part of ${data.name}`, model, data)
  if (data.test) checkPart(data.test, `the test part of ${data.name}`, model, data)
  checkScaling(data)
  checkLastBatch(model, data)
}
