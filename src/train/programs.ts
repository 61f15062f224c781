import type { Dataset } from '../data/types.ts'
import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { fuse } from '../graph/fuse.ts'
import type { Choose, Graph, Value } from '../graph/graph.ts'
import { buildPlans, type Plan } from '../graph/plan.ts'
import type { State } from '../graph/state.ts'
import { evaluationGraph, trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { optimizerKernel } from '../kernels/optimizer.ts'
import { plainTile, variantName } from '../kernels/matmulVariants.ts'
import { productName, type Product, type Tuner } from '../kernels/tuner.ts'
import { accumulateKernel, resultKernel } from '../kernels/loss.ts'
import type { ModelFile } from '../model/types.ts'
import type { Feed } from './feed.ts'

/** Everything a run dispatches, compiled once per model and batch size. */
export interface Programs {
  /** One training step, fused; every layer's output and its gradient stay in their buffers. */
  step: Plan
  stepGraph: NetworkGraph
  /** What ends the step: the update of all parameters, with the gradients as they are, or clipped by their norm. */
  update: Program
  clippedUpdate: Program
  /** Forward and loss in evaluation mode on what lies in its input. */
  evaluation: Plan
  evaluationGraph: NetworkGraph
  evaluationBatch: number
  /** Adds the evaluated batch to the accumulator. */
  accumulate: Program
  accumulator: GPUBuffer
  /** Gathers a batch of a part into the evaluation's input and target. */
  gather: Record<'train' | 'test', Program | undefined>
  /** The variant that computes each matrix product. */
  variants: Record<string, string>
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
  results: Slice
  tuner: Tuner
  tuneAll: boolean
  onProgress?: ((done: number, what: string) => void) | undefined
}

export async function buildPrograms(request: ProgramRequest): Promise<Programs> {
  const { gpu, pipelines, model, state, train, test, tuner, tuneAll, results, onProgress } = request
  const stepGraph = trainingGraph(model, model.loss, model.batchSize)
  fuse(stepGraph.graph, lookedAt(stepGraph))
  const evaluationBatch = evaluationBatchOf(model.batchSize, Math.max(train.count, test?.count ?? 0))
  const evaluation = evaluationGraph(model, model.loss, evaluationBatch)
  fuse(evaluation.graph, new Set(evaluation.lowered.outputs.values())) // as in training, for the same kernels

  const norm = scratch(gpu, 'gradient norm', 16)
  const partials = scratch(gpu, 'gradient norm partials', gradientNorm.partialBytes)
  const accumulator = scratch(gpu, 'evaluation', 16)

  const share = [0, 0]
  const heard = (i: number) => (done: number) => {
    share[i] = done
    onProgress?.(0.5 + (share[0]! + share[1]!) / 4, 'compiling kernels')
  }
  const variants = await tuner.tune(productsOf(stepGraph.graph), {
    all: tuneAll,
    onProgress: (done) => onProgress?.(done / 2, 'choosing kernels'),
  })
  const choose: Choose = (shape, epilogue) => variants.get(productName({ shape, epilogue })) ?? plainTile
  const [training, evaluating] = await Promise.all([
    buildPlans(
      gpu,
      pipelines,
      state,
      [
        {
          label: 'step',
          graph: stepGraph.graph,
          keep: lookedAt(stepGraph),
          before: (find) => train.kernels(model.batchSize, find(stepGraph.lowered.input), find(stepGraph.target)),
          after: (find) => [{ kernel: resultKernel(model.batchSize), slices: [find(stepGraph.rowResult), results] }],
        },
      ],
      choose,
      heard(0),
    ),
    buildPlans(
      gpu,
      pipelines,
      state,
      [{ label: 'evaluation', graph: evaluation.graph, keep: new Set([evaluation.rowResult, evaluation.lowered.output]) }],
      choose,
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
  const [update, clippedUpdate, gatherTrain, gatherTest, accumulate] = await Promise.all([
    Program.build(gpu, pipelines, 'update', [updateOf(model, state)]),
    Program.build(gpu, pipelines, 'clipped update', clippedUpdateOf(model, state, norm, partials)),
    gather(train),
    test && gather(test),
    Program.build(gpu, pipelines, 'accumulate', [
      { kernel: accumulateKernel(evaluationBatch), slices: [forward.find(evaluation.rowResult), whole(accumulator)] },
    ]),
  ])
  return {
    step: training.plans[0]!,
    stepGraph,
    update,
    clippedUpdate,
    evaluation: forward,
    evaluationGraph: evaluation,
    evaluationBatch,
    accumulate,
    accumulator,
    gather: { train: gatherTrain, test: gatherTest },
    variants: Object.fromEntries([...variants].map(([product, variant]) => [product, variantName(variant)])),
    buffers: [...training.buffers, ...evaluating.buffers, norm, partials, accumulator],
  }
}

function updateOf(model: ModelFile, state: State, norm?: GPUBuffer): BoundKernel {
  const moments = Array.from({ length: state.moments }, (_, i) => state.moment(i))
  return {
    kernel: optimizerKernel(model.optimizer, state.parameterFloats, { clip: norm !== undefined }),
    slices: [state.allParameters, state.allGradients, ...moments, ...(norm ? [whole(norm)] : [])],
  }
}

function clippedUpdateOf(model: ModelFile, state: State, norm: GPUBuffer, partials: GPUBuffer): BoundKernel[] {
  const [first, second] = gradientNorm.kernels(state.parameterFloats)
  return [
    { kernel: first, slices: [state.allGradients, whole(partials)] },
    { kernel: second, slices: [whole(partials), whole(norm)] },
    updateOf(model, state, norm),
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

/** The matrix products of a graph, for the tuner. */
function productsOf(graph: Graph): Product[] {
  const products: Product[] = []
  const record: Choose = (shape, epilogue) => {
    products.push({ shape, epilogue })
    return plainTile
  }
  for (const node of graph.nodes) graph.operation(node.op).kernels(node, record)
  return products
}
