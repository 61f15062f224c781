import { flatWorkgroups, type Kernel } from '../gpu/kernel.ts'
import { workgroupSize } from './elements.ts'

/** Images `[batch, positions, channels]`. */
export interface PositionShape {
  batch: number
  positions: number
  channels: number
}

function kernel({ batch, positions, channels }: PositionShape, backward: boolean): Kernel {
  const count = batch * channels * (backward ? positions : 1)
  return {
    label: `globalAvgPool2d ${backward ? 'derivative ' : ''}${batch}×${positions}×${channels}`,
    shader: 'globalPool',
    defines: { WORKGROUP: workgroupSize, BACKWARD: backward, COUNT: `${count}u`, POSITIONS: `${positions}u`, CHANNELS: `${channels}u` },
    access: ['read', 'write'],
    workgroups: flatWorkgroups(count, workgroupSize),
  }
}

/** `[batch, positions, channels]` → `[batch, channels]`, the means. Binds x, y. */
export const globalAvgPool = (shape: PositionShape): Kernel => kernel(shape, false)

/** Binds dy `[batch, channels]`, dx. */
export const globalAvgPoolDerivative = (shape: PositionShape): Kernel => kernel(shape, true)
