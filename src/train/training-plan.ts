import { OutOfMemory } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import { ownedWhile, type Own } from '../gpu/owned.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { callsOf, is, rowsOf, type Choose, type Graph, type Value } from '../graph/graph.ts'
import { half } from '../graph/operations/half.ts'
import { bufferLimit, checkBatchFits, largestValue, noMemoryFor } from '../graph/limits.ts'
import { buildPlans } from '../graph/plan.ts'
import type { State } from '../graph/state.ts'
import type { NetworkGraph } from '../graph/training-graph.ts'
import { gradientNorm } from '../kernels/gradientNorm.ts'
import { resultKernel } from '../kernels/loss.ts'
import { optimizerKernel } from '../kernels/optimizer.ts'
import { perturbKernel } from '../kernels/perturb.ts'
import type { Problem } from '../kernels/problem.ts'
import { adapterKindOf } from '../kernels/adapter.ts'
import type { ModelFile } from '../model/types.ts'
import { scratch, whole } from './buffers.ts'
import { augmentationOf } from './feed.ts'
import { gradientSumOf } from './gradient-sum.ts'
import type { ProgramRequest } from './programs.ts'
import { activationBytes, stepGraph } from './step-graph.ts'
import type { RunSettings } from '../model/validate.ts'

/** How training steps run on the GPU. */
export interface TrainingPlan {
  graph: NetworkGraph
  /** How many of the next steps a dispatch may take, at these settings. */
  stepsPerDispatch(settings: RunSettings): number
  /**
   * Encodes the batches of these rows of the ring, in order; what the last one computes can be looked at afterwards. A step may have several, and
   * ends with the i-th where `endsStep` says so.
   */
  encode(
    pass: GPUComputePassEncoder,
    ring: GPUBindGroup,
    rows: readonly number[],
    settings: RunSettings,
    endsStep: (i: number) => boolean,
  ): void
  /** Samples of the batch whose values can be looked at after a submit, the first ones. */
  shownRows: number
  /** Where those of a layer's output or its gradient lie, or all of them; undefined where their memory serves others. */
  find(value: Value): { slice: Slice; rows: number } | undefined
  activationBytes: number
  /** What a step leaves for the next one, beside parameters and moments, by name. */
  carried: { name: string; slice: Slice }[]
  /** At most. */
  dispatchesPerStep: number
  /** What was chosen for this adapter, by name. */
  variants: Record<string, string>
  /** The kernel of each problem that was tuned, and the likeliest one of those that were not. */
  choose: Choose
  buffers: GPUBuffer[]
  destroy(): void
}

/** A few kernels a layer, a dispatch each, fused where nobody looks between. */
export const ordinaryPlan = (request: ProgramRequest, onProgress: (done: number, what: string) => void): Promise<TrainingPlan> =>
  ownedWhile((own) => plan(request, own, onProgress))

async function plan(request: ProgramRequest, own: Own, onProgress: (done: number, what: string) => void): Promise<TrainingPlan> {
  const { gpu, pipelines, model, state, train, results, tuner, tuning } = request
  checkBatchFits(model.batchSize, bufferLimit(gpu.device.limits), (batch) => largestValue(stepGraph(request, batch).network.graph))
  const { network, shown } = stepGraph(request, model.batchSize)
  const { graph, lowered, target, rowResult } = network
  const problems = problemsOf(graph)
  const explained = (error: unknown): never => {
    throw error instanceof OutOfMemory ? noMemoryFor(model.batchSize, (batch) => activationBytes(stepGraph(request, batch))) : error
  }
  const chosen = await tuner.tune(problems, { ...tuning, onProgress: (done) => onProgress(done / 2, 'choosing kernels') }).catch(explained)
  // What was not asked for, as in evaluation, takes the variant of the same product with another end.
  const variants = new Map(problems.map(({ name, product }) => [product, chosen.get(name)?.name]))
  const kind = adapterKindOf(gpu, problems)
  const likely = (problem: Problem) => {
    const variant = variants.get(problem.product)
    return variant === undefined ? undefined : problem.candidates(kind).find(({ name }) => name === variant)
  }
  const choose: Choose = (problem) => (chosen.get(problem.name) ?? likely(problem) ?? problem.plain).kernel
  const norm = own(scratch(gpu, 'gradient norm', 16))
  const partials = own(scratch(gpu, 'gradient norm partials', gradientNorm.partialBytes))
  const { plans, buffers } = await buildPlans(
    gpu,
    pipelines,
    state,
    [
      {
        label: 'step',
        graph,
        keep: shown.keep,
        before: (find) => train.kernels(model.batchSize, find(lowered.input), find(target), augmentationOf(model)),
        after: (find) => [{ kernel: resultKernel(model.batchSize), slices: [find(rowResult), results] }],
      },
    ],
    choose,
    (done) => onProgress(0.5 + done / 2, 'compiling kernels'),
  ).catch(explained)
  buffers.forEach(own)
  const { program, find, activationBytes: bytes } = plans[0]!
  own(program)
  // What ends a step: the update of all parameters, with the gradients as they are, or clipped by their norm.
  const [update, clippedUpdate, perturb, gradientSum] = await Promise.all([
    Program.build(gpu, pipelines, 'update', [updateOf(model, state)]).then(own),
    Program.build(gpu, pipelines, 'clipped update', clippedUpdateOf(model, state, norm, partials)).then(own),
    perturbProgram(request).then(own),
    gradientSumOf(request, own),
  ])
  return {
    graph: network,
    stepsPerDispatch: () => 1,
    encode(pass, ring, rows, { clipNorm, perturbation }, endsStep) {
      for (const [i, row] of rows.entries()) {
        program.encode(pass, ring, row, i === rows.length - 1)
        gradientSum?.program.encode(pass, ring, row)
        if (!endsStep(i)) continue
        ;(clipNorm === null ? update : clippedUpdate).encode(pass, ring, row)
        if (perturbation > 0) perturb.encode(pass, ring, row)
      }
    },
    shownRows: shown.rows,
    find(value) {
      const held = shown.of(value)
      return held && { slice: find(held), rows: rowsOf(held) }
    },
    activationBytes: bytes,
    carried: rangesOf(graph).map((range) => ({ name: range.name, slice: find(range) })),
    dispatchesPerStep:
      (model.accumulate ?? 1) * (program.dispatches + (gradientSum?.program.dispatches ?? 0)) +
      (model.clipNorm ? clippedUpdate : update).dispatches,
    variants: Object.fromEntries([...chosen].map(([problem, { name }]) => [problem, name])),
    choose,
    buffers: [...buffers, norm, partials, ...(gradientSum ? [gradientSum.sum] : [])],
    destroy() {
      for (const part of [program, update, clippedUpdate, perturb, gradientSum?.program]) part?.destroy()
    },
  }
}

/** Adds the article's random perturbation to all parameters, after their update. */
export const perturbProgram = ({ gpu, pipelines, state }: ProgramRequest): Promise<Program> =>
  Program.build(gpu, pipelines, 'perturb', [{ kernel: perturbKernel(state.parameterFloats), slices: [state.allParameters] }])

export function updateOf(model: ModelFile, state: State, norm?: GPUBuffer): BoundKernel {
  const moments = Array.from({ length: state.moments }, (_, i) => state.moment(i))
  return {
    kernel: optimizerKernel(model.optimizer, state.parameterFloats, { clip: norm !== undefined, decayed: state.decayedFloats }),
    slices: [state.allParameters, state.allGradients, ...moments, ...(norm ? [whole(norm)] : [])],
  }
}

export function clippedUpdateOf(model: ModelFile, state: State, norm: GPUBuffer, partials: GPUBuffer): BoundKernel[] {
  const [first, second] = gradientNorm.kernels(state.parameterFloats)
  return [
    { kernel: first, slices: [state.allGradients, whole(partials)] },
    { kernel: second, slices: [whole(partials), whole(norm)] },
    updateOf(model, state, norm),
  ]
}

/** The largest magnitudes by which mixed precision scales the next step's gradients. */
const rangesOf = ({ nodes }: Graph): Value[] => nodes.flatMap((node) => (is(node, half) && node.inputs.range ? [node.inputs.range] : []))

/** What a graph asks the tuner. */
function problemsOf(graph: Graph): Problem[] {
  const problems: Problem[] = []
  const record: Choose = (problem) => {
    problems.push(problem)
    return problem.plain.kernel
  }
  for (const node of graph.nodes) callsOf(node, record)
  return problems
}
