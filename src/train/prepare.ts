import { ordinalsLike } from '../model/like.ts'
import { parametersOf } from '../model/shapes.ts'
import type { Dataset } from '../data/types.ts'
import { wrongAt, wrongIn } from '../errors.ts'
import type { Gpu } from '../gpu/device.ts'
import { ownedWhile } from '../gpu/owned.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program } from '../gpu/program.ts'
import { ResultRing } from '../gpu/readback.ts'
import { StepRing } from '../gpu/step-ring.ts'
import { bufferLimit, checkParametersFit } from '../graph/limits.ts'
import { inputTensor } from '../model/input-shape.ts'
import { toMemory } from '../graph/layout.ts'
import { State } from '../graph/state.ts'
import { initializeKernel } from '../kernels/initialize.ts'
import { moments } from '../kernels/optimizer.ts'
import type { Tuner } from '../kernels/tuner.ts'
import type { ModelFile } from '../model/types.ts'
import { Feed } from './feed.ts'
import { buildPrograms, type Programs } from './programs.ts'
import type { RunMethod } from './run-state.ts'
import { resultFloats } from './step-row.ts'
import type { PlanName, Precision, TrainerOptions } from './types.ts'

/** What a run needs on the GPU, made before step 0. */
export interface Prepared {
  gpu: Gpu
  pipelines: Pipelines
  model: ModelFile
  dataset: Dataset
  state: State
  train: Feed
  test: Feed | undefined
  programs: Programs
  ring: StepRing
  results: ResultRing
  shuffle: boolean
  /** Samples that the first epoch takes together, as they arrived together; 0: it takes all as they come. */
  block: number
  method: RunMethod
}

/** Steps whose results may wait to be read: seconds of the smallest networks. */
const resultRows = 262_144
/** A submit takes a quarter of them at most: of the smallest networks, so many steps fit the time that one aims at. */
const stepRows = 8192

export async function prepare(
  gpu: Gpu,
  pipelines: Pipelines,
  tuner: Tuner,
  model: ModelFile,
  dataset: Dataset,
  options: Pick<
    TrainerOptions,
    | 'shuffle'
    | 'plan'
    | 'precision'
    | 'activations'
    | 'beginsLike'
    | 'variants'
    | 'onProgress'
    | 'tuneAll'
    | 'tuningTime'
    | 'tuningSignal'
    | 'plannedSteps'
  > = {},
  block = dataset.train.blocks?.size ?? 0,
): Promise<Prepared> {
  const {
    shuffle = true,
    plan = 'auto',
    precision = 'f32',
    activations = 'auto',
    beginsLike,
    variants,
    onProgress,
    tuneAll,
    tuningTime,
    tuningSignal,
    plannedSteps,
  } = options
  const { device } = gpu
  checkPrecision(gpu, precision, plan)
  checkParametersFit(parametersOf(model), moments(model.optimizer).length, bufferLimit(device.limits))
  return ownedWhile(async (own) => {
    const { state, train, test, ring, results } = await gpu.checked(`${dataset.name}: data and parameters`, () => ({
      state: own(stateOf(device, model)),
      train: own(new Feed(gpu, dataset, dataset.train, 'train', inputTensor(model))),
      test: dataset.test && dataset.test.count > 0 ? own(new Feed(gpu, dataset, dataset.test, 'test', inputTensor(model))) : undefined,
      ring: own(new StepRing(device, pipelines, stepRows)),
      results: own(new ResultRing(device, resultRows, resultFloats)),
    }))
    const programs = await buildPrograms({
      gpu,
      pipelines,
      model,
      dataset,
      state,
      train,
      test,
      ring,
      results: { buffer: results.buffer, offset: 0, size: results.buffer.size },
      shuffle,
      plan,
      precision,
      activations,
      tuner,
      tuning: { all: tuneAll, given: variants, budget: tuningTime, steps: plannedSteps, signal: tuningSignal },
      onProgress,
    })
    const method: RunMethod = {
      shuffle,
      plan: 'smallNetwork' in programs.training.variants ? 'small' : 'ordinary',
      precision,
      activations,
      ...(beginsLike && { beginsLike: { input: beginsLike.input, layers: beginsLike.layers } }),
    }
    return { gpu, pipelines, model, dataset, state, train, test, programs, ring, results, shuffle, block, method }
  })
}

/** Where a model's parameters and what its optimizer keeps of them lie. */
export const stateOf = (device: GPUDevice, model: ModelFile): State =>
  new State(device, parametersOf(model), moments(model.optimizer).length, {
    decayWeightsOnly: model.optimizer.decayBiasAndNorm === false,
  })

function checkPrecision({ adapter, features }: Gpu, precision: Precision, plan: PlanName) {
  if (precision === 'f32') return
  if (!features.f16) throw wrongIn('precision', 'run.noHalf', { adapter: adapter.description })
  if (plan === 'small') throw wrongIn('precision', 'run.smallHalf')
}

/**
 * Fills the parameters and running statistics from the seed, empties the moments and what a run before has left, then writes the values that were given.
 * `check` throws where the run is gone by the time that its kernels are compiled.
 */
export async function begin(
  { gpu, pipelines, model, state, programs, method }: Prepared,
  seed: number,
  given: Record<string, Float32Array> = {},
  check: () => void = () => {},
) {
  const recipes = parametersOf(model)
  const ordinals = method.beginsLike && ordinalsLike(model, method.beginsLike)
  const kernels = recipes.map(({ path, shape, initial }, i) => {
    const count = shape.reduce((product, n) => product * n, 1)
    return { kernel: initializeKernel(initial, count, ordinals?.[i] ?? i, seed), slices: [state.slice(path)] }
  })
  const program = await Program.build(gpu, pipelines, 'initial values', kernels)
  try {
    check()
  } catch (error) {
    program.destroy()
    throw error
  }
  const encoder = gpu.device.createCommandEncoder({ label: 'initial values' })
  encoder.clearBuffer(state.arena)
  for (const buffer of [state.gradients, ...programs.buffers]) encoder.clearBuffer(buffer)
  const pass = encoder.beginComputePass({ label: 'initial values' })
  program.encode(pass)
  pass.end()
  gpu.device.queue.submit([encoder.finish()])
  write(gpu.device, state, given)
  await gpu.device.queue.onSubmittedWorkDone()
  program.destroy()
}

/** Writes parameters by path, in PyTorch's order. @throws InputError on a size that is wrong; then nothing is written */
export function write(device: GPUDevice, state: State, values: Record<string, Float32Array>) {
  for (const [path, value] of Object.entries(values)) {
    const { size } = state.slice(path)
    if (value.length * 4 !== size) throw wrongAt(path, 'run.parameterSize', { found: value.length, expected: size / 4 })
  }
  for (const [path, value] of Object.entries(values)) {
    const { buffer, offset } = state.slice(path)
    const spec = state.specs.find((own) => own.path === path)!
    device.queue.writeBuffer(buffer, offset, toMemory(new Float32Array(value), spec))
  }
}

/** Empties the moments and leaves the parameters and running statistics. */
export function clearMoments(device: GPUDevice, state: State) {
  if (state.moments === 0) return
  const encoder = device.createCommandEncoder({ label: 'clear moments' })
  const { offset } = state.moment(0)
  encoder.clearBuffer(state.arena, offset, state.statisticsAt - offset)
  device.queue.submit([encoder.finish()])
}

export function release({ state, train, test, ring, results, programs }: Prepared) {
  for (const part of [state, train, test, ring, results]) part?.destroy()
  const { training, evaluation, accumulate, gather, buffers } = programs
  for (const program of [training, evaluation.program, accumulate, gather.train, gather.test]) program?.destroy()
  for (const buffer of buffers) buffer.destroy()
}
