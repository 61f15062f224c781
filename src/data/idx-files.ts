/** Two IDX files, of samples and of their labels, and the like to test on: read, told apart and checked. */
import { wrong, wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
import { parseIdx } from './idx.ts'
import type { Labelled, LabelledPart, SampleArray } from './labelled.ts'
import type { DataFile } from './source.ts'

/** Unused class numbers in a row that are still taken for classes that happen to be absent, not for a wrong label. */
const longestGap = 16

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
    throw wrongIn(test.samples.name, 'idx.shape', { found: found.join('×'), expected: axes.join('×'), file: samples.name })
  if ((test.samples.type === 'u8') !== (samples.type === 'u8'))
    throw wrongIn(test.samples.name, 'idx.sampleType', { found: test.samples.type, expected: samples.type, file: samples.name })
  if (isFloat(test.labels) !== isFloat(labels))
    throw wrongIn(test.labels.name, 'idx.labelType', { found: test.labels.type, expected: labels.type, file: labels.name })
  if (classes) checkLabels(test.labels, classes.length)
  return { ...read, test }
}

async function readPart(files: DataFile[]): Promise<LabelledPart> {
  const arrays = await Promise.all(files.map(({ name, bytes }) => parseIdx(name, bytes)))
  const labels = arrays.filter(({ shape }) => shape.length === 1)
  const samples = arrays.filter(({ shape }) => shape.length > 1)
  if (samples.length !== 1 || labels.length !== 1)
    throw wrong('idx.files', { found: arrays.map(({ name, shape }) => message('idx.rank', { file: name, rank: shape.length })) })
  const part = { samples: samples[0]!, labels: labels[0]! }
  const [count, labelCount] = [part.samples.shape[0]!, part.labels.shape[0]!]
  if (count !== labelCount) throw wrongIn(part.labels.name, 'idx.labels', { found: labelCount, expected: count, file: part.samples.name })
  if (part.samples.values.length === 0) throw wrongIn(part.samples.name, 'idx.noValues', { shape: part.samples.shape.join('×') })
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
  throw wrongIn(name, 'idx.notFinite', { found: values[at]!, sample })
}

/** Highest label + 1. A label far from every other one is taken for a mistake. */
function countClasses({ name, values }: SampleArray): number {
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  let last = -1
  for (const label of distinct) {
    if (label > last + 1 + longestGap) throw wrongIn(name, 'idx.farLabel', { found: label, sample: values.indexOf(label), last })
    last = Math.max(last, label)
  }
  return last + 1
}

function checkLabels({ name, values }: SampleArray, classes: number) {
  const at = values.findIndex((label) => label < 0 || label >= classes)
  if (at >= 0) throw wrongIn(name, 'idx.label', { found: values[at]!, sample: at, most: classes - 1 })
}
