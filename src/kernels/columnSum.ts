import { packParams, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** From this many rows on a column is split among threads: below, a barrier costs software adapters more than the split saves. */
const splitRows = 512
const strips = 16

/** `[rows, columns]` → `[columns]`, in a fixed order (a bias's gradient). Bindings: read the matrix, write the sums. */
export function columnSum(rows: number, columns: number): Kernel {
  const split = rows >= splitRows
  const width = split ? workgroupSize / strips : workgroupSize
  return {
    label: `columnSum ${rows}×${columns}`,
    shader: 'columnSum',
    defines: { WORKGROUP: workgroupSize, WIDTH: width, STRIPS: workgroupSize / width, SPLIT: split },
    params: packParams(rows, columns),
    access: ['read', 'write'],
    workgroups: [Math.ceil(columns / width), 1, 1],
  }
}
