/** An activation that gradscope has not: the row and the shader that one costs, and nothing else. To be imported before whatever derives from the rows. */
import { activationNames, activations, sigmoid, type ActivationKind, type ActivationName } from '../../src/model/catalogue/activations.ts'
import { by, number } from '../../src/model/catalogue/field.ts'
import { positive } from '../../src/model/schema.ts'

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** x · tanh(softplus(β · x)): Misra, "Mish: a self regularized non-monotonic activation function", 2020, here with a β. */
const mish: ActivationKind = {
  title: 'Mish',
  parameter: { beta: { ...number(positive, by(0.1, 10), { symbol: 'β', isAlwaysTold: true }), fallback: 1 } },
  derivativeFrom: () => 'input',
  formula: (beta) => ({
    forward: (x) => x * Math.tanh(softplus(beta * x)),
    derivative(x) {
      const t = Math.tanh(softplus(beta * x))
      return t + x * (1 - t * t) * beta * sigmoid(beta * x)
    },
  }),
}

export const name = 'mish' as ActivationName
export const shader = `#include math
fn activate(x: f32, parameter: f32) -> f32 {
  let z = parameter * x;
  return x * tanh(max(z, 0.0) + log(1.0 + exp(-abs(z))));
}
fn derivative(x: f32, y: f32, parameter: f32) -> f32 {
  let z = parameter * x;
  let t = tanh(max(z, 0.0) + log(1.0 + exp(-abs(z))));
  return t + x * (1.0 - t * t) * parameter * logistic(z);
}
`

Object.assign(activations, { [name]: mish })
activationNames.push(name)
