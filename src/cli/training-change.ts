import type { ModelFile, Optimizer, Training } from '../model/types.ts'
import { parseModel } from '../model/validate.ts'

/** What a call changes of the training that a preset or a model file describes. */
export type TrainingChange = Partial<Pick<Training, 'batchSize' | 'accumulate' | 'warmup' | 'schedule' | 'augmentation'>> &
  Pick<Optimizer, 'weightDecay' | 'decayBiasAndNorm'>

const stepsPerEpoch = ({ batchSize, accumulate = 1 }: Training, samples: number) => Math.ceil(samples / (batchSize * accumulate))

/**
 * The model with the change, checked. A cosine over whole epochs of the samples stays over as many, the warm-up among them; one over just the `planned`
 * epochs goes over those that are asked for instead. Throws an InputError where the change makes no sense.
 */
export function changed(
  model: ModelFile,
  change: TrainingChange = {},
  name: string,
  samples: number,
  { planned, asked = planned }: { planned?: number | undefined; asked?: number | undefined } = {},
): ModelFile {
  if (Object.keys(change).length === 0 && (planned === undefined || asked === planned)) return model
  const { weightDecay, decayBiasAndNorm, augmentation, ...training } = change
  const optimizer = {
    ...model.optimizer,
    ...(weightDecay !== undefined && { weightDecay }),
    ...(decayBiasAndNorm !== undefined && { decayBiasAndNorm }),
  }
  const next = parseModel(
    { ...model, ...training, optimizer, ...(augmentation && { augmentation: { ...model.augmentation, ...augmentation } }) },
    name,
  )
  const epochs = model.schedule?.type === 'cosine' ? model.schedule.steps / stepsPerEpoch(model, samples) : NaN
  if (next.schedule?.type === 'cosine' && Number.isInteger(epochs))
    next.schedule.steps = Math.max(1, (epochs === planned ? asked! : epochs) * stepsPerEpoch(next, samples) - (next.warmup ?? 0))
  return next
}
