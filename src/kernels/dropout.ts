import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/**
 * Drops elements at `rate` and divides the kept by 1 − rate while the step is training, else copies. Forward (x → y) and backward
 * (∂L/∂y → ∂L/∂x) are this same kernel. `ordinal` is the layer's place among dropout layers. Bindings: read source, write result.
 */
export function dropoutKernel(count: number, rate: number, ordinal: number): Kernel {
  return {
    label: `dropout ${count}`,
    shader: 'dropout',
    defines: { WORKGROUP: workgroupSize },
    params: packParams(count, ordinal, { f: rate }, { f: rate < 1 ? 1 / (1 - rate) : 0 }),
    access: ['read', 'write'],
    usesStep: true,
    workgroups: flatWorkgroups(count, workgroupSize),
  }
}
