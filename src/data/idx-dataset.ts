/** Data sets of IDX files: one holds the samples, one their labels. */
import { InputError } from '../errors.ts'
import { parseIdx, type IdxArray } from './idx.ts'
import { byteScaling, valueScaling } from './scaling.ts'
import type { DataFile } from './source.ts'
import { splitSamples, takeRows, type SplitOptions } from './split.ts'
import type { Dataset, Samples } from './types.ts'

export interface IdxOptions extends SplitOptions {
  name?: string
  /** Names of the classes; a label beyond them is refused. */
  classes?: string[]
  /** A sample is `[features]` (default), or keeps its axes: `[channels, height, width]`, where `[height, width]` counts as one channel. */
  keepAxes?: boolean
}

/** Unused class numbers in a row that are still taken for classes that happen to be absent, not for a wrong label. */
const longestGap = 16

const quantity = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

interface Part {
  samples: IdxArray
  labels: IdxArray
}

/**
 * A data set of two IDX files, told apart by their rank: 1 is the labels, more are samples. Samples of bytes stay bytes.
 * Whole numbers as labels are classes, counted from 0; floats are targets. Without test files a share of the samples is kept for testing.
 * Scaling is one mean and one deviation over all values of the training part.
 * @throws InputError when the files do not fit together
 */
export async function idxDataset(files: DataFile[], testFiles: DataFile[] = [], options: IdxOptions = {}): Promise<Dataset> {
  const whole = await readPart(files)
  const { samples, labels } = whole
  const name = options.name ?? samples.name
  const axes = samples.shape.slice(1)
  const features = axes.reduce((product, size) => product * size, 1)
  const inputShape = options.keepAxes ? (axes.length === 2 ? [1, ...axes] : axes) : [features]
  const isClass = labels.type !== 'f32' && labels.type !== 'f64'
  const classCount = isClass ? (options.classes?.length ?? countClasses(labels)) : 0
  if (isClass) checkLabels(labels, classCount)

  const all = toSamples(whole, isClass)
  let train = all
  let test: Samples | undefined
  if (testFiles.length > 0) {
    const part = await readPart(testFiles)
    const found = part.samples.shape.slice(1)
    if (found.join() !== axes.join())
      throw new InputError(
        `${part.samples.name}: found samples of shape ${found.join('×')}, expected ${axes.join('×')} as in ${samples.name}.`,
      )
    if ((part.samples.type === 'u8') !== (samples.type === 'u8'))
      throw new InputError(
        `${part.samples.name}: found samples of type ${part.samples.type}, expected ${samples.type} as in ${samples.name}.`,
      )
    if ((part.labels.type === 'f32' || part.labels.type === 'f64') === isClass)
      throw new InputError(`${part.labels.name}: found labels of type ${part.labels.type}, expected ${labels.type} as in ${labels.name}.`)
    if (isClass) checkLabels(part.labels, classCount)
    test = toSamples(part, isClass)
  } else {
    const split = splitSamples(name, all.count, options)
    if (split.test.length > 0) {
      train = take(all, features, split.train)
      test = take(all, features, split.test)
    }
  }
  return {
    name,
    inputShape,
    outputs: isClass ? classCount : 1,
    train,
    ...(test && { test }),
    scaling: train.x instanceof Uint8Array ? byteScaling(train.x) : valueScaling(train.x),
    ...(isClass ? { classes: options.classes ?? Array.from({ length: classCount }, (_, i) => String(i)) } : { targetNames: [labels.name] }),
  }
}

async function readPart(files: DataFile[]): Promise<Part> {
  const arrays = await Promise.all(files.map(({ name, bytes }) => parseIdx(name, bytes)))
  const told = arrays.map(({ name, shape }) => `${name} (rank ${shape.length})`).join(', ') || 'none'
  const labels = arrays.filter(({ shape }) => shape.length === 1)
  const samples = arrays.filter(({ shape }) => shape.length > 1)
  if (samples.length !== 1 || labels.length !== 1)
    throw new InputError(`Of IDX files found ${told}, expected one of samples (rank 2 or more) and one of labels (rank 1).`)
  const part = { samples: samples[0]!, labels: labels[0]! }
  const [count, labelCount] = [part.samples.shape[0]!, part.labels.shape[0]!]
  if (count !== labelCount)
    throw new InputError(
      `${part.labels.name}: found ${quantity(labelCount, 'label')}, expected ${count}, one for each sample of ${part.samples.name}.`,
    )
  if (part.samples.values.length === 0)
    throw new InputError(`${part.samples.name}: found no values (shape ${part.samples.shape.join('×')}), expected at least one sample.`)
  checkFinite(part.samples)
  checkFinite(part.labels)
  return part
}

function checkFinite({ name, type, shape, values }: IdxArray) {
  if (type !== 'f32' && type !== 'f64') return
  const at = values.findIndex((value) => !Number.isFinite(Math.fround(value)))
  if (at < 0) return
  const sample = Math.floor(at / (values.length / shape[0]!))
  throw new InputError(`${name}: found ${values[at]} in sample ${sample} (counted from 0), expected a finite 32-bit number.`)
}

/** Highest label + 1. A label far from every other one is taken for a mistake. */
function countClasses({ name, values }: IdxArray): number {
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  let last = -1
  for (const label of distinct) {
    if (label > last + 1 + longestGap)
      throw new InputError(
        `${name}: found label ${label} at sample ${values.indexOf(label)} (counted from 0), expected ${last < 0 ? 'classes counted from 0' : `0 to ${last}, the classes that the other labels name`}.`,
      )
    last = Math.max(last, label)
  }
  return last + 1
}

function checkLabels({ name, values }: IdxArray, classes: number) {
  const at = values.findIndex((label) => label < 0 || label >= classes)
  if (at >= 0)
    throw new InputError(
      `${name}: found label ${values[at]} at sample ${at} (counted from 0), expected ${classes > 1 ? `0 to ${classes - 1}` : '0 or more'}.`,
    )
}

const toSamples = ({ samples, labels }: Part, isClass: boolean): Samples => ({
  count: samples.shape[0]!,
  x: samples.values instanceof Uint8Array || samples.values instanceof Float32Array ? samples.values : Float32Array.from(samples.values),
  y: isClass ? Int32Array.from(labels.values) : Float32Array.from(labels.values),
})

const take = ({ x, y }: Samples, features: number, rows: Uint32Array): Samples => ({
  count: rows.length,
  x: takeRows(x, features, rows),
  y: takeRows(y, 1, rows),
})
