/** The trainers of a description: one for the run, and one for each experiment beside it. */
import type { Dataset } from '../../data/types.ts'
import { InputError } from '../../errors.ts'
import type { ModelFile } from '../../model/types.ts'
import { same } from '../../same.ts'
import type { Engine } from '../../train/engine.ts'
import type { Trainer, TrainerOptions } from '../../train/types.ts'
import { descriptionsOf, shownOf } from './experiments.ts'
import { compiledParts, fittingModel } from './describe.ts'
import type { Description } from './state.ts'

/** What a reader waits for the choice of kernels at most, in ms, beside compiling the first of each; for all networks together. */
const tuningTime = 3000

type Options = Pick<TrainerOptions, 'parameters' | 'tuneAll' | 'tuningSignal' | 'precision'> & {
  /** A trainer that is there already and was made of this, which then goes on; none of those that are taken. */
  found?(key: string, taken: readonly Trainer[]): Trainer | undefined
  /** Aborted when nobody wants them any more: no further one is made then, and the abort's reason is thrown. */
  signal: AbortSignal
  onProgress(done: number, what: string): void
}

/** A trainer, and what it was made of: of equal keys one can go on for the other. */
export interface Made {
  trainer: Trainer
  key: string
  /** Whether it was there already. */
  isKept: boolean
}

/** Of each network that trains, in order, what its trainer is made of. */
export const keysOf = (description: Description, precision: string): string[] =>
  compiledParts(description).map((part) => `${precision} ${part}`)

/** In order; all are checked before the first is made. Throws an InputError where one does not fit the data. */
export async function trainersFor(
  engine: Engine,
  description: Description,
  dataset: Dataset,
  { onProgress, signal, tuningSignal, found = () => undefined, ...how }: Options,
): Promise<Made[]> {
  const models = fittingModels(description, dataset)
  const keys = keysOf(description, how.precision ?? 'f32')
  const [run] = models as [ModelFile]
  const made: Made[] = []
  try {
    for (const [i, { format, input, layers, ...training }] of models.entries()) {
      const key = keys[i]!
      const kept = found(
        key,
        made.map(({ trainer }) => trainer),
      )
      const trainer =
        kept ??
        (await engine.trainer({ input, layers }, dataset, {
          ...training,
          perturbation: description.perturbation,
          shuffle: description.shuffle,
          ...(!same(layers, run.layers) && { beginsLike: { input: run.input, layers: run.layers } }),
          ...(engine.adapter.software && { tuningTime: tuningTime / models.length }),
          ...how,
          tuningSignal: eitherOf(signal, tuningSignal),
          onProgress: (done, what) => onProgress((i + done) / models.length, what),
        }))
      made.push({ trainer, key, isKept: kept !== undefined })
      signal.throwIfAborted()
    }
    return made
  } catch (error) {
    destroyNew(made)
    throw error
  }
}

/** The models of all that train; what is wrong in one that is not shown is told under its name. */
export function fittingModels(description: Description, dataset: Dataset): ModelFile[] {
  return descriptionsOf(description).map((own, i) => {
    try {
      return fittingModel(own, dataset)
    } catch (error) {
      const experiment = i === shownOf(description) ? undefined : description.experiments?.list[i - 1]
      throw experiment && error instanceof InputError ? error.of(experiment.title) : error
    }
  })
}

/** Those that were made for nothing. */
export function destroyNew(made: readonly Made[]): void {
  for (const { trainer, isKept } of made) if (!isKept) trainer.destroy()
}

/** Aborted as soon as one of them is. (`AbortSignal.any` is younger than WebGPU.) */
function eitherOf(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  const both = new AbortController()
  for (const signal of [one, ...(other ? [other] : [])]) {
    if (signal.aborted) both.abort()
    signal.addEventListener('abort', () => both.abort(), { once: true })
  }
  return both.signal
}
