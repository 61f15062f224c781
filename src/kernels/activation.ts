import { packParams, type Kernel } from '../gpu/kernel.ts'
import type { ActivationName } from '../model/types.ts'
import { elementwise } from './elements.ts'

export interface ActivationKind {
  /** Default of the shader's parameter: leakyRelu's slope, elu's α; 0 where it has none. */
  parameter: number
  /** What the derivative is computed from, hence what the forward pass must keep. */
  derivativeFrom: 'input' | 'output'
}

export const activations: Record<ActivationName, ActivationKind> = {
  relu: { parameter: 0, derivativeFrom: 'output' },
  leakyRelu: { parameter: 0.01, derivativeFrom: 'output' },
  elu: { parameter: 1, derivativeFrom: 'input' },
  gelu: { parameter: 0, derivativeFrom: 'input' },
  silu: { parameter: 0, derivativeFrom: 'input' },
  tanh: { parameter: 0, derivativeFrom: 'output' },
  sigmoid: { parameter: 0, derivativeFrom: 'output' },
  softplus: { parameter: 0, derivativeFrom: 'output' },
}

/** As the table says, but leakyRelu with a negative slope needs its input: its output does not tell the sign. */
export function derivativeFrom(name: ActivationName, parameter = activations[name].parameter): 'input' | 'output' {
  return name === 'leakyRelu' && parameter < 0 ? 'input' : activations[name].derivativeFrom
}

/** x → y, `count` numbers. Bindings: read x, write y. */
export function activationForward(name: ActivationName, parameter: number | undefined, count: number): Kernel {
  return kernel(name, parameter, count, false)
}

/** Bindings: read the saved x or y (`derivativeFrom`), read ∂L/∂y, write ∂L/∂x. */
export function activationBackward(name: ActivationName, parameter: number | undefined, count: number): Kernel {
  return kernel(name, parameter, count, true)
}

function kernel(name: ActivationName, parameter: number | undefined, count: number, backward: boolean): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  return {
    label: `${name} ${backward ? 'backward' : 'forward'} ${count}`,
    shader: 'activation',
    defines: { ...defines, ACTIVATION: name, BACKWARD: backward },
    params: packParams(elements, { f: parameter ?? activations[name].parameter }),
    access: backward ? ['read', 'read', 'write'] : ['read', 'write'],
    workgroups,
  }
}
