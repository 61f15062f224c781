/** What a network is worth that does not look at its input. */
import type { Dataset } from '../../data/types.ts'
import type { LossName } from '../../model/types.ts'

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
