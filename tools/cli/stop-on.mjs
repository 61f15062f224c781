// @ts-check
import { CallError } from './options.mjs'

/** What a run can be ended by, as src/answers/findings/finding.ts has it with a hyphen for a capital; a test holds the two together. */
export const findingKinds = [
  'not-finite',
  'diverged',
  'exploding',
  'vanishing',
  'dead',
  'saturated',
  'unscaled-input',
  'imbalance',
  'update-too-large',
  'update-too-small',
  'oscillating',
  'noisy-batch',
  'stalled',
  'baseline',
  'overfitting',
  'lint',
]

/** As a job has it. @param {string} kind */
export const kindNamed = (kind) => kind.replace(/-(.)/g, (_, letter) => letter.toUpperCase())

/** The findings that end a run. @param {Record<string, any>} values @returns {Pick<import('../../src/cli/run-train.ts').TrainJob, 'stopOn'>} */
export function stopsOf(values) {
  const given = values['stop-on']
  if (given === undefined) return {}
  const kinds = String(given)
    .split(',')
    .map((kind) => kind.trim())
  const unknown = kinds.find((kind) => !findingKinds.includes(kind))
  if (unknown !== undefined)
    throw new CallError(`--stop-on takes some of ${findingKinds.join(', ')}, with commas between them, not '${unknown}'.`)
  return { stopOn: /** @type {import('../../src/answers/findings/finding.ts').Kind[]} */ (kinds.map(kindNamed)) }
}
