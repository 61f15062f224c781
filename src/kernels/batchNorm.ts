import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { elementDefines, workgroupSize } from './elements.ts'

/** `[rows, inner, channels]`: inner is 1 over features, the positions of an image over channels. */
export interface ChannelShape {
  rows: number
  channels: number
  inner: number
}

/** An activation that is applied to y. */
export interface Activated {
  /** Shader of the activation: `relu`, … */
  activation?: string
  /** Its slope or alpha. */
  parameter?: number
  /** Also stores what the activation is applied to. */
  keep?: boolean
}

/** Positions of a channel that one thread sums; where there are more, others sum the rest beside it. */
const span = 512
/** Positions of a thread that maps numbers: what a channel's own numbers cost to load is paid once. */
const rowsOfThread = 8

/** Spans of a channel: the size of the kernels' `spans` buffer is this × channels × 2. */
export const spansOf = ({ rows, inner }: ChannelShape): number => Math.ceil((rows * inner) / span)
const isSplit = (shape: ChannelShape) => spansOf(shape) > 1

interface Request extends Activated {
  shader: string
  stage?: 'PARTIAL' | 'SPANS'
  access: Kernel['access']
  /** Threads for each channel, or each four. */
  threads: number
  eps?: number
  momentum?: number
  defines?: Record<string, number>
}

function kernel({ rows, channels, inner }: ChannelShape, request: Request): Kernel {
  const { shader, stage, access, threads, eps = 0, momentum = 0, activation, parameter = 0, defines } = request
  const vector = channels % 4 === 0
  const width = vector ? channels / 4 : channels
  return {
    label: `${shader}${stage ? ` ${stage.toLowerCase()}` : ''} ${rows}×${channels}${inner > 1 ? `×${inner}` : ''}${activation ? ` ${activation}` : ''}`,
    shader,
    defines: {
      ...elementDefines(vector),
      PARTIAL: Number(stage === 'PARTIAL'),
      SPANS: Number(stage === 'SPANS'),
      SPAN: `${span}u`,
      ROWS: rowsOfThread,
      ACTIVATION: activation ?? 'identity',
      ...defines,
    },
    params: packParams(rows * inner, width, inner, { f: eps }, { f: momentum }, { f: parameter }),
    access,
    usesStep: true,
    workgroups: flatWorkgroups(threads * width, workgroupSize),
  }
}
const threadsOfMap = ({ rows, inner }: ChannelShape) => Math.ceil((rows * inner) / rowsOfThread)

/**
 * Means and inverse deviations, `[2, channels]`, and the running averages. Binds x, statistics, running mean, running variance; where a channel is split,
 * a kernel before it binds x and spans, and this one binds spans at the end.
 */
export function batchNormStatistics(
  shape: ChannelShape,
  { eps, momentum }: { eps: number; momentum: number },
): [Kernel] | [Kernel, Kernel] {
  const whole: Request = { shader: 'batchNormStatistics', access: ['read', 'write', 'write', 'write'], threads: 1, eps, momentum }
  if (!isSplit(shape)) return [kernel(shape, whole)]
  return [
    kernel(shape, { ...whole, stage: 'PARTIAL', access: ['read', 'write'], threads: spansOf(shape) }),
    kernel(shape, { ...whole, stage: 'SPANS', access: [...whole.access, 'read'] }),
  ]
}

const map = (keep = false): Kernel['access'] => ['read', 'read', 'write', ...(keep ? (['write'] as const) : [])]

/** y by the batch's statistics. Binds x, statistics, weight, bias, y; with `keep` what y was before the activation. */
export const batchNormNormalize = (shape: ChannelShape, activated: Activated = {}): Kernel =>
  kernel(shape, {
    shader: 'batchNorm',
    access: ['read', 'read', ...map(activated.keep)],
    threads: threadsOfMap(shape),
    defines: { EVALUATE: 0, KEEP: Number(activated.keep ?? false) },
    ...activated,
  })

/** y by the running statistics. Binds x, running mean, running variance, weight, bias, y; with `keep` what y was before the activation. */
export const batchNormEvaluate = (shape: ChannelShape, { eps, ...activated }: Activated & { eps: number }): Kernel =>
  kernel(shape, {
    shader: 'batchNorm',
    access: ['read', 'read', 'read', ...map(activated.keep)],
    threads: threadsOfMap(shape),
    eps,
    defines: { EVALUATE: 1, KEEP: Number(activated.keep ?? false) },
    ...activated,
  })

/** Binds x, dy, statistics, ∂L/∂weight, ∂L/∂bias; where a channel is split, a kernel before it binds spans in their place, and this one binds spans at the end. */
export function batchNormGradients(shape: ChannelShape): [Kernel] | [Kernel, Kernel] {
  const whole: Request = { shader: 'batchNormGradients', access: ['read', 'read', 'read', 'write', 'write'], threads: 1 }
  if (!isSplit(shape)) return [kernel(shape, whole)]
  return [
    kernel(shape, { ...whole, stage: 'PARTIAL', access: ['read', 'read', 'read', 'write'], threads: spansOf(shape) }),
    kernel(shape, { ...whole, stage: 'SPANS', access: [...whole.access, 'read'] }),
  ]
}

/** Binds x, dy, statistics, weight, ∂L/∂weight, ∂L/∂bias, ∂L/∂x. */
export const batchNormInput = (shape: ChannelShape): Kernel =>
  kernel(shape, {
    shader: 'batchNormInput',
    access: ['read', 'read', 'read', 'read', 'read', 'read', 'write'],
    threads: threadsOfMap(shape),
  })
