/** The cures of a finding: remedies that change the model, and leave one that trains on its data. */
import { patchBetween, patched } from '../../../model/patch.ts'
import { placedLayers } from '../../../model/shapes.ts'
import { sizeOf } from '../../../model/shape.ts'
import type { ModelFile } from '../../../model/types.ts'
import { InputError } from '../../../errors.ts'
import { canonical } from '../../../same.ts'
import type { Cure, Remedy } from '../finding.ts'

export function offered(model: ModelFile, remedies: readonly Remedy[], samples: number): Cure[] {
  const seen = new Set([canonical(model)])
  return remedies.flatMap(({ change, sentence }): Cure[] => {
    if (!change) return []
    const patch = patchBetween(model, { ...model, ...change })
    const after = accepted(model, patch)
    if (!after || hasSingleValue(after, samples)) return []
    const text = canonical(after)
    if (seen.has(text)) return []
    seen.add(text)
    return [{ change: patch, sentence }]
  })
}

function accepted(model: ModelFile, patch: Cure['change']): ModelFile | null {
  try {
    return patched(model, patch)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** Whether an epoch's last batch would leave a norm over the batch with one value. */
function hasSingleValue(model: ModelFile, samples: number): boolean {
  const last = samples % model.batchSize || Math.min(samples, model.batchSize)
  return last === 1 && placedLayers(model).some(({ layer, input }) => layer.type === 'batchNorm' && sizeOf(input.slice(1)) === 1)
}
