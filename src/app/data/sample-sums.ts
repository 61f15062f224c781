/** What the scaling of samples is made of, summed once: that of any part of them then takes no look at their values. */
import type { ImportedSamples } from './import-samples.ts'

export interface SampleSums {
  channels: number
  /** Of each channel of each sample, in rows `[samples, channels]`: how many numbers it has, their sum and that of their squares. */
  counts: Float64Array
  sums: Float64Array
  squares: Float64Array
  /** Taken from every number before: squares of numbers far from 0 would lose what they differ by. */
  offset: number
  /** Every number is divided by it afterwards. */
  unit: number
}

/** Milliseconds at a time, so that the page stays at hand. */
const slice = 8
const nextTask = () => new Promise((resolve) => setTimeout(resolve))

/** Sums a slice at a time; resolves to null where that is ended by the signal. */
export async function sumSamples(samples: ImportedSamples, channels: number, signal: AbortSignal): Promise<SampleSums | null> {
  const { type, shape } = samples.head.whole.samples
  const count = shape[0] ?? 0
  const ofEach = () => new Float64Array(count * channels)
  const isBytes = type === 'u8'
  const offset = isBytes ? 0 : (Array.from(samples.valuesAt(0)).find((value) => !Number.isNaN(value)) ?? 0)
  const found: SampleSums = { channels, counts: ofEach(), sums: ofEach(), squares: ofEach(), offset, unit: isBytes ? 255 : 1 }
  let begun = performance.now()
  for (let row = 0; row < count; row++) {
    add(found, row, samples.valuesAt(row))
    if (performance.now() - begun < slice) continue
    await nextTask()
    if (signal.aborted) return null
    begun = performance.now()
  }
  return found
}

function add({ channels, counts, sums, squares, offset }: SampleSums, row: number, values: ArrayLike<number>): void {
  const positions = values.length / channels
  for (let channel = 0, at = 0; channel < channels; channel++) {
    let [count, sum, square] = [0, 0, 0]
    for (const end = at + positions; at < end; at++) {
      const value = (values[at] ?? NaN) - offset
      if (Number.isNaN(value)) continue
      count++
      sum += value
      square += value * value
    }
    const own = row * channels + channel
    counts[own] = count
    sums[own] = sum
    squares[own] = square
  }
}

export interface Fitted {
  mean: number[]
  deviation: number[]
}

/** Mean and deviation of each channel in these samples, as `labelledDataset` fits them. */
export function fittedOn({ channels, counts, sums, squares, offset, unit }: SampleSums, rows: Iterable<number>): Fitted {
  const totals = Array.from({ length: channels }, () => ({ count: 0, sum: 0, square: 0 }))
  for (const row of rows)
    totals.forEach((total, channel) => {
      const own = row * channels + channel
      total.count += counts[own] ?? 0
      total.sum += sums[own] ?? 0
      total.square += squares[own] ?? 0
    })
  const moments = totals.map(({ count, sum, square }) => {
    if (count === 0) return { mean: 0, deviation: 1 }
    const mean = sum / count
    return { mean: (mean + offset) / unit, deviation: Math.sqrt(Math.max(0, square / count - mean * mean)) / unit || 1 }
  })
  return { mean: moments.map(({ mean }) => mean), deviation: moments.map(({ deviation }) => deviation) }
}
