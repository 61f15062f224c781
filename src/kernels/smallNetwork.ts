import type { Kernel } from '../gpu/kernel.ts'
import { lossKind } from '../model/catalogue/losses.ts'
import type { LossName, Optimizer } from '../model/types.ts'
import { decayOf, moments, nesterov } from './optimizer.ts'
import { orderBits } from './permutation.ts'

/** How the lanes of the workgroup are set up. */
export interface SmallVariant {
  lanes: number
  /** The workgroup is one subgroup: lanes meet in subgroupAdd instead of workgroup memory. */
  subgroups: boolean
}

export interface SmallNetwork {
  /** Numbers of all parameters. */
  parameters: number
  /** Of them, the first ones, to which weight decay applies. */
  decayed: number
  features: number
  columns: number
  batch: number
  loss: LossName
  optimizer: Optimizer
  source: 'u8' | 'f32'
  /** Samples in the data. */
  samples: number
  shuffle: boolean
  /** 0: no standardisation; 1: one mean and deviation; else one per feature. */
  scalingWidth: number
  /** Floats of all parameters in the arena, padding included; each moment takes as many. */
  parameterFloats: number
  /** Straight-line text by its name in the shader (src/graph/straight-line.ts). */
  text: Readonly<Record<string, string>>
}

/**
 * Trains `networks` networks for the steps of a dispatch, a workgroup each. Bindings: read the step ring, the samples, the targets, write the state
 * of all networks, gradients, observed values, results, read scaling where there is one.
 */
export function smallNetworkKernel(network: SmallNetwork, { lanes, subgroups }: SmallVariant, networks = 1): Kernel {
  const { parameters, optimizer, loss, batch, samples, source, scalingWidth, parameterFloats } = network
  const kept = moments(optimizer)
  const scaled = scalingWidth > 0
  return {
    label: `small network of ${parameters} parameters, ${variantName({ lanes, subgroups })}`,
    shader: 'smallNetwork',
    defines: {
      ...network.text,
      RING: true,
      SUBGROUPS: subgroups,
      LANES: `${lanes}u`,
      COUNT: `${parameters}u`,
      BATCH: `${batch}u`,
      COLUMNS: `${network.columns}u`,
      FEATURES: `${network.features}u`,
      PARTIAL_STRIDE: `${partialStride(parameters)}u`,
      PARTIALS: partialStride(parameters) * lanes,
      MOMENT_STRIDE: `${parameterFloats}u`,
      STATE_STRIDE: `${parameterFloats * (1 + kept.length)}u`,
      OPTIMIZER: optimizer.type,
      FIRST: kept.includes('first'),
      SECOND: kept.includes('second') ? `${1 + kept.indexOf('second')}u` : 0,
      NESTEROV: nesterov(optimizer),
      DECAY: decayOf(`${network.decayed}u`, network.decayed === parameters),
      SOFTMAX: lossKind(loss).holds === 'softmax',
      LOSS: loss,
      GRADIENT: true,
      SHUFFLE: network.shuffle,
      ORDER_BITS: `${orderBits(samples)}u`,
      BYTES: source === 'u8',
      SOURCE: source === 'u8' ? 'u32' : 'f32',
      SCALED: scaled,
      SCALING_WIDTH: `${scalingWidth}u`,
    },
    access: ['read', 'read', 'read', 'write', 'write', 'write', 'write', ...(scaled ? (['read'] as const) : [])],
    usesStep: true,
    workgroups: [networks, 1, 1],
  }
}

export const variantName = ({ lanes, subgroups }: SmallVariant) => `${lanes} lanes${subgroups ? ', one subgroup' : ''}`

const partialStride = (parameters: number) => (parameters + 2) | 1

/** Bytes of workgroup memory. */
export function workgroupBytes(parameters: number, momentCount: number, { lanes, subgroups }: SmallVariant): number {
  const shared = parameters * (1 + momentCount)
  return 4 * (subgroups ? shared : shared + (partialStride(parameters) + 1) * lanes)
}
