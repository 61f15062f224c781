/** Many small networks that train side by side, a workgroup each: one dispatch takes some steps of all. */
import type { Dataset } from '../data/types.ts'
import { wrongAt, wrongIn } from '../errors.ts'
import { message } from '../words/say.ts'
import type { Gpu } from '../gpu/device.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { moments, nesterov } from '../kernels/optimizer.ts'
import type { ModelPatch } from '../model/patch.ts'
import type { ModelFile, Optimizer } from '../model/types.ts'
import { checkModelFitsData } from '../model/validate.ts'
import { Feed } from './feed.ts'
import { checkSmall, SweepGroup } from './sweep-group.ts'
import type { TrainerOptions } from './types.ts'

/** In what one network of a sweep differs from the others. */
export interface Variation {
  seed?: number
  learningRate?: number
  optimizer?: Optimizer
  /** Whatever else, as a change of the model file; it comes first. Networks that differ in layers, loss or batch size train in a dispatch of each kind. */
  change?: ModelPatch
}

/** What of a trainer's options a sweep has no use for. */
type Unused =
  | 'perturbation'
  | 'plan'
  | 'precision'
  | 'activations'
  | 'beginsLike'
  | 'tuneAll'
  | 'tuningTime'
  | 'tuningSignal'
  | 'plannedSteps'
  | 'onProgress'

export interface SweepOptions extends Omit<TrainerOptions, Unused> {
  /** Steps of every network; or `epochs`. */
  steps?: number
  epochs?: number
  signal?: AbortSignal
  /** Hears 0 … 1. */
  onProgress?: (done: number) => void
  /** Hears the losses of every network so far, sixteen times while it trains; they are views of what the call resolves with. */
  onPartial?: (losses: readonly Float32Array<ArrayBuffer>[]) => void
}

export interface SweepResult {
  variation: Variation
  /** Of each step's batch, before the update. */
  loss: Float32Array<ArrayBuffer>
}

/** Networks of one dispatch at most. */
const networksAtOnce = 1024
/** A gigabyte of them. */
const mostLosses = 2 ** 28

/**
 * Losses `[steps]` of each model. Networks of the same layers, loss and batch size train in one dispatch, whatever their seeds and optimizers' numbers.
 * Throws an InputError, before any trains, where one does not fit a workgroup.
 */
export async function sweep(
  gpu: Gpu,
  pipelines: Pipelines,
  models: readonly ModelFile[],
  dataset: Dataset,
  options: SweepOptions,
): Promise<Float32Array<ArrayBuffer>[]> {
  const { shuffle = true, parameters = {}, signal, onProgress, onPartial } = options
  const steps = models.map((model) => stepsOf(model, dataset, options))
  const all = steps.reduce((sum, count) => sum + count, 0)
  if (all > mostLosses)
    throw wrongIn('sweep', 'sweep.losses', { steps: Math.ceil(all / models.length), networks: models.length, most: mostLosses })
  if (models.some(({ schedule }) => schedule?.type === 'plateau')) throw wrongAt('schedule', 'sweep.plateau').of('sweep')
  const chosen = groups(models)
  for (const [first] of chosen) checkModelFitsData(models[first!]!, dataset)
  const losses = steps.map((count) => new Float32Array(count))
  const feed = new Feed(gpu, dataset, dataset.train, 'train')
  try {
    for (const [first] of chosen) checkSmall(models[first!]!, feed, shuffle)
    const arrived = losses.map(() => 0)
    let done = 0
    for (const numbers of chosen) {
      const own = numbers.map((i) => models[i]!)
      const group = await SweepGroup.open(gpu, pipelines, own, feed, { shuffle, parameters })
      try {
        await group.run(
          numbers.map((i) => losses[i]!),
          {
            onProgress: (share) => onProgress?.((done + share * numbers.length) / models.length),
            ...(onPartial && {
              onPartial: (count: number) => {
                for (const i of numbers) arrived[i] = count
                onPartial(losses.map((loss, i) => loss.subarray(0, arrived[i])))
              },
            }),
            ...(signal && { signal }),
          },
        )
      } finally {
        group.destroy()
      }
      done += numbers.length
    }
    return losses
  } finally {
    feed.destroy()
  }
}

function stepsOf({ batchSize }: ModelFile, dataset: Dataset, { steps, epochs }: SweepOptions): number {
  if (steps === undefined && epochs === undefined) throw wrongIn('sweep', 'sweep.length')
  const wanted = steps ?? Math.ceil(epochs! * Math.ceil(dataset.train.count / batchSize))
  if (Number.isSafeInteger(wanted) && wanted > 0) return wanted
  throw (
    steps === undefined
      ? wrongAt('epochs', 'value.wrong', { found: String(epochs), expected: message('expected.positive') })
      : wrongAt('steps', 'value.wrong', { found: String(steps), expected: message('expected.positiveInteger') })
  ).of('sweep')
}

/** What two models have in common that one kernel can train: the same network on as many samples, whose optimizers read the same state in the same way. */
export function kernelKind({ input, layers, loss, batchSize, accumulate, augmentation, optimizer }: ModelFile): string {
  const update = [optimizer.type, moments(optimizer).length, nesterov(optimizer), optimizer.decayBiasAndNorm !== false]
  return JSON.stringify([input, layers, loss, batchSize, accumulate, augmentation, update])
}

/** Numbers of the models that one dispatch trains. */
function groups(models: readonly ModelFile[]): number[][] {
  const kinds = new Map<string, number[][]>()
  models.forEach((model, i) => {
    const kind = kernelKind(model)
    const found = kinds.get(kind) ?? [[]]
    if (found.at(-1)!.length === networksAtOnce) found.push([])
    found.at(-1)!.push(i)
    kinds.set(kind, found)
  })
  return [...kinds.values()].flat()
}
