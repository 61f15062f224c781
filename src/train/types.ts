import type { Observation, TensorView } from '../graph/observation.ts'
import type { History } from '../model/history.ts'
import type { ModelFile, Network, Optimizer, Schedule, Training } from '../model/types.ts'
import type { RunSettings } from '../model/validate.ts'
import type { Probe, ProbeOptions } from './probe.ts'
import type { StepWatch } from './step-watch.ts'
import type { TracedStep } from './traced-step.ts'

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
  /** Seconds that a step of this trainer took while no other one trained, where that was timed (`inTurns`). */
  secondsPerStep?: number
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
export interface EvaluatedLoss {
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
  /** Trains for so many epochs, or steps; neither: until it is paused. */
  epochs?: number
  steps?: number
  /**
   * The step at which the run ends that this call is a part of: there it evaluates once more and brings the best parameters back, if it does either.
   * Unless given, the last step of this call; Infinity: the run has no end.
   */
  goal?: number
  signal?: AbortSignal
  /** At most this many steps a submit; unset, sized by measured time. */
  stepsPerSubmit?: number
  /** Train at most this many steps a second (the page's speed slider). */
  stepsPerSecond?: number
  /**
   * Evaluates the test part after every so many steps, counted from step 0, and at the run's end, while training goes on; `history` and `progress`
   * have what was found. Unless given: once an epoch where `earlyStopping` or a plateau schedule needs it, else never. Early stopping and a plateau
   * count the evaluations of every so many steps alone, so that a run does not depend on how many calls it is made of.
   */
  evaluateEvery?: number
  earlyStopping?: EarlyStopping
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
  /**
   * Floating-point operations of a step: forward, backward, loss and update, of all its batches. Additions, multiplications, comparisons, divisions and
   * elementary functions count as one each, multiply-adds as two; moving data and drawing random numbers are no work.
   */
  flopsPerStep: number
  dispatchesPerStep: number
}

/** `mixed`: matrix products read their operands in half precision and sum in single. */
export type Precision = 'f32' | 'mixed'
/** Whose activations and gradients outlive a step: all samples', or only those of the first few, and of the layers that the picture shows. */
export type Kept = 'auto' | 'all' | 'samples'
/**
 * `small`: the whole network in one kernel of one workgroup, many steps a dispatch; `ordinary`: a few kernels a layer, over the whole GPU;
 * `auto`: small where the network is small enough.
 */
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
    /** Kernel variants by problem, as `history.variants` has them; where this adapter has no such variant, one is chosen. */
    variants?: Record<string, string>
    /** First parameters instead of initialisers, by path. */
    parameters?: Record<string, Float32Array>
    /**
     * Begins with the weights that this network would begin with at the same seed, layer by layer where type and shapes agree: two networks that differ
     * in a few layers start alike in all others.
     */
    beginsLike?: Network
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

/**
 * Goes on with a run from the file that `save` gave: the same network and data; loss, batch size, seed and what else the bits depend on are the file's,
 * and an option that contradicts them is refused. An optimizer of the same type, schedule, warmup, clipNorm and perturbation replace the file's from the
 * next step on.
 */
export type ResumeOptions = Partial<TrainerOptions> & { state: Uint8Array }

/** Settings that hold for the steps after `step`. */
export interface SettingsChange {
  step: number
  settings: RunSettings
}

/** A run as it was after a step, kept on the GPU. */
export interface RunSnapshot {
  readonly step: number
  /** What it takes on the GPU. */
  readonly bytes: number
  destroy(): void
}

export interface LoadOptions {
  /** What becomes of the optimizer's moments: they stay (default), or begin at zero as at step 0. */
  moments?: 'keep' | 'clear'
}

/** Where a run was resumed, and whether its steps are computed by the same kernels on an adapter of the same name: then it goes on to the same bits. */
export interface Resumed {
  step: number
  sameVariants: boolean
  sameAdapter: boolean
}

/**
 * A network in training. Operations on the run (`reset`, `load`, `restore`, `snapshot`, `save`, the beginning of `run`) are done one after another, in
 * the order of the calls. On a lost device all promises are rejected with DeviceLost within a second; after `destroy` they are rejected too, and a `run`
 * under way ends.
 */
export interface Trainer {
  readonly model: ModelFile
  /** Of a run that was resumed from a file; else undefined. */
  readonly resumed: Resumed | undefined
  readonly step: number
  readonly epoch: number
  readonly stepsPerEpoch: number
  readonly running: boolean
  /** What the next step uses. */
  readonly learningRate: number
  readonly settings: RunSettings
  /** What `set` has changed in this run, the oldest first; the last thousand. */
  readonly settingsChanges: readonly SettingsChange[]
  readonly history: History
  readonly cost: Cost
  /**
   * Trains; yields at most once a frame with what happened since. Leaving the loop pauses at a step's end, and so do `pause`, `reset` and `restore`.
   * @throws InputError on a bad option, and where this trainer is running already
   */
  run(options?: RunOptions): AsyncGenerator<Progress, void, void>
  /** Ends the current `run` at a step's end. */
  pause(): void
  /** Back to step 0 with the same (or another) seed: the same bits again. Ends a run under way. */
  reset(seed?: number): Promise<void>
  /** A copy of the run, made on the GPU at the end of the step under way; training goes on. It takes as much memory as parameters, moments and
   * gradients, and twice the parameters more where early stopping keeps the best. */
  snapshot(): Promise<RunSnapshot>
  /**
   * Brings the run back to what it was: parameters, moments, running statistics, gradients, seed and settings. It goes on to the same bits as then.
   * Activations are those of the step before, until the next one. Ends a run under way.
   * @throws InputError where the snapshot is another trainer's or destroyed
   */
  restore(snapshot: RunSnapshot): Promise<void>
  /** The run as a file, of the step under way, `gradscope-state/1` in safetensors; training goes on. `engine.trainer(…, { state })` goes on from it. */
  save(): Promise<Uint8Array<ArrayBuffer>>
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
  /**
   * Writes parameters by path (all or some), between two steps.
   * @throws InputError on a path or a size that the network does not have; then nothing is written
   */
  load(parameters: Record<string, Float32Array>, options?: LoadOptions): Promise<void>
  /**
   * Changes that need no compiling: from the next submit on.
   * @throws InputError on a number that is none, and on what needs a new trainer: another type of optimizer, `nesterov`, `decayBiasAndNorm`, momentum
   * where there was none
   */
  set(change: Partial<Optimizer> & { schedule?: Schedule | null; warmup?: number; clipNorm?: number | null; perturbation?: number }): void
  observation(): Observation
  /** Lets steps be looked at on the GPU while the run trains. Returns what ends it. */
  watch(watch: StepWatch): () => void
  /**
   * Loss and gradient of fixed training samples, beside the run: with memory of its own, as much as a step's, until it is destroyed.
   * @throws InputError on a bad option
   */
  probe(options?: ProbeOptions): Promise<Probe>
  /** The steps that come, operation by operation, beside the run; with memory of its own, as much as a step's, until it is destroyed. */
  traced(): Promise<TracedStep>
  /** Resolves when all submitted work is done and all results have arrived. */
  settled(): Promise<void>
  destroy(): void
}
