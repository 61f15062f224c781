/** Whole vectors of parameters: sums of two, dot products, products by number. Counts are multiples of 4. */
import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

const workgroup = 16
/** Threads of a dot product's first stage: enough for a GPU, few enough for one thread to add up. */
const partials = 256
const coefficientBytes = 16

/** What becomes of a dot product. `at` is where its coefficient goes, 16 bytes each. */
export type DotUse =
  /** What takes y's share out of x: (1, −x·y), for `combine` in place. */
  | { project: number }
  /** What makes x a unit vector: (1/|x|, 0), of x·x. */
  | { normalize: number }
  /** Steps of the length that stands at `length` along x, there, back and the difference's factors, in three places from `at` on. */
  | { move: number; length: number }

/** The number of a coefficient that `dot` left, as the host reads it: x·y, or |x|. */
export const dotResult = (coefficients: Float32Array, at: number): number => coefficients[(at * coefficientBytes) / 4 + 2]!

export const dot = {
  partialBytes: partials * 4,
  /** Two kernels: the first binds x, y, partials; the second partials, coefficients. */
  kernels(count: number, use: DotUse): [Kernel, Kernel] {
    const at = 'project' in use ? use.project : 'normalize' in use ? use.normalize : use.move
    const params = packParams(count / 4, partials, at, 'move' in use ? use.length : 0)
    return [
      {
        label: `dot ${count}`,
        shader: 'dot',
        defines: { WORKGROUP: workgroup, FINISH: false },
        params,
        access: ['read', 'read', 'write'],
        workgroups: [partials / workgroup, 1, 1],
      },
      {
        label: `dot ${count}`,
        shader: 'dot',
        defines: { FINISH: true, PROJECT: 'project' in use, MOVE: 'move' in use },
        params,
        access: ['read', 'write'],
        workgroups: [1, 1, 1],
      },
    ]
  },
}

const walk = (count: number) => ({ defines: { WORKGROUP: workgroupSize }, workgroups: flatWorkgroups(count / 4, workgroupSize) })

/** result = a · x + b · y by the coefficient at `at`. Binds coefficients, x, y, result; in place x is the result: coefficients, y, result. */
export function combine(count: number, at: number, { inPlace = false } = {}): Kernel {
  const { defines, workgroups } = walk(count)
  return {
    label: `combine ${count}`,
    shader: 'combine',
    defines: { ...defines, IN_PLACE: inPlace },
    params: packParams(count / 4, at),
    access: inPlace ? ['read', 'read', 'write'] : ['read', 'read', 'read', 'write'],
    workgroups,
  }
}

/** result = x · y, number by number. Binds x, y, result. */
export const multiply = (count: number): Kernel => ({
  label: `multiply ${count}`,
  shader: 'multiply',
  params: packParams(count / 4),
  access: ['read', 'read', 'write'],
  ...walk(count),
})

/** The root of an adaptive optimizer's step for a unit of gradient. Binds its corrections (16 bytes), its second moment, the root and 1 / root. */
export const stretch = (count: number): Kernel => ({
  label: `stretch ${count}`,
  shader: 'stretch',
  params: packParams(count / 4),
  access: ['read', 'read', 'write', 'write'],
  ...walk(count),
})
