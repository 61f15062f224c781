import { packParams, type Kernel } from '../gpu/kernel.ts'
import { elementwise } from './elements.ts'

/**
 * Adds `count` gradients of a part of the step to the sum of the parts before; after the last part the gradients are the whole step's.
 * Bindings: write gradients, write sum (scratch of the same size).
 */
export function gradientSumKernel(count: number): Kernel {
  const { elements, defines, workgroups } = elementwise(count)
  return {
    label: `gradient sum ${count}`,
    shader: 'gradientSum',
    defines,
    params: packParams(elements),
    access: ['write', 'write'],
    usesStep: true,
    workgroups,
  }
}
