import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** `[rows, inner, channels]`: inner is 1 over features, the positions of an image over channels. */
export interface ChannelShape {
  rows: number
  channels: number
  inner: number
}

/** Numbers of a channel that one thread sums; where there are more, others sum the rest beside it. */
const span = 512

/** Spans of a channel: the size of the kernels' `spans` buffer is this × channels × 2. */
export const spansOf = ({ rows, inner }: ChannelShape): number => Math.ceil((rows * inner) / span)
const isSplit = (shape: ChannelShape) => spansOf(shape) > 1

function kernel(
  stages: string[],
  { rows, channels, inner }: ChannelShape,
  access: Kernel['access'],
  threads: number,
  eps = 0,
  momentum = 0,
): Kernel {
  return {
    label: `batchNorm ${stages.join(' ').toLowerCase()} ${rows}×${channels}${inner > 1 ? `×${inner}` : ''}`,
    shader: 'batchNorm',
    defines: { ...Object.fromEntries(stages.map((stage) => [stage, true])), SPAN: `${span}u`, WORKGROUP: workgroupSize },
    params: packParams(rows, channels, inner, { f: eps }, { f: momentum }),
    access,
    usesStep: true,
    workgroups: flatWorkgroups(threads, workgroupSize),
  }
}
const elements = ({ rows, channels, inner }: ChannelShape) => rows * channels * inner

/** One kernel that binds x, mean, inverse deviation, running mean, running variance; where a channel is split, one before it that binds x, spans, and the other binds spans at the end. */
export function batchNormStatistics(
  shape: ChannelShape,
  { eps, momentum }: { eps: number; momentum: number },
): [Kernel] | [Kernel, Kernel] {
  const whole: Kernel['access'] = ['read', 'write', 'write', 'write', 'write']
  const { channels } = shape
  if (!isSplit(shape)) return [kernel(['STATISTICS'], shape, whole, channels, eps, momentum)]
  return [
    kernel(['STATISTICS', 'PARTIAL'], shape, ['read', 'write'], spansOf(shape) * channels),
    kernel(['STATISTICS', 'SPANS'], shape, [...whole, 'read'], channels, eps, momentum),
  ]
}

/** Binds x, mean, inverse deviation, weight, bias, y. */
export const batchNormNormalize = (shape: ChannelShape) =>
  kernel(['NORMALIZE'], shape, ['read', 'read', 'read', 'read', 'read', 'write'], elements(shape))

/** Binds x, running mean, running variance, weight, bias, y. */
export const batchNormEvaluate = (shape: ChannelShape, { eps }: { eps: number }) =>
  kernel(['NORMALIZE', 'EVALUATE'], shape, ['read', 'read', 'read', 'read', 'read', 'write'], elements(shape), eps)

/** One kernel that binds x, dy, mean, inverse deviation, ∂L/∂weight, ∂L/∂bias; where a channel is split, one before it that binds spans in their place, and the other binds spans at the end. */
export function batchNormGradients(shape: ChannelShape): [Kernel] | [Kernel, Kernel] {
  const read: Kernel['access'] = ['read', 'read', 'read', 'read']
  const { channels } = shape
  if (!isSplit(shape)) return [kernel(['GRADIENTS'], shape, [...read, 'write', 'write'], channels)]
  return [
    kernel(['GRADIENTS', 'PARTIAL'], shape, [...read, 'write'], spansOf(shape) * channels),
    kernel(['GRADIENTS', 'SPANS'], shape, [...read, 'write', 'write', 'read'], channels),
  ]
}

/** Binds x, dy, mean, inverse deviation, weight, ∂L/∂weight, ∂L/∂bias, ∂L/∂x. */
export const batchNormInput = (shape: ChannelShape) =>
  kernel(['INPUT'], shape, ['read', 'read', 'read', 'read', 'read', 'read', 'read', 'write'], elements(shape))
