import { formulaOf, type ActivationName } from '../../model/catalogue/activations.ts'

/** Applies an activation to every element. */
export const activate = (name: ActivationName, x: ArrayLike<number>, parameter?: number): Float64Array =>
  Float64Array.from(x, formulaOf(name, parameter).forward)

/** ∂L/∂x from ∂L/∂y and the activation's input x. */
export function activateBackward(
  name: ActivationName,
  x: ArrayLike<number>,
  gradient: ArrayLike<number>,
  parameter?: number,
): Float64Array {
  const { derivative } = formulaOf(name, parameter)
  return Float64Array.from(x, (value, i) => gradient[i]! * derivative(value))
}
