import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** The step's random perturbation of `count` parameters, after their update. Binds the parameters. */
export function perturbKernel(count: number): Kernel {
  return {
    label: `perturb ${count}`,
    shader: 'perturb',
    defines: { WORKGROUP: workgroupSize },
    params: packParams(count),
    access: ['write'],
    usesStep: true,
    workgroups: flatWorkgroups(count, workgroupSize),
  }
}
