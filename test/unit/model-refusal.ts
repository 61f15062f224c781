import { InputError } from '../../src/errors.ts'
import type { ModelFile } from '../../src/model/types.ts'
import { parseModel } from '../../src/model/validate.ts'

export const valid: ModelFile = {
  format: 'gradscope-model/1',
  input: [4],
  layers: [{ type: 'dense', units: 3 }, { type: 'tanh' }, { type: 'dense', units: 2 }],
  loss: 'mse',
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 8,
  seed: 1,
}
export const withLayers = (...layers: unknown[]): object => ({ ...valid, layers })

/** The one sentence that refuses. */
export function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  throw new Error('was accepted')
}
export const refused = (json: unknown): string => refusal(() => parseModel(json, 'm.json'))
