import { wrongIn } from '../errors.ts'
import type { Dataset } from '../data/types.ts'
import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import { ownedWhile, type Own } from '../gpu/owned.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program } from '../gpu/program.ts'
import type { StepRing } from '../gpu/step-ring.ts'
import { storeAlike } from '../graph/alike.ts'
import { fuse } from '../graph/fuse.ts'
import { halve } from '../graph/halve.ts'
import { bufferLimit, largestFittingBatch, largestValue } from '../graph/limits.ts'
import { buildPlans, type Plan } from '../graph/plan.ts'
import { Snapshot } from '../graph/snapshot.ts'
import type { State } from '../graph/state.ts'
import { evaluationGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { accumulateKernel } from '../kernels/loss.ts'
import type { Tuner, TuningOptions } from '../kernels/tuner.ts'
import type { ModelFile } from '../model/types.ts'
import { message } from '../words/say.ts'
import { scratch, whole } from './buffers.ts'
import type { Feed } from './feed.ts'
import { smallNetworkOf, smallPlan } from './small-plan.ts'
import { ordinaryPlan, type TrainingPlan } from './training-plan.ts'
import type { Kept, PlanName, Precision } from './types.ts'

/** Everything a run dispatches, compiled once per model and batch size. */
export interface Programs {
  training: TrainingPlan
  /** Forward and loss in evaluation mode, of the parameters in the snapshot, on what lies in its input. */
  evaluation: Plan
  snapshot: Snapshot
  evaluationGraph: NetworkGraph
  evaluationBatch: number
  /** Adds the evaluated batch to the accumulator. */
  accumulate: Program
  accumulator: GPUBuffer
  /** Gathers a batch of a part into the evaluation's input and target. */
  gather: Record<'train' | 'test', Program | undefined>
  /** Resolves when all samples of a part are on the GPU; undefined where they are. */
  arrival(part: 'train' | 'test'): Promise<void> | undefined
  buffers: GPUBuffer[]
}

/** Samples evaluated at once: a batch's own shape where it fills a GPU, whose kernels are tuned and compiled already. */
function evaluationBatchOf(batchSize: number, samples: number): number {
  return batchSize >= 64 ? batchSize : Math.max(batchSize, Math.min(256, samples))
}

export interface ProgramRequest {
  gpu: Gpu
  pipelines: Pipelines
  model: ModelFile
  dataset: Dataset
  state: State
  train: Feed
  test: Feed | undefined
  ring: StepRing
  results: Slice
  shuffle: boolean
  plan: PlanName
  precision: Precision
  activations: Kept
  tuner: Tuner
  tuning: Omit<TuningOptions, 'onProgress'>
  onProgress?: ((done: number, what: string) => void) | undefined
}

export const buildPrograms = (request: ProgramRequest): Promise<Programs> => ownedWhile((own) => programs(request, own))

async function programs(request: ProgramRequest, own: Own): Promise<Programs> {
  const { gpu, pipelines, model, state, train, test, onProgress } = request
  const training = own(await trainingPlan(request, (done, what) => onProgress?.(0.8 * done, what)))
  training.buffers.forEach(own)
  const wanted = evaluationBatchOf(model.batchSize, Math.max(train.count, test?.count ?? 0))
  const largestOf = (batch: number) => largestValue(plannedEvaluation(request, batch).graph).bytes
  const evaluationBatch = largestFittingBatch(wanted, bufferLimit(gpu.device.limits), largestOf) || wanted
  const evaluation = plannedEvaluation(request, evaluationBatch, training.graph)
  const snapshot = new Snapshot(gpu.device, state, 'evaluated parameters')
  own(snapshot.buffer)
  const { plans, buffers } = await buildPlans(
    gpu,
    pipelines,
    state,
    [
      {
        label: 'evaluation',
        graph: evaluation.graph,
        keep: new Set([evaluation.rowResult, evaluation.lowered.output]),
        parameters: snapshot,
      },
    ],
    training.choose,
    (done) => onProgress?.(0.8 + 0.2 * done, 'compiling kernels'),
  )
  buffers.forEach(own)
  const forward = plans[0]!
  own(forward.program)
  const accumulator = own(scratch(gpu, 'evaluation', 16))
  const gather = (feed: Feed) =>
    Program.build(
      gpu,
      pipelines,
      'gather',
      feed.kernels(evaluationBatch, forward.find(evaluation.lowered.input), forward.find(evaluation.target)),
    ).then(own)
  const [gatherTrain, gatherTest, accumulate] = await Promise.all([
    gather(train),
    test && gather(test),
    Program.build(gpu, pipelines, 'accumulate', [
      { kernel: accumulateKernel(evaluationBatch), slices: [forward.find(evaluation.rowResult), whole(accumulator)] },
    ]),
  ])
  return {
    training,
    evaluation: forward,
    snapshot,
    evaluationGraph: evaluation,
    evaluationBatch,
    accumulate,
    accumulator,
    gather: { train: gatherTrain, test: gatherTest },
    arrival(part) {
      const feed = { train, test }[part]
      return feed && feed.held < feed.count ? feed.until(feed.count) : undefined
    },
    buffers: [...training.buffers, ...buffers, accumulator, snapshot.buffer],
  }
}

function plannedEvaluation({ model, precision }: ProgramRequest, batch: number, training?: NetworkGraph): NetworkGraph {
  const evaluation = evaluationGraph(model, model.loss, batch)
  fuse(evaluation.graph, new Set([evaluation.lowered.output]))
  if (training) storeAlike(evaluation.graph, training.graph)
  if (precision === 'mixed') halve(evaluation.graph)
  return evaluation
}

/** One kernel for all where the network is small enough, else a few kernels a layer; the caller may insist on either. */
async function trainingPlan(request: ProgramRequest, onProgress: (done: number, what: string) => void): Promise<TrainingPlan> {
  const small = request.plan === 'ordinary' || request.precision === 'mixed' ? message('small.ordinary') : smallNetworkOf(request)
  const plan = 'code' in small ? undefined : await smallPlan(request, small)
  if (plan) return plan
  if (request.plan === 'small') throw wrongIn('plan', 'run.notSmall', { why: 'code' in small ? small : message('small.noVariant') })
  return ordinaryPlan(request, onProgress)
}
