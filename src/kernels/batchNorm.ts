import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** [rows, channels, inner]; inner is 1 over features. */
export interface ChannelShape {
  rows: number
  channels: number
  inner: number
}

function kernel(
  stage: string,
  { rows, channels, inner }: ChannelShape,
  access: Kernel['access'],
  threads: number,
  eps = 0,
  momentum = 0,
): Kernel {
  return {
    label: `batchNorm ${stage.toLowerCase()} ${rows}×${channels}${inner > 1 ? `×${inner}` : ''}`,
    shader: 'batchNorm',
    defines: { [stage]: true, ...(stage === 'EVALUATE' ? { NORMALIZE: true } : {}), WORKGROUP: workgroupSize },
    params: packParams(rows, channels, inner, { f: eps }, { f: momentum }),
    access,
    usesStep: true,
    workgroups: flatWorkgroups(threads, workgroupSize),
  }
}
const elements = ({ rows, channels, inner }: ChannelShape) => rows * channels * inner

/** Binds x, mean, inverse deviation, running mean, running variance. */
export const batchNormStatistics = (shape: ChannelShape, { eps, momentum }: { eps: number; momentum: number }) =>
  kernel('STATISTICS', shape, ['read', 'write', 'write', 'write', 'write'], shape.channels, eps, momentum)

/** Binds x, mean, inverse deviation, weight, bias, y. */
export const batchNormNormalize = (shape: ChannelShape) =>
  kernel('NORMALIZE', shape, ['read', 'read', 'read', 'read', 'read', 'write'], elements(shape))

/** Binds x, running mean, running variance, weight, bias, y. */
export const batchNormEvaluate = (shape: ChannelShape, { eps }: { eps: number }) =>
  kernel('EVALUATE', shape, ['read', 'read', 'read', 'read', 'read', 'write'], elements(shape), eps)

/** Binds x, dy, mean, inverse deviation, ∂L/∂weight, ∂L/∂bias. */
export const batchNormGradients = (shape: ChannelShape) =>
  kernel('GRADIENTS', shape, ['read', 'read', 'read', 'read', 'write', 'write'], shape.channels)

/** Binds x, dy, mean, inverse deviation, weight, ∂L/∂weight, ∂L/∂bias, ∂L/∂x. */
export const batchNormInput = (shape: ChannelShape) =>
  kernel('INPUT', shape, ['read', 'read', 'read', 'read', 'read', 'read', 'read', 'write'], elements(shape))
