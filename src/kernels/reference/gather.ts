import { orderKeys, permuteInBlocks } from '../permutation.ts'
import { keyOf, philox, streams } from '../philox.ts'

export interface GatherSettings {
  /** Samples in the data, and elements of one sample. */
  samples: number
  width: number
  /** First position of the batch in the epoch's order, and rows of the batch. */
  first: number
  rows: number
  /** Keyed shuffle, within blocks where a size is given; without it samples come in order. */
  shuffle?: { seed: number; epoch: number; block?: number }
  /** Standardisation, one value for all elements or one per element. */
  mean?: ArrayLike<number>
  deviation?: ArrayLike<number>
  /** Random motion of images of `[channels, height, width]` that lie channels first, or last. */
  augmentation?: AugmentationSettings
}

export interface AugmentationSettings {
  channels: number
  height: number
  width: number
  channelsLast: boolean
  shift: number
  flip: boolean
  seed: number
  /** The training step. */
  step: number
}

/** How the image at a position of the epoch's order is moved: its window in the padded image begins so far down and right, and is then mirrored or not. */
export function motionOf(position: number, { shift, flip, seed, step }: Pick<AugmentationSettings, 'shift' | 'flip' | 'seed' | 'step'>) {
  const [down, right, mirror] = philox([position, step, streams.augmentation, 0], keyOf(seed))
  const places = 2 * shift + 1
  return { down: (down % places) - shift, right: (right % places) - shift, mirrored: flip && mirror % 2 === 1 }
}

/** The raw number that stands at element `j` of a moved image: as torchvision's RandomCrop of the image padded with `shift` zeros, then RandomHorizontalFlip. */
function moved(raw: (element: number) => number, j: number, position: number, settings: AugmentationSettings): number {
  const { channels, height, width, channelsLast } = settings
  const { down, right, mirrored } = motionOf(position, settings)
  const at = (channel: number, y: number, x: number) =>
    channelsLast ? (y * width + x) * channels + channel : (channel * height + y) * width + x
  const [pixel, channel] = channelsLast
    ? [Math.floor(j / channels), j % channels]
    : [j % (height * width), Math.floor(j / (height * width))]
  const [row, column] = [Math.floor(pixel / width), pixel % width]
  const [y, x] = [row + down, (mirrored ? width - 1 - column : column) + right]
  return y < 0 || x < 0 || y >= height || x >= width ? 0 : raw(at(channel, y, x))
}

/** The sample at a position of the epoch's order; positions wrap at the end of the data. */
export function sampleAt(position: number, { samples, shuffle }: Pick<GatherSettings, 'samples' | 'shuffle'>): number {
  const index = position % samples
  return shuffle ? permuteInBlocks(index, samples, shuffle.block ?? 0, orderKeys(shuffle.seed, shuffle.epoch)) : index
}

/** A batch `[rows, width]` decoded from its source: bytes to `(byte / 255 − mean) / deviation`, floats to `(x − mean) / deviation`. */
export function gather(x: Float32Array | Float64Array | Uint8Array, settings: GatherSettings): Float64Array {
  const { width, first, rows, mean = [0], deviation = [1], augmentation } = settings
  const unit = x instanceof Uint8Array ? 255 : 1
  const out = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const sample = sampleAt(first + row, settings)
    const raw = (element: number) => x[sample * width + element]! / unit
    for (let j = 0; j < width; j++) {
      const value = augmentation ? moved(raw, j, first + row, augmentation) : raw(j)
      out[row * width + j] = (value - mean[j % mean.length]!) / deviation[j % deviation.length]!
    }
  }
  return out
}
