import type { Message } from '../words/say.ts'

/** Samples in memory, in their source type; the engine keeps them so on the GPU and decodes as it gathers a batch. */
export interface Samples {
  count: number
  /** `[count, ...inputShape]`. Bytes are decoded to `(byte / 255 − mean) / deviation`, floats to `(x − mean) / deviation`. */
  x: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>
  /** Class indices `[count]` (Int32Array) or targets `[count, outputs]` (Float32Array). */
  y: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>
  /** Where the samples arrive block after block; absent: all of `x` is there. `y` is there in any case. */
  blocks?: SampleBlocks
}

/**
 * Samples that come in blocks of one size. The first epoch takes them block by block, shuffled within each, whenever they arrive: the order of a run's
 * samples never depends on time. The later epochs shuffle all of them.
 */
export interface SampleBlocks {
  readonly size: number
  /** Samples that are in `x`, the first ones. */
  readonly arrived: number
  /** Resolves when so many are; rejects when they will not be. */
  until(count: number): Promise<void>
}

/** Standardisation, fitted on the training part only: one value for all features, one per channel of `[channels, height, width]`, or one per feature. */
export interface Scaling {
  mean: Float32Array<ArrayBuffer>
  deviation: Float32Array<ArrayBuffer>
}

/** A data set ready to train on: shapes, meaning, and its training and test parts. */
export interface Dataset {
  name: string
  /** Shape of one sample: `[features]` or `[channels, height, width]`. */
  inputShape: number[]
  /** Classes, or width of the target. */
  outputs: number
  train: Samples
  test?: Samples
  scaling?: Scaling
  /** Names of the classes, when the target is a class index, or the names of 0 and 1 of a binary target. */
  classes?: string[]
  /** How the targets were standardised, when they were: target in its own unit = y · deviation + mean. */
  targetScaling?: Scaling
  featureNames?: string[]
  targetNames?: string[]
  /** What was done to the source that a reader should know: missing values filled, columns dropped. */
  notes?: Message[]
}
