import type { Dataset } from '../data/types.ts'
import { wrongAt, wrongIn } from '../errors.ts'
import { openDevice, type DeviceProblem, type Gpu } from '../gpu/device.ts'
import { Pipelines } from '../gpu/pipelines.ts'
import { Tuner, type TuningRecord, type TuningStore } from '../kernels/tuner.ts'
import { completeOptimizer } from '../model/optimizers.ts'
import { patched } from '../model/patch.ts'
import { modelFormat, type ModelFile, type Network } from '../model/types.ts'
import { checkModelFitsData, parseModel } from '../model/validate.ts'
import { checkOptions } from './options.ts'
import { prepare } from './prepare.ts'
import { continued, readRunState } from './run-state.ts'
import { GpuTrainer } from './trainer.ts'
import { settingsOf } from './settings.ts'
import { sweep, type SweepOptions, type SweepResult, type Variation } from './sweep.ts'
import type { ResumeOptions, Trainer, TrainerOptions } from './types.ts'

export interface EngineOptions {
  /** A device of the caller's own; the engine then leaves it alive. */
  device?: GPUDevice
  /** Where to ask for an adapter; `navigator.gpu` unless given. */
  gpu?: GPU
  /** Where the tuner's findings outlive this engine. */
  tuning?: TuningStore
}

export interface Engine {
  readonly device: GPUDevice
  readonly adapter: Gpu['adapter']
  readonly features: Gpu['features']
  readonly lost: Promise<string>
  onError(listener: (problem: DeviceProblem) => void): () => void
  /** Compiles the network for the data and batch size. Throws an InputError before anything runs when they do not fit. */
  trainer(network: Network, dataset: Dataset, options: TrainerOptions | ResumeOptions): Promise<Trainer>
  /**
   * Trains many networks at once that differ in seed, learning rate, optimizer or any change of the model file, each in one workgroup, and resolves with
   * the losses of all. Throws an InputError where one network is too large for that.
   */
  sweep(network: Network, dataset: Dataset, variations: readonly Variation[], options: SweepOptions): Promise<SweepResult[]>
  /** What the tuner found on this adapter, by matrix product. */
  findings(): Promise<Record<string, TuningRecord>>
  /** Forgets all that; the next trainer is tuned anew. */
  clearFindings(): Promise<void>
  destroy(): void
}

/** Opens a WebGPU device, or takes the caller's, and trains networks on it. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const gpu = await openDevice(options)
  const pipelines = Pipelines.of(gpu.device)
  const tuner = new Tuner(gpu, pipelines, options.tuning)
  return {
    device: gpu.device,
    adapter: gpu.adapter,
    features: gpu.features,
    lost: gpu.lost,
    onError: (listener) => gpu.onError(listener),
    async trainer(network, dataset, given) {
      checkOptions('trainer', given)
      const saved = 'state' in given && given.state ? readRunState(given.state) : undefined
      const options = saved ? continued(saved, network, dataset, given) : (given as TrainerOptions)
      const model = parseModel(modelOf(network, dataset, options), 'model')
      checkModelFitsData(model, dataset)
      const settings = settingsOf(model, options.perturbation)
      if (gpu.loss) throw gpu.loss
      const making = prepare(gpu, pipelines, tuner, model, dataset, options, saved?.data.block).then((prepared) =>
        GpuTrainer.create(prepared, settings, options.parameters, saved),
      )
      const trainer = await gpu.untilLost(making)
      try {
        if (saved) trainer.set(liveOptions(given))
        return trainer
      } catch (error) {
        trainer.destroy()
        throw error
      }
    },
    async sweep(network, dataset, variations, settings) {
      if (variations.length === 0) throw wrongIn('sweep', 'sweep.nothing')
      checkOptions('sweep', settings)
      variations.forEach(checkVariation)
      const models = variations.map((variation, i) => varied(network, dataset, settings, variation, `variations[${i}]`))
      if (gpu.loss) throw gpu.loss
      const losses = await gpu.untilLost(sweep(gpu, pipelines, models, dataset, settings))
      return variations.map((variation, i) => ({ variation, loss: losses[i]! }))
    },
    findings: () => tuner.findings(),
    clearFindings: () => tuner.clear(),
    destroy() {
      if (!options.device) gpu.destroy()
    },
  }
}

/** Of the options, what a run may change on its way. */
function liveOptions({ optimizer, schedule, warmup, clipNorm, perturbation }: Partial<TrainerOptions>): Parameters<Trainer['set']>[0] {
  return {
    ...(optimizer && completeOptimizer(optimizer)),
    ...(schedule !== undefined && { schedule }),
    ...(warmup !== undefined && { warmup }),
    ...(clipNorm !== undefined && { clipNorm }),
    ...(perturbation !== undefined && { perturbation }),
  }
}

const variationKeys = ['seed', 'learningRate', 'optimizer', 'change']

function checkVariation(variation: Variation, i: number) {
  const unknown = Object.keys(variation).find((key) => !variationKeys.includes(key))
  if (unknown !== undefined) throw wrongAt(unknown, 'sweep.fixed', { choices: variationKeys }).of(`variations[${i}]`)
}

function varied(network: Network, dataset: Dataset, options: SweepOptions, variation: Variation, source: string): ModelFile {
  const { seed, learningRate, optimizer: other, change } = variation
  const base = parseModel(modelOf(network, dataset, options as TrainerOptions), source)
  const model = change ? patched(base, change, source) : base
  const optimizer = { ...(other ?? model.optimizer), ...(learningRate !== undefined && { learningRate }) }
  return parseModel({ ...model, optimizer, ...(seed !== undefined && { seed }) }, source)
}

function modelOf(network: Network, dataset: Dataset, options: TrainerOptions): ModelFile {
  const { loss, optimizer, schedule, warmup, clipNorm, batchSize = 32, accumulate, augmentation, seed = 1 } = options
  return {
    format: modelFormat,
    input: [...network.input],
    layers: structuredClone(network.layers),
    loss,
    optimizer: { ...optimizer },
    ...(schedule ? { schedule: { ...schedule } } : {}),
    ...(warmup ? { warmup } : {}),
    ...(clipNorm ? { clipNorm } : {}),
    batchSize: Math.min(batchSize, dataset.train.count),
    ...(accumulate !== undefined && accumulate !== 1 ? { accumulate } : {}),
    ...(augmentation ? { augmentation: { ...augmentation } } : {}),
    seed,
  }
}
