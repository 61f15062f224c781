/** What trainers take while they run, without compiling anything. */
import { completeOptimizer } from '../../model/optimizers.ts'
import type { RunSettings } from '../../model/validate.ts'
import { same } from '../../same.ts'
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

/** Takes a trainer's settings into a description; what says the same already stays as it was written. */
export function takeSettings(description: Description, settings: RunSettings): void {
  const { training } = description
  const { optimizer, schedule, warmup, clipNorm, perturbation } = settings
  if (!same(completeOptimizer(training.optimizer), completeOptimizer(optimizer))) training.optimizer = structuredClone(optimizer)
  if (schedule === null) delete training.schedule
  else training.schedule = structuredClone(schedule)
  if ((training.warmup ?? 0) !== warmup) training.warmup = warmup
  if (clipNorm === null) delete training.clipNorm
  else training.clipNorm = clipNorm
  description.perturbation = perturbation
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
