/** What trainers take while they run, without compiling anything. */
import { completeOptimizer } from '../../model/optimizers.ts'
import type { Trainer } from '../../train/types.ts'
import { withShown } from './comparison.ts'
import { checkedModel, watchedPart } from './describe.ts'
import type { Choice, Description } from './state.ts'

/**
 * Sets what of a choice differs from what runs; resolves to what runs then, still with the network that was shown, and whether its length or how it is
 * watched has changed. Throws an InputError, and sets nothing, where a number makes no sense.
 */
export function applyLive(
  trainers: readonly Trainer[],
  { description, dataset }: Choice,
  running: Description,
): { description: Description; replanned: boolean } {
  const { optimizer, schedule, warmup = 0, clipNorm } = checkedModel(description, dataset.inputShape)
  const { perturbation } = description
  for (const trainer of trainers)
    trainer.set({ ...completeOptimizer(optimizer), schedule: schedule ?? null, warmup, clipNorm: clipNorm ?? null, perturbation })
  return {
    description: structuredClone(withShown(description, running.comparison?.shown ?? 0)),
    replanned: watchedPart(description) !== watchedPart(running),
  }
}
