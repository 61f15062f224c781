/** Several networks trained side by side on the same data: what of that a description holds. */
import type { Dataset } from '../../data/types.ts'
import type { Variant } from '../../data/depth-comparison.ts'
import type { LossName } from '../../model/types.ts'
import type { Progress, Trainer } from '../../train/types.ts'
import type { Description } from './state.ts'

export interface Comparison {
  variants: Variant[]
  /** Index of the one that the rail edits and the picture shows; its layers are those of the description. */
  shown: number
}

/** A description for each network that trains, in order; of a description that compares nothing, itself. */
export function descriptionsOf(description: Description): Description[] {
  const { comparison } = description
  if (!comparison) return [description]
  return comparison.variants.map(({ layers }, i) => (i === comparison.shown ? description : { ...description, layers }))
}

/** The same with another network to edit and show. */
export function withShown(description: Description, shown: number): Description {
  const { comparison, layers } = description
  const next = comparison?.variants[shown]
  // Of the one that is shown, the description itself has the layers as they are edited.
  if (!comparison || !next || shown === comparison.shown) return description
  const variants = comparison.variants.map((variant, i) => (i === comparison.shown ? { ...variant, layers } : variant))
  return { ...description, layers: next.layers, comparison: { variants, shown } }
}

/** Loss of the best answer that does not look at the input: the entropy of the classes; null where the loss is none of classes. */
export function guessingLoss({ train, outputs }: Pick<Dataset, 'train' | 'outputs'>, loss: LossName): number | null {
  const entropy = (shares: number[]) => shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0)
  if (loss === 'binaryCrossEntropy' && outputs === 1) {
    const ones = (train.y as Float32Array).reduce((sum, y) => sum + y, 0) / train.count
    return entropy([ones, 1 - ones])
  }
  if (loss !== 'crossEntropy') return null
  const counts = Array.from({ length: outputs }, () => 0)
  for (const label of train.y) counts[label]!++
  return entropy(counts.map((count) => count / train.count))
}

/** What happened in a trainer whose turn it was not. */
export const standing = ({ step, epoch }: Trainer): Progress => ({
  step,
  epoch,
  loss: NaN,
  accuracy: null,
  losses: new Float32Array(),
  evaluations: [],
  stepsPerSecond: 0,
})
