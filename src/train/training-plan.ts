import type { Slice } from '../gpu/kernel.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { fuse } from '../graph/fuse.ts'
import { halve } from '../graph/halve.ts'
import { mergeSums } from '../graph/merge-sums.ts'
import type { Choose, Graph, Value } from '../graph/graph.ts'
import { buildPlans } from '../graph/plan.ts'
import type { State } from '../graph/state.ts'
import { observedValues, trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { resultKernel } from '../kernels/loss.ts'
import { optimizerKernel } from '../kernels/optimizer.ts'
import { perturbKernel } from '../kernels/perturb.ts'
import type { Problem } from '../kernels/problem.ts'
import type { ModelFile } from '../model/types.ts'
import { scratch, whole } from './buffers.ts'
import type { ProgramRequest } from './programs.ts'
import type { Settings } from './step-row.ts'

/** How training steps run on the GPU. */
export interface TrainingPlan {
  graph: NetworkGraph
  /** How many of the next steps a dispatch may take, at these settings. */
  stepsPerDispatch(settings: Settings): number
  /** Encodes the steps of these rows of the ring, in order; what the last one computes can be looked at afterwards. */
  encode(pass: GPUComputePassEncoder, ring: GPUBindGroup, rows: readonly number[], settings: Settings): void
  /** Where a layer's output or its gradient lies after a submit. */
  find(value: Value): Slice
  activationBytes: number
  /** At most. */
  dispatchesPerStep: number
  /** What was chosen for this adapter, by name. */
  variants: Record<string, string>
  /** The kernel of each problem that was tuned, for whoever has the same ones. */
  choose: Choose
  buffers: GPUBuffer[]
  destroy(): void
}

/** A few kernels a layer, a dispatch each, fused where nobody looks between; every layer's output and its gradient stay in their buffers. */
export async function ordinaryPlan(request: ProgramRequest, onProgress: (done: number, what: string) => void): Promise<TrainingPlan> {
  const { gpu, pipelines, model, state, train, results, tuner, tuneAll, tuningTime, plannedSteps } = request
  const network = trainingGraph(model, model.loss, model.batchSize)
  const { graph, lowered, target, rowResult } = network
  fuse(graph, lookedAt(network))
  mergeSums(graph)
  if (request.precision === 'mixed') halve(graph)
  const chosen = await tuner.tune(problemsOf(graph), {
    all: tuneAll,
    budget: tuningTime,
    steps: plannedSteps,
    onProgress: (done) => onProgress(done / 2, 'choosing kernels'),
  })
  const choose: Choose = (problem) => (chosen.get(problem.name) ?? problem.plain).kernel
  const norm = scratch(gpu, 'gradient norm', 16)
  const partials = scratch(gpu, 'gradient norm partials', gradientNorm.partialBytes)
  const { plans, buffers } = await buildPlans(
    gpu,
    pipelines,
    state,
    [
      {
        label: 'step',
        graph,
        keep: lookedAt(network),
        before: (find) => train.kernels(model.batchSize, find(lowered.input), find(target)),
        after: (find) => [{ kernel: resultKernel(model.batchSize), slices: [find(rowResult), results] }],
      },
    ],
    choose,
    (done) => onProgress(0.5 + done / 2, 'compiling kernels'),
  )
  const { program, find, activationBytes } = plans[0]!
  // What ends a step: the update of all parameters, with the gradients as they are, or clipped by their norm.
  const [update, clippedUpdate, perturb] = await Promise.all([
    Program.build(gpu, pipelines, 'update', [updateOf(model, state)]),
    Program.build(gpu, pipelines, 'clipped update', clippedUpdateOf(model, state, norm, partials)),
    perturbProgram(request),
  ])
  return {
    graph: network,
    stepsPerDispatch: () => 1,
    encode(pass, ring, rows, { clipNorm, perturbation }) {
      for (const row of rows) {
        program.encode(pass, ring, row)
        ;(clipNorm === null ? update : clippedUpdate).encode(pass, ring, row)
        if (perturbation > 0) perturb.encode(pass, ring, row)
      }
    },
    find,
    activationBytes,
    dispatchesPerStep: program.dispatches + (model.clipNorm ? clippedUpdate : update).dispatches,
    variants: Object.fromEntries([...chosen].map(([problem, { name }]) => [problem, name])),
    choose,
    buffers: [...buffers, norm, partials],
    destroy() {
      for (const part of [program, update, clippedUpdate, perturb]) part.destroy()
    },
  }
}

/** Adds the article's random perturbation to all parameters, after their update. */
export const perturbProgram = ({ gpu, pipelines, state }: ProgramRequest): Promise<Program> =>
  Program.build(gpu, pipelines, 'perturb', [{ kernel: perturbKernel(state.parameterFloats), slices: [state.allParameters] }])

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

/** What is read after the graph's own kernels. */
function lookedAt(network: NetworkGraph): Set<Value> {
  return observedValues(network).add(network.rowResult)
}

/** What a graph asks the tuner. */
function problemsOf(graph: Graph): Problem[] {
  const problems: Problem[] = []
  const record: Choose = (problem) => {
    problems.push(problem)
    return problem.plain.kernel
  }
  for (const node of graph.nodes) graph.operation(node.op).kernels(node, record)
  return problems
}
