import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** What a check found in a value: of infinities and of NaN how many, and where the first is. */
export interface FoundNotFinite {
  infinite: { count: number; first: number }
  nan: { count: number; first: number }
}

export const notFinite = {
  /** Bytes of a place for one value's finding. */
  bytes: 16,
  /** What a place holds before: no first one, none counted. */
  none: [0xffffffff, 0xffffffff, 0, 0],
  /** Looks at `count` numbers, or twice as many halves, and writes to place `at`. Binds the numbers, the findings. */
  kernel: (count: number, at: number, { halves = false } = {}): Kernel => ({
    label: `finite ${count}`,
    shader: 'notFinite',
    defines: { WORKGROUP: workgroupSize, HALVES: halves },
    params: packParams(count, at),
    access: ['read', 'write'],
    workgroups: flatWorkgroups(count, workgroupSize),
  }),
  /** The finding at a place; undefined where all is finite. */
  at(findings: Uint32Array, place: number): FoundNotFinite | undefined {
    const [infinite, nan, infinities, nans] = findings.subarray(4 * place, 4 * place + 4) as unknown as [number, number, number, number]
    if (infinities + nans === 0) return undefined
    return { infinite: { count: infinities, first: infinite }, nan: { count: nans, first: nan } }
  },
}
