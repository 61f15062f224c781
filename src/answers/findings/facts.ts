/** What a data set says of a run before it begins: how good a constant guess is, how large the inputs are, how the classes lie. */
import type { Dataset } from '../../data/types.ts'
import type { LossName } from '../../model/types.ts'

/** One feature, or all that are scaled together: the pixels of a channel. */
export interface FeatureFacts {
  index: number
  name?: string
  /** As the network sees it. */
  mean: number
  deviation: number
}

export interface DataFacts {
  /** Training samples. */
  count: number
  /** The loss of the best constant guess on the training part: always the classes' shares, always the mean. 0: the targets are all the same. */
  baseline: number
  features: FeatureFacts[]
  /** Of a classification: training samples by class. */
  classes?: { name: string; count: number }[]
  /** Of numbers: the least and the largest target. */
  targets?: { minimum: number; maximum: number }
}

/** Samples whose inputs are looked at, at most. */
const mostSamples = 4096
/** Features that are looked at one by one, at most; more are the pixels of something. */
const mostFeatures = 4096

export function factsOf(dataset: Dataset, loss: LossName): DataFacts {
  const { train, outputs } = dataset
  const { y, count } = train
  const facts = { count, features: featuresOf(dataset) }
  if (y instanceof Int32Array) {
    const counts = Array<number>(outputs).fill(0)
    for (const label of y) counts[label]!++
    return { ...facts, baseline: entropy(counts.map((own) => own / count)), classes: named(counts, dataset.classes) }
  }
  const columns = Array.from({ length: outputs }, (_, column) => Float64Array.from({ length: count }, (_, i) => y[i * outputs + column]!))
  const baseline = columns.reduce((sum, column) => sum + constantLoss(column, loss), 0) / outputs
  let [minimum, maximum] = [Infinity, -Infinity]
  for (const value of y) [minimum, maximum] = [Math.min(minimum, value), Math.max(maximum, value)]
  const [only] = columns
  const isBinary = outputs === 1 && loss === 'binaryCrossEntropy' && only!.every((value) => value === 0 || value === 1)
  const ones = isBinary ? only!.reduce((sum, value) => sum + value, 0) : 0
  return { ...facts, baseline, targets: { minimum, maximum }, ...(isBinary && { classes: named([count - ones, ones], dataset.classes) }) }
}

const named = (counts: readonly number[], names: readonly string[] = []) =>
  counts.map((count, i) => ({ name: names[i] ?? String(i), count }))

const entropy = (shares: readonly number[]): number => shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0)

/** The mean loss of the constant that does best. */
function constantLoss(values: Float64Array, loss: LossName): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const meanOf = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length
  if (loss === 'binaryCrossEntropy' || loss === 'crossEntropy') return entropy([mean, 1 - mean])
  if (loss === 'mse') return meanOf((value) => (value - mean) ** 2)
  const median = values.toSorted()[values.length >> 1]!
  if (loss === 'mae') return meanOf((value) => Math.abs(value - median))
  const huber = (error: number) => (Math.abs(error) <= 1 ? error ** 2 / 2 : Math.abs(error) - 0.5)
  return Math.min(...[mean, median].map((guess) => meanOf((value) => huber(value - guess))))
}

function featuresOf({ inputShape, train: { x, count: all, blocks }, scaling, featureNames }: Dataset): FeatureFacts[] {
  // Of samples that come in blocks the first one, however many have come.
  const count = blocks ? Math.min(blocks.size, blocks.arrived) : all
  const size = inputShape.reduce((product, n) => product * n, 1)
  const [channels = 1] = inputShape
  // Pixels: those of a channel belong together, and bytes do in any case.
  const isWhole = x instanceof Uint8Array || size > mostFeatures || (scaling?.mean.length === 1 && size > 1)
  const groups = inputShape.length === 3 ? channels : isWhole ? 1 : size
  const each = size / groups
  const unit = x instanceof Uint8Array ? 1 / 255 : 1
  const shift = (i: number) => scaling?.mean[scaleOf(i)] ?? 0
  const spread = (i: number) => scaling?.deviation[scaleOf(i)] ?? 1
  const scaleOf = (i: number) => {
    const length = scaling?.mean.length ?? 1
    return length === 1 ? 0 : length === size ? i : Math.floor(i / (size / length))
  }
  const every = Math.max(1, Math.ceil(count / mostSamples))
  const sums = new Float64Array(groups)
  const squares = new Float64Array(groups)
  let samples = 0
  for (let row = 0; row < count; row += every, samples++)
    for (let i = 0; i < size; i++) {
      const value = (x[row * size + i]! * unit - shift(i)) / spread(i)
      const group = Math.floor(i / each)
      sums[group]! += value
      squares[group]! += value * value
    }
  const total = samples * each
  if (total === 0) return []
  return Array.from({ length: groups }, (_, index) => {
    const mean = sums[index]! / total
    const name = groups === size ? featureNames?.[index] : undefined
    return { index, mean, deviation: Math.sqrt(Math.max(0, squares[index]! / total - mean * mean)), ...(name !== undefined && { name }) }
  })
}
