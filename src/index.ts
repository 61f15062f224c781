/** What the package exports. */
export { createEngine, type Engine, type EngineOptions } from './train/engine.ts'
export type { SweepOptions, SweepResult, Variation } from './train/sweep.ts'
export type {
  Cost,
  EarlyStopping,
  Evaluation,
  LoadOptions,
  Progress,
  ResumeOptions,
  Resumed,
  RunOptions,
  RunSnapshot,
  SettingsChange,
  StoppedEarly,
  TensorHandle,
  Trainer,
  TrainerOptions,
} from './train/types.ts'
export { inTurns, type TurnOptions } from './train/turns.ts'
export { DepthReader, flowOf, type DepthNorm, type Flow } from './inspect/depth.ts'
export { watch, type Watching, type WatchingOptions } from './answers/findings/watching.ts'
export { findingsFile, type FindingsFile } from './answers/findings/file.ts'
export { lint } from './answers/findings/lint/index.ts'
export type { Cure, Finding, Kind, Severity } from './answers/findings/finding.ts'
export { ReaderDestroyed } from './inspect/staging.ts'
export { depthVariants } from './data/depth-comparison.ts'
export type { History } from './model/history.ts'
export { sharpness, sharpnessAlong, SharpnessMeter, type Sharpness, type SharpnessOptions } from './answers/sharpness.ts'
export { gradientCheck, GradientChecker, type GradientCheck, type GradientChecks } from './answers/gradient-check.ts'
export { NotFiniteWatch, type Diagnosed, type NotFiniteOptions } from './answers/not-finite-watch.ts'
export type { NotFinite, OperationInput } from './answers/not-finite.ts'
export type {
  Observation,
  ObservedBlock,
  ObservedBranch,
  ObservedColumn,
  ObservedContainer,
  ObservedLink,
  ObservedParameter,
  TensorView,
} from './graph/observation.ts'
export type { Dataset, Samples, Scaling } from './data/types.ts'
export type { TuningRecord, TuningStore } from './kernels/tuner.ts'
export { DeviceLost } from './gpu/device-loss.ts'
export { WebGpuUnavailable } from './gpu/device.ts'
export { InputError } from './errors.ts'
export * from './model/layers.ts'
export * from './model/networks/index.ts'
export * from './model/optimizers.ts'
export type * from './model/types.ts'
