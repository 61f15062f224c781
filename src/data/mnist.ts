/** MNIST: 60,000 + 10,000 handwritten digits of 28×28 pixels, by Y. LeCun, C. Cortes and C. Burges. */
import { readIdxFiles } from './idx-files.ts'
import { labelledDataset, type LabelledOptions } from './labelled-dataset.ts'
import { mnistFiles } from './mnist-files.ts'
import type { DataSource } from './source.ts'
import { oneScaling } from './scaling.ts'
import type { Dataset } from './types.ts'

const trainingCount = 60_000
/** Mean and deviation of its training pixels: no use in summing 47 million of them at each start. */
const scaling = oneScaling(0.1306604762738429, 0.3081078038564627)

/** What is known of MNIST without its files. */
export const emptyMnist = ({ keepAxes = false }: Pick<LabelledOptions, 'keepAxes'> = {}): Dataset => ({
  name: 'MNIST',
  inputShape: keepAxes ? [1, 28, 28] : [784],
  outputs: 10,
  train: { count: trainingCount, x: new Uint8Array(), y: new Int32Array() },
})

export type MnistFiles = Record<keyof typeof mnistFiles, Uint8Array>

/**
 * The four files as a data set: samples `[784]`, or `[1, 28, 28]` where axes are kept, in bytes, classes '0' to '9', standardised by the one mean and deviation of the training pixels.
 * @throws InputError when a file is not what it should be
 */
export async function mnistDataset(files: MnistFiles, options: Pick<LabelledOptions, 'keepAxes'> = {}): Promise<Dataset> {
  const file = (key: keyof MnistFiles) => ({ name: mnistFiles[key], bytes: files[key] })
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit))
  const read = await readIdxFiles([file('trainImages'), file('trainLabels')], [file('testImages'), file('testLabels')], digits)
  const known = read.whole.samples.shape[0] === trainingCount && { known: scaling }
  return labelledDataset(read, { ...options, ...known, name: 'MNIST' })
}

/** MNIST from `mnist/train-images-idx3-ubyte` and its like, gzipped or not. */
export async function loadMnist(source: DataSource, options: Pick<LabelledOptions, 'keepAxes'> = {}): Promise<Dataset> {
  const keys = Object.keys(mnistFiles) as (keyof MnistFiles)[]
  const bytes = await Promise.all(keys.map((key) => source(`mnist/${mnistFiles[key]}`)))
  return mnistDataset(Object.fromEntries(keys.map((key, i) => [key, bytes[i]!])) as MnistFiles, options)
}
