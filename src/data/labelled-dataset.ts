/** Samples with labels as a data set. */
import type { Labelled, LabelledPart } from './labelled.ts'
import { byteScaling, oneScaling, valueScaling } from './scaling.ts'
import { splitSamples, takeRows, type SplitOptions } from './split.ts'
import type { Dataset, Samples, Scaling } from './types.ts'

export interface LabelledOptions extends SplitOptions {
  name?: string
  /** A sample is `[features]` (default), or keeps its axes: `[channels, height, width]`, where `[height, width]` counts as one channel. */
  keepAxes?: boolean
  /** `standardise` (default): the mean and deviation of the training part's values, of each channel where there are several. `none`: floats as they are, bytes divided by 255. */
  scaling?: 'standardise' | 'none'
}

/** Samples of bytes stay bytes. Without samples to test on a share of them is kept for testing. */
export function labelledDataset({ whole, test: own, axes, classes, notes }: Labelled, options: LabelledOptions = {}): Dataset {
  const name = options.name ?? whole.samples.name
  const features = axes.reduce((product, size) => product * size, 1)
  const inputShape = options.keepAxes ? (axes.length === 2 ? [1, ...axes] : axes) : [features]
  const all = toSamples(whole, classes !== undefined)
  let train = all
  let test = own && toSamples(own, classes !== undefined)
  if (!test) {
    const split = splitSamples(name, all.count, options)
    if (split.test.length > 0) {
      train = take(all, features, split.train)
      test = take(all, features, split.test)
    }
  }
  return {
    name,
    inputShape,
    outputs: classes?.length ?? 1,
    train,
    ...(test && { test }),
    scaling: options.scaling === 'none' ? oneScaling(0, 1) : fitted(train.x, inputShape),
    ...(classes ? { classes } : { targetNames: [whole.labels.name] }),
    ...(notes?.length && { notes }),
  }
}

function fitted(x: Samples['x'], inputShape: number[]): Scaling {
  if (!(x instanceof Uint8Array)) return valueScaling(x)
  const [channels = 1, ...sizes] = inputShape.length === 3 ? inputShape : [1, inputShape[0]!]
  return byteScaling(
    x,
    channels,
    sizes.reduce((product, size) => product * size, 1),
  )
}

const toSamples = ({ samples, labels }: LabelledPart, isClass: boolean): Samples => ({
  count: samples.shape[0]!,
  x: samples.values instanceof Uint8Array || samples.values instanceof Float32Array ? samples.values : Float32Array.from(samples.values),
  y: isClass ? Int32Array.from(labels.values) : Float32Array.from(labels.values),
})

const take = ({ x, y }: Samples, features: number, rows: Uint32Array): Samples => ({
  count: rows.length,
  x: takeRows(x, features, rows),
  y: takeRows(y, 1, rows),
})
