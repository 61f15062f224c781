/** MNIST: 60,000 + 10,000 handwritten digits of 28×28 pixels, by Y. LeCun, C. Cortes and C. Burges. */
import { readIdxFiles } from './idx-files.ts'
import { labelledDataset, type LabelledOptions } from './labelled-dataset.ts'
import type { DataSource } from './source.ts'
import type { Dataset } from './types.ts'

export const mnistFiles = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const

/** What is known of MNIST without its files. */
export const emptyMnist = ({ keepAxes = false }: Pick<LabelledOptions, 'keepAxes'> = {}): Dataset => ({
  name: 'MNIST',
  inputShape: keepAxes ? [1, 28, 28] : [784],
  outputs: 10,
  train: { count: 60_000, x: new Uint8Array(), y: new Int32Array() },
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
  return labelledDataset(read, { ...options, name: 'MNIST' })
}

/** MNIST from `mnist/train-images-idx3-ubyte` and its like, gzipped or not. */
export async function loadMnist(source: DataSource, options: Pick<LabelledOptions, 'keepAxes'> = {}): Promise<Dataset> {
  const keys = Object.keys(mnistFiles) as (keyof MnistFiles)[]
  const bytes = await Promise.all(keys.map((key) => source(`mnist/${mnistFiles[key]}`)))
  return mnistDataset(Object.fromEntries(keys.map((key, i) => [key, bytes[i]!])) as MnistFiles, options)
}
