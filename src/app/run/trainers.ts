/** The trainers of a description: one, or where networks are compared, one for each. */
import type { Dataset } from '../../data/types.ts'
import type { Engine } from '../../train/engine.ts'
import type { Trainer, TrainerOptions } from '../../train/types.ts'
import { descriptionsOf } from './comparison.ts'
import { fittingModel } from './describe.ts'
import type { Description } from './state.ts'

/** What a reader waits for the choice of kernels at most, in ms, beside compiling the first of each; for all networks together. */
const tuningTime = 3000

type Options = Pick<TrainerOptions, 'parameters' | 'tuneAll' | 'tuningSignal' | 'precision'> & {
  /** Aborted when nobody wants them any more: no further one is made then, and the abort's reason is thrown. */
  signal: AbortSignal
  onProgress(done: number, what: string): void
}

/** In the order of the variants; all are checked before the first is made. Throws an InputError where one does not fit the data. */
export async function trainersFor(
  engine: Engine,
  description: Description,
  dataset: Dataset,
  { onProgress, signal, tuningSignal, ...how }: Options,
): Promise<Trainer[]> {
  const models = descriptionsOf(description).map((own) => fittingModel(own, dataset))
  const trainers: Trainer[] = []
  try {
    for (const [i, { format, input, layers, ...training }] of models.entries()) {
      const made = await engine.trainer({ input, layers }, dataset, {
        ...training,
        perturbation: description.perturbation,
        shuffle: description.shuffle,
        ...(engine.adapter.software && { tuningTime: tuningTime / models.length }),
        ...how,
        tuningSignal: eitherOf(signal, tuningSignal),
        onProgress: (done, what) => onProgress((i + done) / models.length, what),
      })
      trainers.push(made)
      signal.throwIfAborted()
    }
    return trainers
  } catch (error) {
    destroyAll(trainers)
    throw error
  }
}

export function destroyAll(trainers: readonly Trainer[]): void {
  for (const trainer of trainers) trainer.destroy()
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
