/**
 * What the statistics of a step's gradients say: the thresholds, where each comes from, and verdicts as pure functions of the numbers.
 *
 * Norms compared between layers carry a diagnosis from one loss to another; absolute ones do not, so they decide only where nothing can be
 * compared.
 */
import type { LayerStatistics, NonFinite } from './layer-statistics.ts'

export const thresholds = {
  /** ‖g first‖ / ‖g last‖ below which gradients vanish: AutoTrainer (Zhang et al., ICSE 2021), utils/monitor.py. */
  vanishingShare: 1e-3,
  /** The same below which they fade: ten times the share at which they vanish, a warning ahead of it. */
  fadingShare: 1e-2,
  /** The same above which they explode: AutoTrainer. */
  explodingShare: 70,
  /**
   * Root mean square of a tensor's gradient below which it hardly learns. SageMaker Debugger and DeepDiagnosis (ICSE 2022) take 1e-7 of the mean
   * magnitude, which is never larger.
   */
  tinyGradient: 1e-7,
  /**
   * Norm of a tensor's gradient above which it is thrown about. Our own: at a learning rate of 0.01 a plain step moves the tensor by 1, about as
   * far as a neuron's weights are long after He initialisation (√2).
   */
  largeNorm: 1e2,
} as const

/** A weight of the network by depth and the norm of its gradient: NaN where a gradient is NaN, else infinite where one is. */
export interface DepthNorm {
  /** Path of the weight: `layers.4.weight`. */
  path: string
  norm: number
}

/** `nonFinite`: some gradient is NaN or infinite; `dead`: exactly zero at the first layer or at the last. */
export type Flow = 'vanishes' | 'fades' | 'arrives' | 'explodes' | 'dead' | 'nonFinite'

/** Of one tensor's gradient. `dead`: all of it is exactly zero; `tiny`, `large`: whatever the others' are. */
export type GradientState = 'nonFinite' | 'dead' | 'vanishing' | 'tiny' | 'healthy' | 'exploding' | 'large'

export const total = ({ nan, infinite }: NonFinite): number => nan + infinite

/** Gradient norms of the weights of dense layers and convolutions (no biases, no norms), in the order in which the statistics come: by depth. */
export const normsByDepth = (
  statistics: readonly Pick<LayerStatistics, 'path' | 'kind' | 'gradientNorm' | 'nonFiniteGradients'>[],
): DepthNorm[] =>
  statistics
    .filter(({ kind }) => kind === 'weight')
    .map(({ path, gradientNorm, nonFiniteGradients: { nan, infinite } }) => ({
      path,
      norm: nan > 0 ? NaN : infinite > 0 ? Infinity : gradientNorm,
    }))

/** Norm at the first weight over the norm at the last, and what that means; null without two weights. */
export function flowOf(norms: readonly DepthNorm[]): { share: number; flow: Flow } | null {
  const [first, last] = [norms[0], norms.at(-1)]
  if (!first || !last || norms.length < 2) return null
  if (!norms.every(({ norm }) => Number.isFinite(norm))) return { share: NaN, flow: 'nonFinite' }
  const share = first.norm / last.norm
  if (first.norm === 0 || last.norm === 0) return { share, flow: 'dead' }
  const { vanishingShare, fadingShare, explodingShare } = thresholds
  const flow = share < vanishingShare ? 'vanishes' : share < fadingShare ? 'fades' : share > explodingShare ? 'explodes' : 'arrives'
  return { share, flow }
}

/**
 * The state of every tensor's gradient. A weight is compared with the last weight, from which the gradient comes; biases and the parameters of
 * norms, whose gradients are of another size by nature, stand for themselves.
 */
export function gradientStates(
  statistics: readonly Pick<LayerStatistics, 'path' | 'kind' | 'count' | 'gradientNorm' | 'nonFiniteGradients'>[],
): GradientState[] {
  const last = normsByDepth(statistics).at(-1)?.norm ?? NaN
  return statistics.map(({ kind, count, gradientNorm, nonFiniteGradients }) => {
    if (total(nonFiniteGradients) > 0) return 'nonFinite'
    if (gradientNorm === 0) return 'dead'
    const share = kind === 'weight' && last > 0 && Number.isFinite(last) ? gradientNorm / last : 1
    if (share < thresholds.vanishingShare) return 'vanishing'
    if (share > thresholds.explodingShare) return 'exploding'
    if (gradientNorm > thresholds.largeNorm) return 'large'
    return gradientNorm / Math.sqrt(count) < thresholds.tinyGradient ? 'tiny' : 'healthy'
  })
}
