import { permute } from './permutation.ts'

export interface GatherSettings {
  /** Samples in the data, and elements of one sample. */
  samples: number
  width: number
  /** First position of the batch in the epoch's order, and rows of the batch. */
  first: number
  rows: number
  /** Keyed shuffle; without it samples come in order. */
  shuffle?: { seed: number; epoch: number }
  /** Standardisation, one value for all elements or one per element. */
  mean?: ArrayLike<number>
  deviation?: ArrayLike<number>
}

/** The sample at a position of the epoch's order; in order, positions wrap at the end of the data. */
export function sampleAt(position: number, { samples, shuffle }: Pick<GatherSettings, 'samples' | 'shuffle'>): number {
  return shuffle ? permute(position, samples, shuffle.seed, shuffle.epoch) : position % samples
}

/** A batch `[rows, width]` decoded from its source: bytes to `(byte / 255 − mean) / deviation`, floats to `(x − mean) / deviation`. */
export function gather(x: Float32Array | Float64Array | Uint8Array, settings: GatherSettings): Float64Array {
  const { width, first, rows, mean = [0], deviation = [1] } = settings
  const unit = x instanceof Uint8Array ? 255 : 1
  const out = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const sample = sampleAt(first + row, settings)
    for (let j = 0; j < width; j++) {
      out[row * width + j] = (x[sample * width + j]! / unit - mean[j % mean.length]!) / deviation[j % deviation.length]!
    }
  }
  return out
}
