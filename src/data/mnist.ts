/** MNIST: 60,000 + 10,000 handwritten digits of 28×28 pixels, by Y. LeCun, C. Cortes and C. Burges. */
import { wrongIn } from '../errors.ts'
import { Arrival } from './arrival.ts'
import { parseIdx } from './idx.ts'
import { mnistBlock, mnistFiles, mnistTrainImages } from './mnist-files.ts'
import { oneScaling } from './scaling.ts'
import type { DataSource } from './source.ts'
import type { Dataset } from './types.ts'

const [trainCount, testCount] = [60_000, 10_000]
const [height, width, classes] = [28, 28, 10]
/** Mean and deviation of the training pixels: training begins before they are there to be summed. */
const scaling = oneScaling(0.1306604762738429, 0.3081078038564627)

interface MnistOptions {
  /** Samples of shape `[1, 28, 28]` instead of `[784]`. */
  keepAxes?: boolean
}

/** What is known of MNIST without its files. */
export const emptyMnist = ({ keepAxes = false }: MnistOptions = {}): Dataset => ({
  name: 'MNIST',
  inputShape: keepAxes ? [1, height, width] : [height * width],
  outputs: classes,
  train: { count: trainCount, x: new Uint8Array(), y: new Int32Array() },
  scaling,
  classes: Array.from({ length: classes }, (_, digit) => String(digit)),
})

/**
 * MNIST from `mnist/train-labels-idx1-ubyte` and its like, gzipped or not: samples in bytes, standardised by the one mean and deviation of the training
 * pixels. Resolves with the first block of training images; the others follow, and then the images of the test part.
 * @throws InputError when a file is not what it should be
 */
export async function loadMnist(source: DataSource, options: MnistOptions = {}): Promise<Dataset> {
  const read = async (name: string, shape: number[]) => bytesOf(name, await source(`mnist/${name}`), shape)
  const [trainLabels, testLabels] = await Promise.all([
    read(mnistFiles.trainLabels, [trainCount]).then((labels) => digits(mnistFiles.trainLabels, labels)),
    read(mnistFiles.testLabels, [testCount]).then((labels) => digits(mnistFiles.testLabels, labels)),
  ])
  const pixels = height * width
  const x = new Uint8Array(trainCount * pixels)
  const trainBlocks = new Arrival(trainCount, mnistBlock, async (block) => {
    x.set(await read(mnistTrainImages(block), [mnistBlock, height, width]), block * mnistBlock * pixels)
  })
  const testX = new Uint8Array(testCount * pixels)
  const testBlocks = new Arrival(testCount, testCount, async () => {
    await trainBlocks.until(trainCount)
    testX.set(await read(mnistFiles.testImages, [testCount, height, width]))
  })
  await trainBlocks.until(mnistBlock)
  return {
    ...emptyMnist(options),
    train: { count: trainCount, x, y: trainLabels, blocks: trainBlocks },
    test: { count: testCount, x: testX, y: testLabels, blocks: testBlocks },
  }
}

async function bytesOf(name: string, file: Uint8Array, shape: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const { values, shape: found } = await parseIdx(name, file)
  if (!(values instanceof Uint8Array) || found.join() !== shape.join())
    throw wrongIn(name, 'idx.bytes', { found: found.join('×'), expected: shape.join('×') })
  return values
}

function digits(name: string, labels: Uint8Array): Int32Array<ArrayBuffer> {
  const at = labels.findIndex((label) => label >= classes)
  if (at >= 0) throw wrongIn(name, 'idx.label', { found: labels[at]!, sample: at, most: classes - 1 })
  return Int32Array.from(labels)
}
