import { packParams, type Kernel } from '../gpu/kernel.ts'
import { defaultParameter, type ActivationName } from '../model/catalogue/activations.ts'
import { elementwise } from './elements.ts'

/** x → y, `count` numbers. Bindings: read x, write y. */
export function activationForward(name: ActivationName, parameter: number | undefined, count: number): Kernel {
  return kernel(name, parameter, count, false)
}

/** Bindings: read the saved x or y (as its kind says: `derivativeFrom`), read ∂L/∂y, write ∂L/∂x. */
export function activationBackward(name: ActivationName, parameter: number | undefined, count: number): Kernel {
  return kernel(name, parameter, count, true)
}

function kernel(name: ActivationName, parameter: number | undefined, count: number, backward: boolean): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  return {
    label: `${name} ${backward ? 'backward' : 'forward'} ${count}`,
    shader: 'activation',
    defines: { ...defines, ACTIVATION: name, BACKWARD: backward },
    params: packParams(elements, { f: parameter ?? defaultParameter(name) }),
    access: backward ? ['read', 'read', 'write'] : ['read', 'write'],
    workgroups,
  }
}
