import type { Gpu } from '../gpu/device.ts'
import type { Slice } from '../gpu/kernel.ts'
import type { Program } from '../gpu/program.ts'
import type { StepRing } from '../gpu/step-ring.ts'
import type { State } from '../graph/state.ts'
import type { SmallVariant } from '../kernels/smallNetwork.ts'
import { resultFloats } from './prepare.ts'
import { scratch, whole } from './buffers.ts'
import { batchOfStep, StepNumbers } from './step-row.ts'

export async function fastestVariant(
  gpu: Gpu,
  ring: StepRing,
  variants: readonly SmallVariant[],
  state: State,
  build: (variant: SmallVariant, own: { state: Slice; gradients: Slice; results: Slice }) => Promise<Program>,
): Promise<SmallVariant> {
  return variants[0]!
}
