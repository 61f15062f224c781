import { flatWorkgroups, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** `[batch, rows, columns]` → `[batch, columns, rows]`. Binds source, result. */
export function transpose(batch: number, rows: number, columns: number): Kernel {
  const count = batch * rows * columns
  return {
    label: `transpose ${batch}×${rows}×${columns}`,
    shader: 'transpose',
    defines: { WORKGROUP: workgroupSize, COUNT: `${count}u`, ROWS: `${rows}u`, COLUMNS: `${columns}u` },
    access: ['read', 'write'],
    workgroups: flatWorkgroups(count, workgroupSize),
  }
}
