import { packParams, type Kernel } from '../gpu/kernel.ts'

const workgroup = 16
/** Threads of the first stage: enough for a GPU, few enough for one thread to add up. */
const partials = 256

/**
 * The sum of `count` numbers, or their mean. The first kernel binds source, partials (`partialBytes`); the second partials, the result (4 bytes).
 */
export const sum = {
  partialBytes: partials * 4,
  kernels(count: number, { mean = false } = {}): [Kernel, Kernel] {
    const stage = (numbers: number, threads: number, size: number, factor: number): Kernel => ({
      label: `${mean ? 'mean' : 'sum'} ${count}`,
      shader: 'sum',
      defines: { WORKGROUP: size },
      params: packParams(numbers, threads, { f: factor }),
      access: ['read', 'write'],
      workgroups: [Math.ceil(threads / size), 1, 1],
    })
    return [stage(count, partials, workgroup, 1), stage(partials, 1, 1, mean ? 1 / count : 1)]
  },
}
