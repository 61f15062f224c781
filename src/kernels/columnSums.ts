import type { Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** Matrices at once: two bindings each, of the eight that every adapter has. */
export const mostColumnSums = 4

/** Several `[rows, columns]` → `[columns]` in one dispatch, in the order of the rows. Bindings: read the first matrix, write its sums, and so on. */
export function columnSums(rows: number, columns: readonly number[]): Kernel {
  const groups = columns.map((count) => Math.ceil(count / workgroupSize))
  return {
    label: `columnSum ${rows}×${columns.join('+')}`,
    shader: 'columnSums',
    defines: {
      SOURCES: columns.length,
      ROWS: `${rows}u`,
      WORKGROUP: `${workgroupSize}u`,
      ...Object.fromEntries(
        columns.flatMap((count, s) => [[`COLUMNS${s}`, `${count}u`] as const, [`GROUPS${s}`, `${groups[s]}u`] as const]),
      ),
    },
    access: columns.flatMap(() => ['read', 'write'] as const),
    workgroups: [groups.reduce((sum, count) => sum + count, 0), 1, 1],
  }
}
