/** The files of MNIST, as they are named everywhere. */
export const mnistFiles = {
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const

/** The training images come in blocks, an IDX file each, so that training begins with the first. */
export const mnistBlock = 10_000
export const mnistTrainImages = (block: number): string => `train-images-idx3-ubyte-${block}`
