import type { Dataset } from '../data/types.ts'
import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { fuse } from '../graph/fuse.ts'
import type { Value } from '../graph/graph.ts'
import { buildPlans, type Plan } from '../graph/plan.ts'
import type { State } from '../graph/state.ts'
import { evaluationGraph, trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { optimizerKernel } from '../kernels/optimizer.ts'
import { accumulateKernel, resultKernel } from '../kernels/loss.ts'
import type { ModelFile } from '../model/types.ts'
import type { Feed } from './feed.ts'

/** Everything a run dispatches, compiled once per model and batch size. */
export interface Programs {
  /** One training step, fused. */
  plain: Plan
  /** The same step, but every activation and every ∂L/∂activation stays in its buffer. */
  observed: Plan
  observedGraph: NetworkGraph
  /** Forward and loss in evaluation mode on what lies in its input. */
  evaluation: Plan
  evaluationGraph: NetworkGraph
  evaluationBatch: number
  /** Adds the evaluated batch to the accumulator. */
  accumulate: Program
  accumulator: GPUBuffer
  /** Gathers a batch of a part into the evaluation's input and target. */
  gather: Record<'train' | 'test', Program | undefined>
  buffers: GPUBuffer[]
}

/** Samples evaluated at once: enough to fill a GPU, little enough memory. */
const evaluationBatchSize = 256

export interface ProgramRequest {
  gpu: Gpu
  pipelines: Pipelines
  model: ModelFile
  dataset: Dataset
  state: State
  train: Feed
  test: Feed | undefined
  results: Slice
  onProgress?: ((done: number) => void) | undefined
}

export async function buildPrograms(request: ProgramRequest): Promise<Programs> {
  const { gpu, pipelines, model, state, train, test, onProgress } = request
  const plain = trainingGraph(model, model.loss, model.batchSize)
  fuse(plain.graph, new Set())
  const observed = trainingGraph(model, model.loss, model.batchSize)
  const evaluationBatch = Math.max(model.batchSize, Math.min(evaluationBatchSize, Math.max(train.count, test?.count ?? 0)))
  const evaluation = evaluationGraph(model, model.loss, evaluationBatch)
  fuse(evaluation.graph, new Set())

  const norm = scratch(gpu, 'gradient norm', 16)
  const partials = scratch(gpu, 'gradient norm partials', gradientNorm.partialBytes)
  const accumulator = scratch(gpu, 'evaluation', 16)
  const step = (from: NetworkGraph) => ({
    before: (find: Find) => train.kernels(model.batchSize, find(from.lowered.input), find(from.target)),
    after: (find: Find) => endOfStep(request, { norm, partials, rowResult: find(from.rowResult) }),
  })

  const share = [0, 0]
  const heard = (i: number) => (done: number) => {
    share[i] = done
    onProgress?.((share[0]! + share[1]!) / 2)
  }
  const [training, evaluating] = await Promise.all([
    buildPlans(
      gpu,
      pipelines,
      state,
      [
        { label: 'step', graph: plain.graph, keep: new Set([plain.rowResult]), ...step(plain) },
        { label: 'observed step', graph: observed.graph, keep: lookedAt(observed), ...step(observed) },
      ],
      heard(0),
    ),
    buildPlans(
      gpu,
      pipelines,
      state,
      [{ label: 'evaluation', graph: evaluation.graph, keep: new Set([evaluation.rowResult, evaluation.lowered.output]) }],
      heard(1),
    ),
  ])
  const forward = evaluating.plans[0]!
  const gather = (feed: Feed) =>
    Program.build(
      gpu,
      pipelines,
      'gather',
      feed.kernels(evaluationBatch, forward.find(evaluation.lowered.input), forward.find(evaluation.target)),
    )
  const [gatherTrain, gatherTest, accumulate] = await Promise.all([
    gather(train),
    test && gather(test),
    Program.build(gpu, pipelines, 'accumulate', [
      { kernel: accumulateKernel(evaluationBatch), slices: [forward.find(evaluation.rowResult), whole(accumulator)] },
    ]),
  ])
  return {
    plain: training.plans[0]!,
    observed: training.plans[1]!,
    observedGraph: observed,
    evaluation: forward,
    evaluationGraph: evaluation,
    evaluationBatch,
    accumulate,
    accumulator,
    gather: { train: gatherTrain, test: gatherTest },
    buffers: [...training.buffers, ...evaluating.buffers, norm, partials, accumulator],
  }
}

type Find = (value: Value) => Slice

/** Gradient norm and clipping scale, the step's result, the update of all parameters. */
function endOfStep(
  { model, state, results }: ProgramRequest,
  own: { norm: GPUBuffer; partials: GPUBuffer; rowResult: Slice },
): BoundKernel[] {
  const norm = whole(own.norm)
  const partials = whole(own.partials)
  const [first, second] = gradientNorm.kernels(state.parameterFloats)
  const moments = Array.from({ length: state.moments }, (_, i) => state.moment(i))
  return [
    { kernel: first, slices: [state.allGradients, partials] },
    { kernel: second, slices: [partials, norm] },
    { kernel: resultKernel(model.batchSize, { norm: true }), slices: [own.rowResult, results, norm] },
    {
      kernel: optimizerKernel(model.optimizer, state.parameterFloats, { clip: true }),
      slices: [state.allParameters, state.allGradients, ...moments, norm],
    },
  ]
}

/** What is read after the graph's own kernels: the rows' results, every layer's output and its gradient. */
function lookedAt({ lowered, gradients, rowResult }: NetworkGraph): Set<Value> {
  const outputs = [...lowered.outputs.values()]
  return new Set([rowResult, ...outputs, ...outputs.flatMap((value) => gradients.get(value) ?? [])])
}

function scratch({ device }: Gpu, label: string, size: number): GPUBuffer {
  return device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
}

const whole = (buffer: GPUBuffer): Slice => ({ buffer, offset: 0, size: buffer.size })
