import { rule } from '../finding.ts'
import { lintHits } from '../lint/index.ts'

/** The model itself, before it trains. Notes are none of a run's findings. */
export const lintRule = rule({
  kind: 'lint',
  needs: ['model'],
  hits: 1,
  perLayer: true,
  thresholds: {},
  judge: ({ model, data }) => lintHits(model, data).filter(({ severity }) => severity !== 'note'),
  cures: (_, { remedies = [] }) => remedies,
})
