/** Networks that are each broken on purpose in one way, beside their healthy twins. */
import { inData } from './broken/data.ts'
import { exploding, vanishing } from './broken/gradients.ts'
import { inModel } from './broken/models.ts'
import { rates, units } from './broken/units.ts'
import { made } from './broken/written.ts'
import type { BrokenCase } from './network.ts'

export const broken: readonly BrokenCase[] = [...vanishing, ...exploding, ...units, ...rates, ...inData, ...inModel].map(made)
