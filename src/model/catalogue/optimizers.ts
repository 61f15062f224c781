/** Every optimizer, with torch.optim's semantics: a row here and a shader of its name (an `update` function, included by optimizer.wgsl). */
import { belowOne, notNegative, positive } from '../schema.ts'
import { by, complete, flag, number, tenfold, type Complete, type Fields } from './field.ts'

/** The step's uniforms that an optimizer's own settings fill; 0 where it has none. */
export interface OptimizerNumbers {
  momentum: number
  beta1: number
  beta2: number
  epsilon: number
}

/** One parameter before its update, and what is kept for it, which the update changes. */
export interface Moving {
  parameter: number
  /** With the weight decay added, unless the optimizer decays by itself. */
  gradient: number
  first: number
  second: number
}

type Moment = 'first' | 'second'

export interface OptimizerKind<F extends Fields = Fields> {
  title: string
  fields: F
  /** What it keeps for each parameter, zeros at first: a mean of gradients, a mean or sum of their squares. */
  moments(settings: Settings<F>): readonly Moment[]
  numbers(settings: Settings<F>): Partial<OptimizerNumbers>
  /** Floating-point operations of the update of one parameter, a root as one; weight decay apart. */
  flops(settings: Settings<F>): number
  /** Whether weight decay shrinks the parameter beside the gradient's step, instead of being added to the gradient. */
  decaysApart: boolean
  /** From where to where a good learning rate is looked for: of one that is far from doing anything to one at which no network is known to train. */
  rates(settings: Settings<F>): readonly [least: number, greatest: number]
  /** In double precision: the parameter after step `step` (from 1); what the kernels are held to. */
  update(moving: Moving, settings: Settings<F>, learningRate: number, step: number): number
}
type Settings<F extends Fields> = Complete<unknown, F>

const kind = <const F extends Fields>(fields: F, rest: Omit<OptimizerKind<F>, 'fields' | 'decaysApart'>): OptimizerKind<F> => ({
  fields,
  decaysApart: false,
  ...rest,
})

/** Where a step moves each parameter by about the rate itself: weights are 0.01 to 1, and 1 in a step writes over all that is learned. */
const stepSizes = [1e-5, 1] as const

const eps = (fallback: number) => number(positive, tenfold, { fallback, symbol: 'ε' })

const sgd = kind(
  { momentum: number(belowOne, by(0.05, 0.95), { fallback: 0 }), nesterov: flag(false) },
  {
    title: 'SGD',
    moments: ({ momentum }) => (momentum ? ['first'] : []),
    numbers: ({ momentum }) => ({ momentum }),
    flops: ({ momentum, nesterov }) => 2 + (momentum ? 2 : 0) + (momentum && nesterov ? 2 : 0),
    // It diverges above 2 over the sharpness, which is 0.1 to 1000 at first weights; momentum takes 1/(1 − momentum) as large a step.
    rates: ({ momentum }) => [1e-4 * (1 - momentum), 30 * (1 - momentum)],
    update(moving, { momentum, nesterov }, learningRate) {
      const velocity = (moving.first = momentum * moving.first + moving.gradient)
      return moving.parameter - learningRate * (nesterov ? moving.gradient + momentum * velocity : velocity)
    },
  },
)

const adam = kind(
  {
    beta1: number(belowOne, by(0.01, 0.99), { fallback: 0.9, symbol: 'β₁' }),
    beta2: number(belowOne, by(0.001, 0.999), { fallback: 0.999, symbol: 'β₂' }),
    eps: eps(1e-8),
  },
  {
    title: 'Adam',
    moments: () => ['first', 'second'],
    numbers: ({ beta1, beta2, eps: epsilon }) => ({ beta1, beta2, epsilon }),
    flops: () => 12,
    rates: () => stepSizes,
    update(moving, { beta1, beta2, eps: epsilon }, learningRate, step) {
      const mean = (moving.first = beta1 * moving.first + (1 - beta1) * moving.gradient)
      const square = (moving.second = beta2 * moving.second + (1 - beta2) * moving.gradient ** 2)
      return moving.parameter - (learningRate * (mean / (1 - beta1 ** step))) / (Math.sqrt(square / (1 - beta2 ** step)) + epsilon)
    },
  },
)

const rmsprop = kind(
  { decay: number(belowOne, by(0.01, 0.99), { fallback: 0.99 }), eps: eps(1e-8) },
  {
    title: 'RMSprop',
    moments: () => ['second'],
    numbers: ({ decay, eps: epsilon }) => ({ beta1: decay, epsilon }),
    flops: () => 9,
    rates: () => stepSizes,
    update(moving, { decay, eps: epsilon }, learningRate) {
      const square = (moving.second = decay * moving.second + (1 - decay) * moving.gradient ** 2)
      return moving.parameter - (learningRate * moving.gradient) / (Math.sqrt(square) + epsilon)
    },
  },
)

const adagrad = kind(
  { eps: eps(1e-10) },
  {
    title: 'Adagrad',
    moments: () => ['second'],
    numbers: ({ eps: epsilon }) => ({ epsilon }),
    flops: () => 7,
    // Its first step is as large as Adam's, and each is smaller than the one before.
    rates: () => [1e-4, 10],
    update(moving, { eps: epsilon }, learningRate) {
      const square = (moving.second += moving.gradient ** 2)
      return moving.parameter - (learningRate * moving.gradient) / (Math.sqrt(square) + epsilon)
    },
  },
)

export const optimizers = { sgd, adam, adamw: { ...adam, title: 'AdamW', decaysApart: true }, rmsprop, adagrad }

export type OptimizerName = keyof typeof optimizers
export const optimizerNames = Object.keys(optimizers) as OptimizerName[]

/** What every optimizer has. */
export interface OptimizerBase {
  learningRate: number
  weightDecay?: number
  /** Whether weightDecay is for all parameters, as PyTorch's (default), or leaves biases and the parameters of norms alone. */
  decayBiasAndNorm?: boolean
}
export const optimizerBase = {
  weightDecay: number(notNegative, tenfold, { fallback: 0 }),
  decayBiasAndNorm: flag(true),
} as const

type Own<Name extends OptimizerName> = Omit<Complete<unknown, (typeof optimizers)[Name]['fields']>, never>
/** `{ type: 'sgd', learningRate, momentum?, … }`, … */
export type Optimizer = { [Name in OptimizerName]: OptimizerBase & { type: Name } & Partial<Own<Name>> }[OptimizerName]
export type CompleteOptimizer = Required<Optimizer>

// A kind takes the settings of its own type alone, which the type of the optimizer has chosen it by.
export const optimizerKind = ({ type }: Pick<Optimizer, 'type'>): OptimizerKind<never> =>
  optimizers[type] as unknown as OptimizerKind<never>
/** Its settings, the learning rate apart. */
export const optimizerFields = (optimizer: Pick<Optimizer, 'type'>): Fields => ({
  ...optimizerBase,
  ...(optimizerKind(optimizer).fields as Fields),
})

/** The optimizer with torch.optim's defaults where a setting is not given; weightDecay is 0, adamw included. */
export const completeOptimizer = (optimizer: Optimizer): CompleteOptimizer =>
  complete(optimizerFields(optimizer), optimizer) as CompleteOptimizer

/** Each optimizer by default, with the numbers on that are off by default, and with its switches on too: every way that its update is computed. */
export const optimizerVariants = (learningRate: number): Optimizer[] =>
  optimizerNames.flatMap((type) => {
    const entries = Object.entries(optimizerKind({ type }).fields as Fields)
    const off = entries.filter(([, field]) => field.kind === 'number' && field.fallback === 0).map(([key]) => [key, 0.9] as const)
    const switches = entries.filter(([, { kind: of }]) => of === 'switch').map(([key]) => [key, true] as const)
    const sets = [[], ...(off.length ? [off] : []), ...(switches.length ? [[...off, ...switches]] : [])]
    return sets.map((set) => ({ type, learningRate, ...Object.fromEntries(set) }) as Optimizer)
  })
