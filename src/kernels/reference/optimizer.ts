/** An optimizer with every setting given, the learning rate apart: it changes from step to step. */
export type OptimizerSettings =
  | { type: 'sgd'; weightDecay: number; momentum: number; nesterov: boolean }
  | { type: 'adam' | 'adamw'; weightDecay: number; beta1: number; beta2: number; eps: number }
  | { type: 'rmsprop'; weightDecay: number; decay: number; eps: number }
  | { type: 'adagrad'; weightDecay: number; eps: number }

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
  for (let i = 0; i < parameter.length; i++) {
    const p = parameter[i]!
    const g = settings.type === 'adamw' ? gradient[i]! : gradient[i]! + weightDecay * p
    switch (settings.type) {
      case 'sgd': {
        const velocity = (first[i] = settings.momentum * first[i]! + g)
        parameter[i] = p - learningRate * (settings.nesterov ? g + settings.momentum * velocity : velocity)
        break
      }
      case 'adam':
      case 'adamw': {
        const { beta1, beta2, eps } = settings
        const mean = (first[i] = beta1 * first[i]! + (1 - beta1) * g)
        const square = (second[i] = beta2 * second[i]! + (1 - beta2) * g * g)
        const decayed = settings.type === 'adamw' ? p * (1 - learningRate * weightDecay) : p
        parameter[i] = decayed - (learningRate * (mean / (1 - beta1 ** step))) / (Math.sqrt(square / (1 - beta2 ** step)) + eps)
        break
      }
      case 'rmsprop': {
        const square = (second[i] = settings.decay * second[i]! + (1 - settings.decay) * g * g)
        parameter[i] = p - (learningRate * g) / (Math.sqrt(square) + settings.eps)
        break
      }
      case 'adagrad': {
        const square = (second[i] = second[i]! + g * g)
        parameter[i] = p - (learningRate * g) / (Math.sqrt(square) + settings.eps)
        break
      }
    }
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
