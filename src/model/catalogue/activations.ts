/** Every activation: a row here and a shader of its name are all that one needs. */
import { number as anyNumber } from '../schema.ts'
import { erfc } from './erf.ts'
import { by, number, type NumberField } from './field.ts'

/** In double precision; what the kernels are held to. */
export interface ActivationFormula {
  forward(x: number): number
  /** dy/dx at the input x; where the function has a kink, PyTorch's choice. */
  derivative(x: number): number
}

/** Outputs at which an activation lets (almost) no gradient through. */
export interface FlatOutputs {
  /** Lowest and highest of the side on which nothing comes out: a neuron that never leaves it is dead. */
  inactive?: readonly [number, number]
  /** Between these it still answers to its input; beyond them it is saturated. */
  responsive?: readonly [number, number]
}

export interface ActivationKind {
  title: string
  /** The one number that it may have, by its key in a model file. */
  parameter?: Readonly<Record<string, NumberField & { fallback: number }>>
  /** What its derivative is computed from, hence what the forward pass must keep. */
  derivativeFrom(parameter: number): 'input' | 'output'
  formula(parameter: number): ActivationFormula
  /** Absent where its derivative is nowhere near zero. */
  flat?(parameter: number): FlatOutputs
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** Standard normal distribution function and density. */
const cumulative = (x: number): number => erfc(-x / Math.SQRT2) / 2
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** The share of its range at which tanh counts as saturated: there its derivative is 0.06. Others' ends are the same share of theirs. */
const nearEnd = 0.97

const fromInput = () => 'input' as const
const fromOutput = () => 'output' as const
const parameter = (fallback: number, next: NumberField['next'], symbol?: string) => ({
  ...number(anyNumber, next, { ...(symbol !== undefined && { symbol }), isAlwaysTold: true }),
  fallback,
})

export const activations = {
  relu: {
    title: 'ReLU',
    derivativeFrom: fromOutput,
    formula: () => ({ forward: (x) => (x <= 0 ? 0 : x), derivative: (x) => (x <= 0 ? 0 : 1) }),
    flat: () => ({ inactive: [-Infinity, 0] }),
  },
  leakyRelu: {
    title: 'leaky ReLU',
    parameter: { slope: parameter(0.01, by(0.01, 1)) },
    // With a negative slope the output does not tell the input's sign.
    derivativeFrom: (slope) => (slope < 0 ? 'input' : 'output'),
    formula: (slope) => ({ forward: (x) => (x > 0 ? x : slope * x), derivative: (x) => (x > 0 ? 1 : slope) }),
    flat: (slope) => (slope === 0 ? { inactive: [-Infinity, 0] } : {}),
  },
  elu: {
    title: 'ELU',
    parameter: { alpha: parameter(1, by(0.1, 10), 'α') },
    derivativeFrom: fromInput,
    formula: (alpha) => ({
      forward: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
      derivative: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
    }),
    // With a negative alpha the flat side's outputs are positive, as those of the other side.
    flat: (alpha) => (alpha > 0 ? { inactive: [-Infinity, -nearEnd * alpha], responsive: [-nearEnd * alpha, Infinity] } : {}),
  },
  gelu: {
    title: 'GELU',
    derivativeFrom: fromInput,
    formula: () => ({ forward: (x) => x * cumulative(x), derivative: (x) => cumulative(x) + x * density(x) }),
    // Where it comes to −0.01 from below, its derivative is −0.025.
    flat: () => ({ inactive: [-0.01, 0] }),
  },
  silu: {
    title: 'SiLU',
    derivativeFrom: fromInput,
    formula: () => ({ forward: (x) => x * sigmoid(x), derivative: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) }),
    flat: () => ({ inactive: [-0.01, 0] }),
  },
  tanh: {
    title: 'tanh',
    derivativeFrom: fromOutput,
    formula: () => ({ forward: Math.tanh, derivative: (x) => 1 - Math.tanh(x) ** 2 }),
    flat: () => ({ responsive: [-nearEnd, nearEnd] }),
  },
  sigmoid: {
    title: 'sigmoid',
    derivativeFrom: fromOutput,
    formula: () => ({ forward: sigmoid, derivative: (x) => sigmoid(x) * sigmoid(-x) }),
    // sigmoid(x) = (1 + tanh(x / 2)) / 2
    flat: () => ({ responsive: [(1 - nearEnd) / 2, (1 + nearEnd) / 2] }),
  },
  softplus: {
    title: 'softplus',
    derivativeFrom: fromOutput,
    formula: () => ({ forward: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), derivative: sigmoid }),
    // Its derivative is at most its output.
    flat: () => ({ inactive: [-Infinity, 0.01] }),
  },
} satisfies Record<string, ActivationKind>

export type ActivationName = keyof typeof activations
type Rows = typeof activations
/** `{ type: 'relu' }`, `{ type: 'elu', alpha?: number }`, … */
export type ActivationLayer = {
  [Name in ActivationName]: { type: Name } & (Rows[Name] extends { parameter: infer Parameter }
    ? { [Key in keyof Parameter]?: number }
    : unknown)
}[ActivationName]

export const activationNames = Object.keys(activations) as ActivationName[]
const kinds: Readonly<Record<ActivationName, ActivationKind>> = activations

export const activationKind = (name: ActivationName): ActivationKind => kinds[name]
export const isActivation = (type: string): type is ActivationName => Object.hasOwn(activations, type)

/** The number of an activation layer, as it is given or by default; 0 where it has none. */
export function parameterOf(layer: ActivationLayer): number {
  const [entry] = Object.entries(kinds[layer.type].parameter ?? {})
  return entry ? ((layer as unknown as Record<string, number | undefined>)[entry[0]] ?? entry[1].fallback) : 0
}

export const defaultParameter = (name: ActivationName): number => Object.values(kinds[name].parameter ?? {})[0]?.fallback ?? 0

export const formulaOf = (name: ActivationName, parameter = defaultParameter(name)): ActivationFormula => kinds[name].formula(parameter)

/** What the derivative is computed from, hence what the forward pass must keep. */
export const derivativeFrom = (name: ActivationName, parameter = defaultParameter(name)): 'input' | 'output' =>
  kinds[name].derivativeFrom(parameter)

/** Where its outputs are flat. */
export const flatOutputs = (name: ActivationName, parameter = defaultParameter(name)): FlatOutputs => kinds[name].flat?.(parameter) ?? {}
