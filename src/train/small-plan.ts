import type { Gpu } from '../gpu/device.ts'
import { ownedWhile, type Own } from '../gpu/owned.ts'
import { Program } from '../gpu/program.ts'
import { elements, type Value } from '../graph/graph.ts'
import { fittingVariants, smallGraph, smallVariants, type Arena, type WorkgroupLimits, type SmallGraph } from '../graph/small-network.ts'
import type { State } from '../graph/state.ts'
import { smallNetworkKernel, variantName, type SmallVariant } from '../kernels/smallNetwork.ts'
import type { Message } from '../words/say.ts'
import { scratch, whole } from './buffers.ts'
import type { ProgramRequest } from './programs.ts'
import { fastestVariant, type SmallBuffers } from './small-tuning.ts'
import { perturbProgram, type TrainingPlan } from './training-plan.ts'

/** Under which a run's variants name that of its kernel. */
export const smallNetworkName = 'smallNetwork'

/** The network of this request for one workgroup, or why it is none. */
export function smallNetworkOf({ model, state, train, shuffle }: ProgramRequest): SmallGraph | Message {
  return smallGraph(model, train.whole?.data, arenaOf(state), shuffle)
}

/** Where the parameters lie, in floats. */
export const arenaOf = (state: State): Arena => ({
  parameterFloats: state.parameterFloats,
  decayedFloats: state.decayedFloats,
  place: (path) => state.slice(path).offset / 4,
})

/** What this adapter offers to a workgroup. */
export const workgroupLimits = ({ adapter, features, device: { limits } }: Gpu): WorkgroupLimits => ({
  software: adapter.software,
  subgroup: features.subgroups ? adapter.subgroupSize : 0,
  workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  most: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
})

/**
 * The whole network in one kernel, a dispatch a submit. The same kernel does the observed step, so that no step differs from another. Undefined where
 * no variant is right on this adapter.
 */
export const smallPlan = (request: ProgramRequest, graph: SmallGraph): Promise<TrainingPlan | undefined> =>
  ownedWhile((own) => plan(request, graph, own))

async function plan(request: ProgramRequest, graph: SmallGraph, own: Own): Promise<TrainingPlan | undefined> {
  const { gpu, pipelines, state, train, results, ring } = request
  const { samples, targets, scaling } = train.whole!
  const observed = own(scratch(gpu, 'observed values', Math.max(16, graph.observedFloats * 4)))
  const build = (variant: SmallVariant, own: SmallBuffers) =>
    Program.build(gpu, pipelines, 'small network', [
      {
        kernel: smallNetworkKernel(graph.small, variant),
        slices: [ring.slice, samples, targets, own.state, own.gradients, whole(observed), own.results, ...(scaling ? [scaling] : [])],
      },
    ])
  const lanes = workgroupLimits(gpu)
  const wanted = request.tuning.given?.[smallNetworkName]
  const variant = await fastestVariant(request, smallVariants(graph.small, lanes), build, {
    network: JSON.stringify(graph.small),
    given: fittingVariants(graph.small, lanes).find((one) => variantName(one) === wanted),
  })
  if (!variant) {
    observed.destroy()
    return undefined
  }
  const program = own(await build(variant, { state: whole(state.arena), gradients: state.allGradients, results }))
  const perturb = own(await perturbProgram(request))
  const first = new Map(graph.observed.map(({ value, first: at }) => [value, at]))
  return {
    graph: graph.network,
    // Where parameters are perturbed, a kernel of its own does that after each step.
    stepsPerDispatch: ({ perturbation }) => (perturbation > 0 ? 1 : Infinity),
    encode(pass, group, rows, { perturbation }) {
      if (perturbation === 0) return program.encode(pass, group, rows[0])
      for (const row of rows) {
        program.encode(pass, group, row)
        perturb.encode(pass, group, row)
      }
    },
    shownRows: graph.network.graph.batch,
    find(value: Value) {
      const at = first.get(value)
      if (at === undefined) throw new Error(`${value.name} is not observed`)
      return { slice: { buffer: observed, offset: at * 4, size: elements(value) * 4 }, rows: graph.network.graph.batch }
    },
    activationBytes: graph.observedFloats * 4,
    carried: [],
    dispatchesPerStep: 1,
    variants: { [smallNetworkName]: variantName(variant) },
    choose: (problem) => problem.plain.kernel,
    buffers: [observed],
    destroy() {
      program.destroy()
      perturb.destroy()
    },
  }
}
