/** What trainers take while they run, without compiling anything. */
import { completeOptimizer } from '../../model/optimizers.ts'
import type { Trainer } from '../../train/types.ts'
import { descriptionsOf, shownOf, withShown } from './experiments.ts'
import { checkedModel, watchedPart } from './describe.ts'
import type { Choice, Description } from './state.ts'

/** Gives each trainer its own settings. Throws an InputError, and sets nothing, where a number makes no sense. */
export function setLive(trainers: readonly Trainer[], { description, dataset }: Pick<Choice, 'description' | 'dataset'>): void {
  const models = descriptionsOf(description).map((own) => checkedModel(own, dataset.inputShape))
  const { perturbation } = description
  for (const [i, { optimizer, schedule, warmup = 0, clipNorm }] of models.entries())
    trainers[i]?.set({ ...completeOptimizer(optimizer), schedule: schedule ?? null, warmup, clipNorm: clipNorm ?? null, perturbation })
}

/**
 * Sets what of a choice differs from what runs; resolves to what runs then, still with the network that was shown, and whether its length or how it is
 * watched has changed. Throws as `setLive`.
 */
export function applyLive(
  trainers: readonly Trainer[],
  choice: Choice,
  running: Description,
): { description: Description; replanned: boolean } {
  setLive(trainers, choice)
  return {
    description: structuredClone(withShown(choice.description, shownOf(running))),
    replanned: watchedPart(choice.description) !== watchedPart(running),
  }
}
