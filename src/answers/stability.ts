import { completeOptimizer, type Optimizer } from '../model/catalogue/optimizers.ts'

/** Up to which curvature an optimizer's steps do not grow from one to the next, and how that is written. */
export interface StabilityBound {
  value: number
  formula: '2/rate' | '(2+2β)/rate' | '(2+2β)/((1+2β)·rate)' | '(2+2β₁)/((1−β₁)·rate)' | '(2/rate − decay)·(1+β₁)/(1−β₁)'
  /** Whether the curvature is that along the optimizer's own steps: preconditioned by the root of its second moment. */
  preconditioned: boolean
}

/**
 * On a quadratic loss, iterates along a direction of curvature λ grow without end where λ is above the bound. Gradient descent: 2/rate; with momentum or
 * Nesterov's: Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, 2021, §2 and appendix B. Adaptive optimizers, with
 * their second moment held still: Cohen et al., Adaptive Gradient Methods at the Edge of Stability, 2022, §3; the decay of AdamW, which is no part of the
 * gradient, shortens each step by rate · decay. Weight decay of the others is part of the loss, and so of λ. Undefined at a rate of 0.
 */
export function stabilityBound(optimizer: Optimizer, rate: number): StabilityBound | undefined {
  if (!(rate > 0)) return undefined
  const settings = completeOptimizer(optimizer)
  switch (settings.type) {
    case 'sgd': {
      const { momentum, nesterov } = settings
      const value = (2 + 2 * momentum) / rate
      if (momentum === 0) return { value, formula: '2/rate', preconditioned: false }
      if (!nesterov) return { value, formula: '(2+2β)/rate', preconditioned: false }
      return { value: value / (1 + 2 * momentum), formula: '(2+2β)/((1+2β)·rate)', preconditioned: false }
    }
    case 'adam': {
      const { beta1 } = settings
      return { value: (2 + 2 * beta1) / ((1 - beta1) * rate), formula: '(2+2β₁)/((1−β₁)·rate)', preconditioned: true }
    }
    case 'adamw': {
      const { beta1, weightDecay } = settings
      if (weightDecay === 0)
        return { value: (2 + 2 * beta1) / ((1 - beta1) * rate), formula: '(2+2β₁)/((1−β₁)·rate)', preconditioned: true }
      const value = ((2 / rate - weightDecay) * (1 + beta1)) / (1 - beta1)
      return { value, formula: '(2/rate − decay)·(1+β₁)/(1−β₁)', preconditioned: true }
    }
    case 'rmsprop':
    case 'adagrad':
      return { value: 2 / rate, formula: '2/rate', preconditioned: true }
  }
}
