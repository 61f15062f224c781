/** Data sets of IDX files: one holds the samples, one their labels. */
import { readIdxFiles, type IdxFiles, type IdxPart } from './idx-files.ts'
import { byteScaling, oneScaling, valueScaling } from './scaling.ts'
import type { DataFile } from './source.ts'
import { splitSamples, takeRows, type SplitOptions } from './split.ts'
import type { Dataset, Samples } from './types.ts'

export interface IdxDatasetOptions extends SplitOptions {
  name?: string
  /** A sample is `[features]` (default), or keeps its axes: `[channels, height, width]`, where `[height, width]` counts as one channel. */
  keepAxes?: boolean
  /** `standardise` (default): one mean and one deviation over all values of the training part. `none`: floats as they are, bytes divided by 255. */
  scaling?: 'standardise' | 'none'
}

export interface IdxOptions extends IdxDatasetOptions {
  /** Names of the classes; a label beyond them is refused. */
  classes?: string[]
}

/** A data set of two IDX files, and two to test on or none. @throws InputError when the files do not fit together */
export async function idxDataset(files: DataFile[], testFiles: DataFile[] = [], options: IdxOptions = {}): Promise<Dataset> {
  return idxDatasetOf(await readIdxFiles(files, testFiles, options.classes), options)
}

/** Samples of bytes stay bytes. Without test files a share of the samples is kept for testing. */
export function idxDatasetOf({ whole, test: own, axes, classes }: IdxFiles, options: IdxDatasetOptions = {}): Dataset {
  const name = options.name ?? whole.samples.name
  const features = axes.reduce((product, size) => product * size, 1)
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
    inputShape: options.keepAxes ? (axes.length === 2 ? [1, ...axes] : axes) : [features],
    outputs: classes?.length ?? 1,
    train,
    ...(test && { test }),
    scaling: options.scaling === 'none' ? oneScaling(0, 1) : train.x instanceof Uint8Array ? byteScaling(train.x) : valueScaling(train.x),
    ...(classes ? { classes } : { targetNames: [whole.labels.name] }),
  }
}

const toSamples = ({ samples, labels }: IdxPart, isClass: boolean): Samples => ({
  count: samples.shape[0]!,
  x: samples.values instanceof Uint8Array || samples.values instanceof Float32Array ? samples.values : Float32Array.from(samples.values),
  y: isClass ? Int32Array.from(labels.values) : Float32Array.from(labels.values),
})

const take = ({ x, y }: Samples, features: number, rows: Uint32Array): Samples => ({
  count: rows.length,
  x: takeRows(x, features, rows),
  y: takeRows(y, 1, rows),
})
