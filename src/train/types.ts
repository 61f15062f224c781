import type { Observation, TensorView } from '../graph/observation.ts'
import type { History } from '../model/history.ts'
import type { ModelFile, Optimizer, Schedule, Training } from '../model/types.ts'

export type { History }

/** What happened since the last progress; arrays hold one entry a step, oldest first. */
export interface Progress {
  /** Last finished step, from 1. */
  step: number
  /** Epochs finished, fractional. */
  epoch: number
  /** Loss of the last step whose result has arrived, measured before its update. */
  loss: number
  /** Accuracy of that step's batch; null for regression. */
  accuracy: number | null
  losses: Float32Array
  /** Evaluations of the test part that the run itself made and that have arrived (`evaluateEvery`). */
  evaluations: Evaluation[]
  stepsPerSecond: number
  /** On the last progress of a run that `earlyStopping` has ended. */
  stopped?: StoppedEarly
  /** On the last progress of a run that ends with its best parameters: the step that they are of. */
  restored?: number
}

/** Ends a run whose evaluations do not get better: by the loss of the test part, or without one by the mean training loss since the evaluation before. */
export interface EarlyStopping {
  /** So many evaluations in a row without improvement; the run ends with the evaluation after them, unless that is better. */
  patience: number
  /** By how much a loss must be lower than the best to count; 0 unless given. */
  minimumImprovement?: number
  /** At the run's end parameters and running statistics become those of the best evaluation, from a copy kept on the GPU; moments stay. */
  restoreBest?: boolean
}

/** An evaluation that a run acts on. */
export interface Finding {
  step: number
  loss: number
  part: 'test' | 'training'
}

/** Why a run ended before its time. */
export interface StoppedEarly {
  step: number
  /** What was measured. */
  part: 'test' | 'training'
  best: { step: number; loss: number }
}

export interface RunOptions {
  epochs?: number
  steps?: number
  signal?: AbortSignal
  /** At most this many steps a submit; unset, sized by measured time. */
  stepsPerSubmit?: number
  /** Train at most this many steps a second (the page's speed slider). */
  stepsPerSecond?: number
  /**
   * Evaluates the test part after every so many steps, counted from step 0, and at the run's end, while training goes on; `history` and `progress`
   * have what was found. Unless given: once an epoch where `earlyStopping` or a plateau schedule needs it, else never.
   */
  evaluateEvery?: number
  earlyStopping?: EarlyStopping
  goal?: number
}

export interface Evaluation {
  /** The step after which the parameters were so; training may have gone on since. */
  step: number
  loss: number
  /** Share of right samples; null for regression. */
  accuracy: number | null
  correct: number | null
  count: number
  /** The network's output for every sample, `[count, outputs]`, where it was asked for. */
  outputs?: Float32Array<ArrayBuffer>
}

/** A tensor of the run: a copy in PyTorch's order, or where it lies on the GPU. */
export interface TensorHandle {
  readonly path: string
  readonly shape: number[]
  read(): Promise<Float32Array<ArrayBuffer>>
  view(): TensorView
}

/** What a run costs. Bytes unless said otherwise. */
export interface Cost {
  parameters: number
  parameterBytes: number
  gradientBytes: number
  optimizerBytes: number
  /** Of norms, which no gradient trains. */
  statisticBytes: number
  /** The most that a step's activations and their gradients take at once. */
  activationBytes: number
  dataBytes: number
  /** All buffers of the run, with what alignment, evaluation and readback add. */
  allocatedBytes: number
  /** Multiply-adds count as two. */
  flopsPerStep: number
  dispatchesPerStep: number
}

/**
 * `small`: the whole network in one kernel of one workgroup, many steps a dispatch; `ordinary`: a few kernels a layer, over the whole GPU;
 * `auto`: small where the network is small enough.
 */
export type Precision = 'f32' | 'mixed'
/** Whose activations and gradients outlive a step: all samples', or only those of the first few, and of the layers that the picture shows. */
export type Kept = 'auto' | 'all' | 'samples'
export type PlanName = 'auto' | 'ordinary' | 'small'

/** `batchSize` is 32 unless given, and all samples where there are fewer. */
export type TrainerOptions = Partial<Omit<Training, 'optimizer' | 'loss'>> &
  Pick<Training, 'optimizer' | 'loss'> & {
    /** Keyed shuffle each epoch (default true), in as far as a batch is less than all samples; false takes samples in order, wrapping at the end of the data. */
    shuffle?: boolean
    /** Added to every weight after each update, uniform in ±perturbation (the article's random perturbation); 0 by default. */
    perturbation?: number
    /** How steps run on the GPU (default `auto`). Refused where `small` is asked for and the network does not fit a workgroup. */
    plan?: PlanName
    /** `mixed`: matrix products read their operands in half precision and sum in single (default `f32`). Refused where the adapter has no f16. */
    precision?: Precision
    /** What of every layer can be read after a step (default `auto`: all, up to 64 MiB). `samples` takes the least memory. */
    activations?: Kept
    /** First parameters instead of initialisers, by path. */
    parameters?: Record<string, Float32Array>
    /** Tries every kernel variant first, however long it takes. */
    tuneAll?: boolean
    /** Otherwise what is known is used, and so many milliseconds at most go to what is not yet: by default 6000 on a software adapter, else 1500. */
    tuningTime?: number
    /** Ends the choice of kernels where it is; the best so far are taken. */
    tuningSignal?: AbortSignal
    /** Steps that are going to be trained, where that is known: a short run spends less on choosing kernels. */
    plannedSteps?: number
    /** Called while kernels are chosen and compiled: 0 … 1 and what is being done. */
    onProgress?: (done: number, what: string) => void
  }

export interface Trainer {
  readonly model: ModelFile
  readonly step: number
  readonly epoch: number
  readonly stepsPerEpoch: number
  readonly running: boolean
  /** What the next step uses. */
  readonly learningRate: number
  readonly history: History
  readonly cost: Cost
  /** Trains; yields at most once a frame with what happened since. Leaving the loop pauses at a step's end. */
  run(options?: RunOptions): AsyncGenerator<Progress, void, void>
  /** Ends the current `run` at a step's end. */
  pause(): void
  /** Back to step 0 with the same (or another) seed: the same bits again. */
  reset(seed?: number): Promise<void>
  /** Loss and accuracy of one state of the parameters, a copy made when it begins; training goes on meanwhile. */
  evaluate(part?: 'train' | 'test', options?: { outputs?: boolean }): Promise<Evaluation>
  /** The network's output in evaluation mode for `[count, ...input]` decoded samples (already scaled); sigmoid and softmax are not added. */
  predict(x: Float32Array): Promise<Float32Array<ArrayBuffer>>
  /** The network's output in evaluation mode for a part of the data, `[count, outputs]`. */
  outputs(part: 'train' | 'test'): Promise<Float32Array<ArrayBuffer>>
  readonly parameterPaths: string[]
  parameter(path: string): TensorHandle
  gradient(path: string): TensorHandle
  /** A layer's output for the last step's batch; in a large network for its first samples, and only of layers that the picture shows. */
  activation(path: string): TensorHandle
  /** Writes parameters by path (all or some). */
  load(parameters: Record<string, Float32Array>, options?: { moments?: 'keep' | 'clear' }): Promise<void>
  /** Changes that need no compiling: from the next submit on. */
  set(change: Partial<Optimizer> & { schedule?: Schedule | null; warmup?: number; clipNorm?: number | null; perturbation?: number }): void
  observation(): Observation
  /** Resolves when all submitted work is done and all results have arrived. */
  settled(): Promise<void>
  destroy(): void
}
