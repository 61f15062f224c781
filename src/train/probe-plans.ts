import type { Slice } from '../gpu/kernel.ts'
import type { Own } from '../gpu/owned.ts'
import { Program } from '../gpu/program.ts'
import { fuse } from '../graph/fuse.ts'
import { is, type Choose, type Value } from '../graph/graph.ts'
import { mergeSums } from '../graph/merge-sums.ts'
import { loss } from '../graph/operations/loss.ts'
import { buildPlans, type PlanRequest } from '../graph/plan.ts'
import { fittingVariants, smallGraph } from '../graph/small-network.ts'
import type { State } from '../graph/state.ts'
import { trainingGraph, type NetworkGraph } from '../graph/training-graph.ts'
import { gradientSumKernel } from '../kernels/gradientSum.ts'
import { smallNetworkKernel, variantName } from '../kernels/smallNetwork.ts'
import { scratch, whole } from './buffers.ts'
import { augmentationOf } from './feed.ts'
import type { Prepared } from './prepare.ts'
import { arenaOf, smallNetworkName, workgroupLimits } from './small-plan.ts'
import { stepGraph } from './step-graph.ts'

/** What a probe dispatches. */
export interface ProbePlans {
  /** A batch and the gradient of its loss. */
  gradient: Program
  /** Adds up the gradients of several batches, after each. */
  sum: Program | undefined
  /** A batch and the losses of its samples. */
  losses: Program
  /** Where these lie: each sample's share of the mean, and whether it is right. */
  rowResult: Slice
}

/** Where a probe's numbers lie. */
interface Places {
  state: State
  /** Its rows of step numbers, and results that nobody reads. */
  ring: Slice
  results: Slice
  asRun: boolean
  /** Batches whose gradients add up. */
  parts: number
}

export async function probePlans(prepared: Prepared, places: Places, own: Own): Promise<ProbePlans> {
  const { gpu, pipelines, model, train, programs, method } = prepared
  const { state, asRun, parts } = places
  const ownKernels = asRun && method.plan === 'small'
  const network = asRun && method.plan === 'ordinary' ? stepGraph({ model, ...method }, model.batchSize).network : plainGraph(prepared)
  const request = (label: string, of: NetworkGraph): PlanRequest => ({
    label,
    graph: of.graph,
    keep: new Set<Value>([of.rowResult]),
    before: (find) => train.kernels(model.batchSize, find(of.lowered.input), find(of.target), augmentationOf(model)),
  })
  // What is measured is the loss itself: in single precision, whatever the run's products are in.
  const forward = lossesOf(plainGraph(prepared))
  const { plans, buffers } = await buildPlans(
    gpu,
    pipelines,
    state,
    [request('losses', forward), ...(ownKernels ? [] : [request('gradient', network)])],
    programs.training.choose satisfies Choose,
  )
  buffers.forEach(own)
  const [losses, gradient] = plans
  for (const plan of plans) own(plan.program)
  return {
    gradient: gradient?.program ?? own(await smallGradient(prepared, places, own)),
    sum: parts > 1 ? own(await summing(prepared, state, own)) : undefined,
    losses: losses!.program,
    rowResult: losses!.find(forward.rowResult),
  }
}

/** The step with nothing kept that only somebody who looks at it needs. */
function plainGraph({ model }: Prepared): NetworkGraph {
  const network = trainingGraph(model, model.loss, model.batchSize)
  fuse(network.graph, new Set())
  mergeSums(network.graph)
  return network
}

/** Its forward pass alone. */
function lossesOf(network: NetworkGraph): NetworkGraph {
  const { nodes } = network.graph
  nodes.splice(nodes.findIndex((node) => is(node, loss)) + 1)
  return network
}

async function summing({ gpu, pipelines }: Prepared, state: State, own: Own): Promise<Program> {
  const sum = own(scratch(gpu, 'sum of gradients', state.gradients.size))
  const kernel = gradientSumKernel(state.parameterFloats)
  return Program.build(gpu, pipelines, 'gradientSum', [{ kernel, slices: [state.allGradients, whole(sum)] }])
}

/** The run's own kernel, which trains a whole network in one dispatch, on other buffers. */
async function smallGradient(prepared: Prepared, { state, ring, results }: Places, own: Own): Promise<Program> {
  const { gpu, pipelines, model, train, programs, shuffle } = prepared
  const graph = smallGraph(model, train.whole?.data, arenaOf(state), shuffle)
  if ('code' in graph) throw new Error('a network that trains in one workgroup is none any more')
  const name = programs.training.variants[smallNetworkName]
  const variant = fittingVariants(graph.small, workgroupLimits(gpu)).find((one) => variantName(one) === name)
  if (!variant) throw new Error(`no variant ${name} of the small network`)
  const observed = own(scratch(gpu, 'observed values', Math.max(16, graph.observedFloats * 4)))
  const { samples, targets, scaling } = train.whole!
  const slices = [ring, samples, targets, whole(state.arena), state.allGradients, whole(observed), results, ...(scaling ? [scaling] : [])]
  return Program.build(gpu, pipelines, 'gradient', [{ kernel: smallNetworkKernel(graph.small, variant), slices }])
}
