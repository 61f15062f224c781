import { optimizerKind, type CompleteOptimizer } from '../../model/catalogue/optimizers.ts'

type Apart<Own> = Own extends unknown ? Omit<Own, 'learningRate' | 'decayBiasAndNorm'> : never
/** An optimizer with every setting given, the learning rate apart: it changes from step to step. */
export type OptimizerSettings = Apart<CompleteOptimizer>

/** What an optimizer remembers of one parameter, zeros at first: `first` is sgd's momentum buffer or adam's first moment, `second` the mean or sum of squares. */
export interface OptimizerState {
  first: Float64Array
  second: Float64Array
}

export function optimizerState(length: number): OptimizerState {
  return { first: new Float64Array(length), second: new Float64Array(length) }
}

/** One update of one parameter, in place, with torch.optim's semantics. `step` counts from 1. */
export function updateParameter(
  settings: OptimizerSettings,
  learningRate: number,
  step: number,
  parameter: Float64Array,
  gradient: ArrayLike<number>,
  { first, second }: OptimizerState,
): void {
  const { weightDecay } = settings
  const { update, decaysApart } = optimizerKind(settings)
  for (let i = 0; i < parameter.length; i++) {
    const own = parameter[i]!
    const moving = {
      parameter: decaysApart ? own * (1 - learningRate * weightDecay) : own,
      gradient: decaysApart ? gradient[i]! : gradient[i]! + weightDecay * own,
      first: first[i]!,
      second: second[i]!,
    }
    parameter[i] = update(moving, settings as never, learningRate, step)
    first[i] = moving.first
    second[i] = moving.second
  }
}

const clipEps = 1e-6

/** Scales all gradients together, in place, so that their joint norm is at most `maximum`, as torch's clip_grad_norm_; returns the norm before. */
export function clipNorm(gradients: Float64Array[], maximum: number): number {
  let squares = 0
  for (const gradient of gradients) for (const value of gradient) squares += value * value
  const norm = Math.sqrt(squares)
  const scale = Math.min(1, maximum / (norm + clipEps))
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i]! *= scale
  return norm
}
