import { erfc } from './erf.ts'

export interface Activation {
  forward(x: number): number
  /** dy/dx at the input x; where the function has a kink, PyTorch's choice. */
  derivative(x: number): number
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** Standard normal distribution function and density. */
const cumulative = (x: number): number => erfc(-x / Math.SQRT2) / 2
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** The activations by name; the parameter is leakyRelu's slope or elu's alpha. */
export const activations = {
  relu: (): Activation => ({
    forward: (x) => (x <= 0 ? 0 : x),
    derivative: (x) => (x <= 0 ? 0 : 1),
  }),
  leakyRelu: (slope = 0.01): Activation => ({
    forward: (x) => (x > 0 ? x : slope * x),
    derivative: (x) => (x > 0 ? 1 : slope),
  }),
  elu: (alpha = 1): Activation => ({
    forward: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
    derivative: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
  }),
  gelu: (): Activation => ({
    forward: (x) => x * cumulative(x),
    derivative: (x) => cumulative(x) + x * density(x),
  }),
  silu: (): Activation => ({
    forward: (x) => x * sigmoid(x),
    derivative: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
  }),
  tanh: (): Activation => ({
    forward: (x) => Math.tanh(x),
    derivative: (x) => 1 - Math.tanh(x) ** 2,
  }),
  sigmoid: (): Activation => ({
    forward: sigmoid,
    derivative: (x) => sigmoid(x) * sigmoid(-x),
  }),
  softplus: (): Activation => ({
    forward: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    derivative: sigmoid,
  }),
} satisfies Record<string, (parameter?: number) => Activation>

export type ActivationName = keyof typeof activations

/** Applies an activation to every element. */
export function activate(name: ActivationName, x: ArrayLike<number>, parameter?: number): Float64Array {
  return Float64Array.from(x, activations[name](parameter).forward)
}

/** ∂L/∂x from ∂L/∂y and the activation's input x. */
export function activateBackward(
  name: ActivationName,
  x: ArrayLike<number>,
  gradient: ArrayLike<number>,
  parameter?: number,
): Float64Array {
  const { derivative } = activations[name](parameter)
  return Float64Array.from(x, (value, i) => gradient[i]! * derivative(value))
}
