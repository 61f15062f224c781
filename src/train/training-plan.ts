import type { Slice } from '../gpu/kernel.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { fuse } from '../graph/fuse.ts'
import { halve } from '../graph/halve.ts'
import { mergeSums } from '../graph/merge-sums.ts'
import { rowsOf, type Choose, type Graph, type Value } from '../graph/graph.ts'
import { placeByLifetime } from '../graph/memory.ts'
import { buildPlans } from '../graph/plan.ts'
import { showRows, showWhole, type Shown } from '../graph/shown.ts'
import type { State } from '../graph/state.ts'
import { trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { resultKernel } from '../kernels/loss.ts'
import { optimizerKernel } from '../kernels/optimizer.ts'
import { perturbKernel } from '../kernels/perturb.ts'
import type { Problem } from '../kernels/problem.ts'
import { adapterKindOf } from '../kernels/tuner.ts'
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
  /** Samples of the batch whose values can be looked at after a submit, the first ones. */
  shownRows: number
  /** Where those of a layer's output or its gradient lie, or all of them; undefined where their memory serves others. */
  find(value: Value): { slice: Slice; rows: number } | undefined
  activationBytes: number
  /** At most. */
  dispatchesPerStep: number
  /** What was chosen for this adapter, by name. */
  variants: Record<string, string>
  /** The kernel of each problem that was tuned, and the likeliest one of those that were not. */
  choose: Choose
  buffers: GPUBuffer[]
  destroy(): void
}

/** Bytes of activations up to which every layer's output and its gradient stay in their buffers; beyond, the first samples of what the picture shows. */
const wholeBytes = 64 * 2 ** 20

/** A few kernels a layer, a dispatch each, fused where nobody looks between. */
export async function ordinaryPlan(request: ProgramRequest, onProgress: (done: number, what: string) => void): Promise<TrainingPlan> {
  const { gpu, pipelines, model, state, train, results, tuner, tuneAll, tuningTime, plannedSteps } = request
  const { network, shown } = stepGraph(request)
  const { graph, lowered, target, rowResult } = network
  const problems = problemsOf(graph)
  const chosen = await tuner.tune(problems, {
    all: tuneAll,
    budget: tuningTime,
    steps: plannedSteps,
    onProgress: (done) => onProgress(done / 2, 'choosing kernels'),
  })
  // What was not asked for, as in evaluation, takes the variant of the same product with another end.
  const variants = new Map(problems.map(({ name, product }) => [product, chosen.get(name)?.name]))
  const likely = (problem: Problem) => {
    const variant = variants.get(problem.product)
    return variant === undefined ? undefined : problem.candidates(adapterKindOf(gpu)).find(({ name }) => name === variant)
  }
  const choose: Choose = (problem) => (chosen.get(problem.name) ?? likely(problem) ?? problem.plain).kernel
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
        keep: shown.keep,
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
        program.encode(pass, ring, row, row === rows.at(-1))
        ;(clipNorm === null ? update : clippedUpdate).encode(pass, ring, row)
        if (perturbation > 0) perturb.encode(pass, ring, row)
      }
    },
    shownRows: shown.rows,
    find(value) {
      const held = shown.of(value)
      return held && { slice: find(held), rows: rowsOf(held) }
    },
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

/** A step as operations, and what of it can be looked at. */
function stepGraph({ model, precision, activations }: ProgramRequest): { network: NetworkGraph; shown: Shown } {
  const made = (show: (network: NetworkGraph) => Shown) => {
    const network = trainingGraph(model, model.loss, model.batchSize)
    const shown = show(network)
    fuse(network.graph, shown.keep)
    mergeSums(network.graph)
    if (precision === 'mixed') halve(network.graph)
    return { network, shown }
  }
  if (activations === 'samples') return made(showRows)
  const whole = made(showWhole)
  const { sizes } = placeByLifetime(whole.network.graph, whole.shown.keep)
  return activations === 'all' || sizes.reduce((sum, size) => sum + size, 0) <= wholeBytes ? whole : made(showRows)
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
