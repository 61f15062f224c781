/** Two IDX files, of samples and of their labels, and the like to test on: read, told apart and checked. */
import { InputError } from '../errors.ts'
import { parseIdx } from './idx.ts'
import type { Labelled, LabelledPart, SampleArray } from './labelled.ts'
import type { DataFile } from './source.ts'

/** Unused class numbers in a row that are still taken for classes that happen to be absent, not for a wrong label. */
const longestGap = 16

const quantity = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
const isFloat = ({ type }: SampleArray) => type === 'f32' || type === 'f64'

/**
 * Two IDX files, told apart by their rank: 1 is the labels, more are samples. Whole numbers as labels are classes, counted from 0.
 * @param given names of the classes; a label beyond them is refused
 * @throws InputError when the files do not fit together
 */
export async function readIdxFiles(files: DataFile[], testFiles: DataFile[] = [], given?: string[]): Promise<Labelled> {
  const whole = await readPart(files)
  const { samples, labels } = whole
  const axes = samples.shape.slice(1)
  const classes = isFloat(labels) ? undefined : (given ?? Array.from({ length: countClasses(labels) }, (_, i) => String(i)))
  if (classes) checkLabels(labels, classes.length)
  const read = { whole, axes, ...(classes && { classes }) }
  if (testFiles.length === 0) return read
  const test = await readPart(testFiles)
  const found = test.samples.shape.slice(1)
  if (found.join() !== axes.join())
    throw new InputError(
      `${test.samples.name}: found samples of shape ${found.join('×')}, expected ${axes.join('×')} as in ${samples.name}.`,
    )
  if ((test.samples.type === 'u8') !== (samples.type === 'u8'))
    throw new InputError(
      `${test.samples.name}: found samples of type ${test.samples.type}, expected ${samples.type} as in ${samples.name}.`,
    )
  if (isFloat(test.labels) !== isFloat(labels))
    throw new InputError(`${test.labels.name}: found labels of type ${test.labels.type}, expected ${labels.type} as in ${labels.name}.`)
  if (classes) checkLabels(test.labels, classes.length)
  return { ...read, test }
}

async function readPart(files: DataFile[]): Promise<LabelledPart> {
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

function checkFinite(array: SampleArray) {
  if (!isFloat(array)) return
  const { name, shape, values } = array
  const at = values.findIndex((value) => !Number.isFinite(Math.fround(value)))
  if (at < 0) return
  const sample = Math.floor(at / (values.length / shape[0]!))
  throw new InputError(`${name}: found ${values[at]} in sample ${sample} (counted from 0), expected a finite 32-bit number.`)
}

/** Highest label + 1. A label far from every other one is taken for a mistake. */
function countClasses({ name, values }: SampleArray): number {
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

function checkLabels({ name, values }: SampleArray, classes: number) {
  const at = values.findIndex((label) => label < 0 || label >= classes)
  if (at >= 0)
    throw new InputError(
      `${name}: found label ${values[at]} at sample ${at} (counted from 0), expected ${classes > 1 ? `0 to ${classes - 1}` : '0 or more'}.`,
    )
}
