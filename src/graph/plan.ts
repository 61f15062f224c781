import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import { ownedWhile } from '../gpu/owned.ts'
import type { Pipelines } from '../gpu/pipelines.ts'
import { Program, type BoundKernel } from '../gpu/program.ts'
import { bytesOf, callsOf, type Choose, type Graph, type Value } from './graph.ts'
import { bufferLimit, checkActivationsFit } from './limits.ts'
import { allocateSlots, placeByLifetime, type Placement } from './memory.ts'
import type { State } from './state.ts'

/** A graph to be planned, and what must outlive the step: values that somebody looks at afterwards. */
export interface PlanRequest {
  label: string
  graph: Graph
  keep: ReadonlySet<Value>
  /** Where parameters and running statistics lie, if not in the state that is trained. */
  parameters?: { slice(path: string): Slice }
  /** Kernels before and after the graph's own, once its values have their places. */
  before?: (find: (value: Value) => Slice) => BoundKernel[]
  after?: (find: (value: Value) => Slice) => BoundKernel[]
}

export interface Plan {
  program: Program
  /** What its activations need, sharing memory by lifetime, before alignment. */
  activationBytes: number
  find(value: Value): Slice
}

export interface Plans {
  plans: Plan[]
  /** Buffers that the plans share. */
  buffers: GPUBuffer[]
}

/** Plans graphs that run in turn and so share their activations' memory; parameters and gradients lie in `state`. */
export function buildPlans(
  gpu: Gpu,
  pipelines: Pipelines,
  state: State,
  requests: readonly PlanRequest[],
  choose: Choose,
  onProgress?: (done: number) => void,
): Promise<Plans> {
  return ownedWhile(async (own) => {
    for (const { graph } of requests) checkActivationsFit(graph, bufferLimit(gpu.device.limits))
    const placements = requests.map(({ graph, keep }) => placeByLifetime(graph, keep))
    const memory = await gpu.checked('activations', () => allocateSlots(gpu.device, 'activations', placements, own))
    const done = requests.map(() => 0)
    const plans = await Promise.all(
      requests.map(async (request, i) => {
        const find = finder(state, request.parameters ?? state, placements[i]!, memory.find)
        const kernels = request.graph.nodes.flatMap((node) =>
          callsOf(node, choose).map(({ kernel, values, shows }): BoundKernel => ({
            kernel: { ...kernel, label: `${node.path} ${kernel.label}` },
            slices: values.map(find),
            ...(shows && { shows }),
          })),
        )
        const all = [...(request.before?.(find) ?? []), ...kernels, ...(request.after?.(find) ?? [])]
        const program = await Program.build(gpu, pipelines, request.label, all, (share) => {
          done[i] = share
          onProgress?.(done.reduce((sum, d) => sum + d, 0) / requests.length)
        })
        own(program)
        return { program, activationBytes: placements[i]!.sizes.reduce((sum, size) => sum + size, 0), find }
      }),
    )
    return { plans, buffers: memory.buffers }
  })
}

function finder(
  state: State,
  parameters: { slice(path: string): Slice },
  placement: Placement,
  slot: (placement: Placement, value: Value) => GPUBuffer,
): (value: Value) => Slice {
  return (value) => {
    if (value.role === 'parameter' || value.role === 'statistic') return parameters.slice(value.name)
    if (value.role === 'parameterGradient') return state.gradient(value.name)
    return { buffer: slot(placement, value), offset: 0, size: bytesOf(value) }
  }
}
