/** Samples with labels as a preview looks at them: their values are made as they are asked for, and all of them only to be trained on. */
import { labelledImages, unscaledImages, type ImageOptions, type ImageSet } from '../../data/image-set.ts'
import type { Labelled, SampleArray } from '../../data/labelled.ts'
import { samplePicture, type SamplePicture } from '../../data/labelled-preview.ts'

export interface ImportedSamples {
  /** Names, sizes, labels, classes and notes; of images it has no values. */
  head: Labelled
  /** Values of the sample at a row of the part to train on. */
  valuesAt(row: number): SampleArray['values']
  make(): Labelled
}

export function samplesAtHand(labelled: Labelled): ImportedSamples {
  const { values } = labelled.whole.samples
  const length = sizeOf(labelled)
  return { head: labelled, valuesAt: (row) => values.subarray(row * length, (row + 1) * length), make: () => labelled }
}

/** Scales no image before its values are asked for. */
export function samplesOfImages(set: ImageSet, options: ImageOptions): ImportedSamples {
  const { name, classes, train, usualSize, otherSizes, grey } = set
  return {
    head: unscaledImages(set, options),
    valuesAt: (row) =>
      labelledImages({ name, classes, train: train.slice(row, row + 1), usualSize, otherSizes, grey, notes: [] }, options).whole.samples
        .values,
    make: () => labelledImages(set, options),
  }
}

export function pictureAt({ head, valuesAt }: ImportedSamples, row: number): SamplePicture {
  const { whole } = head
  return samplePicture({ ...head, whole: { ...whole, samples: { ...whole.samples, values: valuesAt(row) } } }, 0)
}

/** Numbers in a sample. */
export const sizeOf = ({ axes }: Pick<Labelled, 'axes'>): number => axes.reduce((product, size) => product * size, 1)

/** Shape of a sample in the data set. */
export const inputShapeOf = (head: Labelled, keepAxes: boolean): number[] =>
  keepAxes ? (head.axes.length === 2 ? [1, ...head.axes] : head.axes) : [sizeOf(head)]

/** Channels whose values are scaled by themselves, as `labelledDataset` does. */
export function scaledChannels(head: Labelled, keepAxes: boolean): number {
  const [channels = 1, ...positions] = inputShapeOf(head, keepAxes)
  return head.whole.samples.type === 'u8' && positions.length === 2 ? channels : 1
}
