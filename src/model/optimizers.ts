import type { Optimizer } from './types.ts'

type Options<Type extends Optimizer['type']> = Omit<Extract<Optimizer, { type: Type }>, 'type'>

/** Gradient descent, with momentum and Nesterov's look-ahead where asked for. */
export const sgd = (options: Options<'sgd'>): Optimizer => ({ type: 'sgd', ...options })
/** Kingma and Ba, "Adam: a method for stochastic optimization", 2015. */
export const adam = (options: AdamOptions): Optimizer => ({ type: 'adam', ...options })
/** Adam with decoupled weight decay, 0 unless given: Loshchilov and Hutter, 2019. */
export const adamw = (options: AdamOptions): Optimizer => ({ type: 'adamw', ...options })
/** Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012. */
export const rmsprop = (options: Options<'rmsprop'>): Optimizer => ({ type: 'rmsprop', ...options })
/** Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011. */
export const adagrad = (options: Options<'adagrad'>): Optimizer => ({ type: 'adagrad', ...options })

export type AdamOptions = Omit<Extract<Optimizer, { type: 'adam' }>, 'type'>
export { completeOptimizer, type CompleteOptimizer } from './catalogue/optimizers.ts'
