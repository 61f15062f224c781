import { packParams, type Kernel } from '../gpu/kernel.ts'

const workgroup = 16
/** Threads of the first stage: enough for a GPU, few enough for the second stage to add up alone. */
const partials = 256

export const gradientNorm = {
  partialBytes: 2 * partials * 4,
  /** Two stages over `count` numbers (a multiple of 4). The first binds gradients, partials; the second partials, (norm, and the two factors that clip). */
  kernels(count: number): [Kernel, Kernel] {
    const params = packParams(count / 4, partials)
    const label = `gradientNorm ${count}`
    return [
      {
        label,
        shader: 'gradientNorm',
        defines: { WORKGROUP: workgroup },
        params,
        access: ['read', 'write'],
        workgroups: [partials / workgroup, 1, 1],
      },
      {
        label,
        shader: 'gradientNorm',
        defines: { FINISH: true },
        params,
        access: ['read', 'write'],
        usesStep: true,
        workgroups: [1, 1, 1],
      },
    ]
  },
}
