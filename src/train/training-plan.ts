import type { Slice } from '../gpu/kernel.ts'
import type { BoundKernel } from '../gpu/program.ts'
import { fuse } from '../graph/fuse.ts'
import type { Value } from '../graph/graph.ts'
import { buildPlans } from '../graph/plan.ts'
import { trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { resultKernel } from '../kernels/loss.ts'
import { optimizerKernel } from '../kernels/optimizer.ts'
import { scratch, whole } from './buffers.ts'
import type { ProgramRequest } from './programs.ts'
import type { Settings } from './step-row.ts'

/** How training steps run on the GPU. */
export interface TrainingPlan {
  /** Forward, loss and derivatives, unfused: what can be looked at. */
  graph: NetworkGraph
  /** How many of the next steps a dispatch may take, at these settings. */
  stepsPerDispatch(settings: Settings): number
  /** Encodes the steps of these rows of the ring, in order; what the last one computes can be looked at afterwards. */
  encode(pass: GPUComputePassEncoder, ring: GPUBindGroup, rows: readonly number[], settings: Settings): void
  /** Where a layer's output or its gradient lies after a submit. */
  find(value: Value): Slice
  /** At most. */
  dispatchesPerStep: number
  /** What was chosen for this adapter, by name. */
  variants: Record<string, string>
  buffers: GPUBuffer[]
  destroy(): void
}

type Find = (value: Value) => Slice

/** A few kernels a layer, a dispatch each. Steps but the last run fused; the last leaves every activation and every ∂L/∂activation in its buffer. */
export async function ordinaryPlan(request: ProgramRequest, onProgress: (done: number) => void): Promise<TrainingPlan> {
  const { gpu, pipelines, model, state, train } = request
  const fused = trainingGraph(model, model.loss, model.batchSize)
  fuse(fused.graph, new Set())
  const graph = trainingGraph(model, model.loss, model.batchSize)
  const norm = scratch(gpu, 'gradient norm', 16)
  const partials = scratch(gpu, 'gradient norm partials', gradientNorm.partialBytes)
  const step = (from: NetworkGraph) => ({
    before: (find: Find) => train.kernels(model.batchSize, find(from.lowered.input), find(from.target)),
    after: (find: Find) => endOfStep(request, { norm, partials, rowResult: find(from.rowResult) }),
  })
  const { plans, buffers } = await buildPlans(
    gpu,
    pipelines,
    state,
    [
      { label: 'step', graph: fused.graph, keep: new Set([fused.rowResult]), ...step(fused) },
      { label: 'observed step', graph: graph.graph, keep: lookedAt(graph), ...step(graph) },
    ],
    onProgress,
  )
  const [plain, observed] = [plans[0]!, plans[1]!]
  return {
    graph,
    stepsPerDispatch: () => 1,
    encode(pass, ring, rows) {
      rows.forEach((row, i) => (i === rows.length - 1 ? observed : plain).program.encode(pass, ring, row))
    },
    find: observed.find,
    dispatchesPerStep: plain.program.dispatches,
    variants: {},
    buffers: [...buffers, norm, partials],
    destroy() {
      plain.program.destroy()
      observed.program.destroy()
    },
  }
}

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
