import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

export interface ColumnCopy {
  rows: number
  /** Columns copied, from `fromFirst` of `[rows, fromColumns]` to `toFirst` of `[rows, toColumns]`. */
  count: number
  fromColumns: number
  fromFirst: number
  toColumns: number
  toFirst: number
  /** Add to what is there. */
  accumulate?: boolean
}

/** One branch of a concatenation, or the other way its derivative; the other columns stay. Bindings: read source, write result. */
export function copyColumns({ rows, count, fromColumns, fromFirst, toColumns, toFirst, accumulate = false }: ColumnCopy): Kernel {
  return {
    label: `copyColumns ${rows}×${count} [${fromFirst}] → [${toFirst}]`,
    shader: 'copyColumns',
    defines: { WORKGROUP: workgroupSize, ACCUMULATE: accumulate },
    params: packParams(rows, count, fromColumns, fromFirst, toColumns, toFirst),
    access: ['read', 'write'],
    workgroups: flatWorkgroups(rows * count, workgroupSize),
  }
}
