import { flatWorkgroups, packParams, type Kernel } from '../gpu/kernel.ts'
import { elementDefines, workgroupSize } from './elements.ts'

type Five = [number, number, number, number, number]

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
  const vector = [count, fromColumns, fromFirst, toColumns, toFirst].every((columns) => columns % 4 === 0)
  const [own, from, fromAt, to, toAt] = [count, fromColumns, fromFirst, toColumns, toFirst].map((n) => (vector ? n / 4 : n)) as Five
  return {
    label: `copyColumns ${rows}×${count} [${fromFirst}] → [${toFirst}]`,
    shader: 'copyColumns',
    defines: { ...elementDefines(vector), ACCUMULATE: accumulate },
    params: packParams(rows, own, from, fromAt, to, toAt),
    access: ['read', 'write'],
    workgroups: flatWorkgroups(rows * own, workgroupSize),
  }
}
