import { workgroupBytes, type SmallNetwork, type SmallVariant } from '../kernels/smallNetwork.ts'
import { orderMatters } from '../kernels/permutation.ts'
import { moments } from '../kernels/optimizer.ts'
import type { ModelFile } from '../model/types.ts'
import { columnsOf, elements } from './graph.ts'
import { straightLine, hasStraightLine, type ObservedPlace, type ParameterPlace } from './straight-line.ts'
import { observedValues, trainingGraph, type NetworkGraph } from './training-graph.ts'

/**
 * Every parameter and its gradient are a register of every lane. SwiftShader compiles 61 parameters in 0.3 s, 105 in 0.5 s, and 259 with a long
 * activation in more than a minute; a GPU's registers end sooner still, and a larger network has work for more than one workgroup.
 */
const mostParameters = 128
/** Parameters and moments that one subgroup updates in registers: text for each costs SwiftShader 8 ms to compile and more, a loop nothing. */
const mostInRegisters = 200
/** Multiply-adds of a step, forward: above, an adapter's other cores gain more than the dispatches cost. */
const mostWork = 2 ** 18

/** The samples as they lie on the GPU; undefined where they are more than one buffer. */
export interface SmallData {
  source: 'u8' | 'f32'
  samples: number
  scalingWidth: number
}

/** A network of which one workgroup is enough, with its straight-line text. */
export interface SmallGraph {
  network: NetworkGraph
  small: SmallNetwork
  observed: readonly ObservedPlace[]
  /** Floats of all observed values. */
  observedFloats: number
}

/** The ordinary plan's arena, where a small network lies between its dispatches, in floats. */
export interface Arena {
  parameterFloats: number
  /** Of them, the first ones, to which weight decay applies. */
  decayedFloats: number
  place(path: string): number
}

/** Floats between the starts of two observed values are a multiple of this: a binding's offset is one of 256 bytes. */
const alignFloats = 64

/** The network as one kernel, or a sentence's end that says why it is none: `it has 548 parameters, …`. */
export function smallGraph(model: ModelFile, data: SmallData | undefined, arena: Arena, shuffle: boolean): SmallGraph | string {
  const network = trainingGraph(model, model.loss, model.batchSize)
  const { lowered, graph } = network
  if ((model.accumulate ?? 1) > 1) return 'its steps add up several batches'
  if (model.augmentation?.shift || model.augmentation?.flip) return 'its images are moved at random'
  const other = graph.nodes.find((node) => !hasStraightLine(node))
  if (other) return `its ${other.operation.name} at ${other.path} needs kernels of its own`
  const parameters: ParameterPlace[] = []
  let [count, decayed] = [0, 0]
  for (const value of [...lowered.parameters.values()].toSorted((a, b) => arena.place(a.name) - arena.place(b.name))) {
    const place = arena.place(value.name)
    parameters.push({ path: value.name, count: elements(value), first: count, arena: place })
    count += elements(value)
    if (place < arena.decayedFloats) decayed = count
  }
  if (count > mostParameters) return `it has ${count} parameters, and a workgroup takes ${mostParameters}`
  if (count * model.batchSize > mostWork) return `${model.batchSize} samples a step are work for more than a workgroup`
  if (!data) return 'its data lie in more than one buffer'
  const observed: ObservedPlace[] = []
  let observedFloats = 0
  for (const value of observedValues(network)) {
    observed.push({ value, first: observedFloats })
    observedFloats += Math.ceil(elements(value) / alignFloats) * alignFloats
  }
  const { loss, optimizer, batchSize: batch } = model
  const text = straightLine({
    network,
    parameters,
    observed,
    loss,
    moments: moments(optimizer),
    decayed,
  })
  const small: SmallNetwork = {
    ...data,
    parameters: count,
    decayed,
    features: columnsOf(lowered.input),
    columns: columnsOf(lowered.output),
    batch,
    loss,
    optimizer,
    shuffle: shuffle && orderMatters(batch, data.samples),
    parameterFloats: arena.parameterFloats,
    text,
  }
  return { network, small, observed, observedFloats }
}

/** What an adapter offers to lanes beside each other. */
export interface WorkgroupLimits {
  software: boolean
  /** The subgroup's size where every subgroup has the same, else 0. */
  subgroup: number
  workgroupBytes: number
  most: number
}

/**
 * The ways worth a try, the likeliest first. A software adapter runs a subgroup in the lanes of a processor's own instructions and stacks every
 * further one on the same core: there is one way.
 */
export const smallVariants = (network: SmallNetwork, lanes: WorkgroupLimits): SmallVariant[] =>
  fittingVariants(network, lanes).slice(0, lanes.software ? 1 : 3)

/** The ways that there is room for, the likeliest first. */
export function fittingVariants(
  { parameters, optimizer }: SmallNetwork,
  { software, subgroup, ...limits }: WorkgroupLimits,
): SmallVariant[] {
  const variants: SmallVariant[] = []
  const kept = moments(optimizer).length
  if (subgroup && parameters * (1 + kept) <= mostInRegisters) variants.push({ lanes: subgroup, subgroups: true })
  const [many, few] = [
    [32, 64, 128],
    [subgroup || 4, 16, 8, 4, 1],
  ]
  const counts = new Set(software ? [...few, ...many] : [...many, ...few])
  for (const lanes of counts) variants.push({ lanes, subgroups: false })
  return variants.filter((variant) => variant.lanes <= limits.most && workgroupBytes(parameters, kept, variant) <= limits.workgroupBytes)
}
