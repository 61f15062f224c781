/** Many networks that differ in a few settings, each trained from fresh weights: all at once where they are small, else one after the other. */
import type { Dataset } from '../data/types.ts'
import { InputError } from '../errors.ts'
import { patchBetween } from '../model/patch.ts'
import type { ModelFile } from '../model/types.ts'
import type { Engine } from '../train/engine.ts'
import { kernelKind } from '../train/sweep.ts'
import type { Cost, Trainer, TrainerOptions } from '../train/types.ts'

export type Losses = Float32Array<ArrayBuffer>

/** How a run is trained beside what its model file says. */
export type Manner = Pick<TrainerOptions, 'shuffle' | 'perturbation'>

/** The model at a constant rate: neither schedule nor warm-up. */
export const constantRate = ({ schedule: _schedule, warmup: _warmup, ...model }: ModelFile): ModelFile => model

interface AtOnce extends Manner {
  steps: number
  signal?: AbortSignal | undefined
  onProgress?: (done: number) => void
  onPartial?: (losses: readonly Losses[]) => void
}

/** The losses of all, trained side by side; undefined where a network does not fit a workgroup, or its weights are perturbed. */
export async function trainAtOnce(
  engine: Engine,
  models: readonly ModelFile[],
  dataset: Dataset,
  { steps, shuffle, perturbation, signal, onProgress, onPartial }: AtOnce,
): Promise<Losses[] | undefined> {
  if (perturbation) return undefined
  const { format: _format, input, layers, ...training } = models[0]!
  const variations = models.map((model) => ({ change: patchBetween(models[0]!, model) }))
  try {
    const results = await engine.sweep({ input, layers }, dataset, variations, {
      ...training,
      steps,
      ...(shuffle !== undefined && { shuffle }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...(onPartial && { onPartial }),
    })
    return results.map(({ loss }) => loss)
  } catch (error) {
    if (error instanceof InputError && tooLarge.includes(error.told.code)) return undefined
    throw error
  }
}
const tooLarge: readonly string[] = ['run.notSmall', 'sweep.noVariant']

interface Opening extends Manner {
  plannedSteps: number
  onPreparing?: (done: number) => void
}

/** Trains networks one after the other; what is compiled for one serves the next where seed and optimizer's numbers are all that differs. */
export class OneByOne {
  readonly #engine: Engine
  readonly #dataset: Dataset
  readonly #opening: Opening
  #kind = ''
  #trainer: Trainer | undefined

  constructor(engine: Engine, dataset: Dataset, opening: Opening) {
    this.#engine = engine
    this.#dataset = dataset
    this.#opening = opening
  }

  /** Makes ready for such a network and tells what a step of it costs. */
  async prepare(model: ModelFile): Promise<Cost> {
    return (await this.#trainerOf(model)).cost
  }

  /**
   * The losses of `steps`, or of fewer: a network whose loss is not finite is not trained further, and that loss is the last one. `onLosses` hears
   * those that have arrived.
   */
  async train(
    model: ModelFile,
    steps: number,
    { signal, onLosses }: { signal?: AbortSignal | undefined; onLosses?: (losses: Losses) => void },
  ) {
    const trainer = await this.#trainerOf(model)
    signal?.throwIfAborted()
    await trainer.reset(model.seed)
    trainer.set({ ...model.optimizer, clipNorm: model.clipNorm ?? null })
    const losses = new Float32Array(steps)
    let arrived = 0
    for await (const progress of trainer.run({ steps, ...(signal && { signal }) })) {
      const fresh = progress.losses
      losses.set(fresh.subarray(0, steps - arrived), arrived)
      const wrong = fresh.findIndex((loss) => !Number.isFinite(loss))
      if (wrong >= 0) return losses.slice(0, arrived + wrong + 1)
      arrived += fresh.length
      onLosses?.(losses.subarray(0, arrived))
    }
    return losses
  }

  async #trainerOf(model: ModelFile): Promise<Trainer> {
    const kind = kernelKind(model)
    if (this.#trainer && kind === this.#kind) return this.#trainer
    this.destroy()
    const { shuffle, perturbation, plannedSteps, onPreparing } = this.#opening
    const { format: _format, input, layers, ...training } = model
    this.#trainer = await this.#engine.trainer({ input, layers }, this.#dataset, {
      ...training,
      plannedSteps,
      ...(shuffle !== undefined && { shuffle }),
      ...(perturbation !== undefined && { perturbation }),
      ...(onPreparing && { onProgress: onPreparing }),
    })
    this.#kind = kind
    return this.#trainer
  }

  destroy() {
    this.#trainer?.destroy()
    this.#trainer = undefined
  }
}
