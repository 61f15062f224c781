/** Samples with their labels, read and checked, before it is decided how they train: from IDX files, from CIFAR-10, from folders of images. */
import type { Message } from '../words/say.ts'

export interface SampleArray {
  /** Of the file or folder, for messages. */
  name: string
  type: 'u8' | 'i8' | 'i16' | 'i32' | 'f32' | 'f64'
  shape: number[]
  /** Row-major. */
  values:
    | Uint8Array<ArrayBuffer>
    | Int8Array<ArrayBuffer>
    | Int16Array<ArrayBuffer>
    | Int32Array<ArrayBuffer>
    | Float32Array<ArrayBuffer>
    | Float64Array<ArrayBuffer>
}

export interface LabelledPart {
  samples: SampleArray
  labels: SampleArray
}

export interface Labelled {
  whole: LabelledPart
  /** Samples of their own to test on. */
  test?: LabelledPart
  /** Sizes of one sample. */
  axes: number[]
  /** Names of the classes, where labels are whole numbers; floats are targets. */
  classes?: string[]
  /** What was done to the files that a reader should know. */
  notes?: Message[]
}
