/** Options of the library's calls: one that a call does not know is refused, not dropped. */
import { wrongIn } from '../errors.ts'
import type { ModelFile } from '../model/types.ts'
import type { ProbeOptions } from './probe.ts'
import type { SweepOptions } from './sweep.ts'
import type { EarlyStopping, LoadOptions, ResumeOptions, RunOptions, TrainerOptions } from './types.ts'

/** Every key of a type, which the compiler holds to be all of them. */
type Keys<T> = { readonly [Key in keyof T]-?: true }

/** A model file's own keys, so that it can be spread into the options. */
const ofFile: Keys<Pick<ModelFile, 'format' | 'input' | 'layers'>> = { format: true, input: true, layers: true }

const ofTraining = {
  loss: true,
  optimizer: true,
  schedule: true,
  warmup: true,
  clipNorm: true,
  batchSize: true,
  accumulate: true,
  augmentation: true,
  seed: true,
  shuffle: true,
  variants: true,
  parameters: true,
  onProgress: true,
} as const

const trainer: Keys<TrainerOptions & ResumeOptions> = {
  ...ofTraining,
  perturbation: true,
  plan: true,
  precision: true,
  activations: true,
  beginsLike: true,
  tuneAll: true,
  tuningTime: true,
  tuningSignal: true,
  plannedSteps: true,
  state: true,
}
const sweep: Keys<SweepOptions> = { ...ofTraining, steps: true, epochs: true, signal: true, onPartial: true }
const run: Keys<RunOptions> = {
  epochs: true,
  steps: true,
  goal: true,
  signal: true,
  stepsPerSubmit: true,
  stepsPerSecond: true,
  evaluateEvery: true,
  earlyStopping: true,
}
const earlyStopping: Keys<EarlyStopping> = { patience: true, minimumImprovement: true, restoreBest: true }
const load: Keys<LoadOptions> = { moments: true }
const probe: Keys<ProbeOptions> = { samples: true, step: true, asRun: true }

/** A sweep takes the options of a trainer as they are, and passes over those that it has no use for. */
const calls = { trainer: { ...trainer, ...ofFile }, sweep: { ...trainer, ...sweep, ...ofFile }, run, earlyStopping, load, probe } as const

/** @throws InputError naming the first key that the call has not, and those that it has */
export function checkOptions(call: keyof typeof calls, options: object): void {
  const known = calls[call]
  const key = Object.keys(options).find((own) => !Object.hasOwn(known, own))
  if (key !== undefined) throw wrongIn(call, 'key.unknown', { key: JSON.stringify(key), choices: Object.keys(known) })
}
