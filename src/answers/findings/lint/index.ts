import type { ModelFile } from '../../../model/types.ts'
import { offered } from '../cures/offered.ts'
import type { DataFacts } from '../facts.ts'
import type { Finding, Hit } from '../finding.ts'
import { deepSaturating, doubleLinear } from './chain.ts'
import { absurdRate, biasBeforeNorm, initialSignal, largeDropout, singleValueNorm } from './layers.ts'
import { lintedOf, type LintRule } from './lint.ts'
import { activationBeforeLoss, dropoutOnOutput, unreachableTargets } from './output.ts'

const lintRules: readonly LintRule[] = [
  activationBeforeLoss,
  unreachableTargets,
  dropoutOnOutput,
  doubleLinear,
  deepSaturating,
  singleValueNorm,
  initialSignal,
  absurdRate,
  largeDropout,
  biasBeforeNorm,
]

/** What is wrong with a model, as hits of the rule `lint`, notes among them. */
export function lintHits(model: ModelFile, data: DataFacts | null): Hit[] {
  const linted = lintedOf(model, data)
  return lintRules.flatMap((own) => own(linted))
}

/** The same with cures, for a model that does not train yet. */
export const lint = (model: ModelFile, data: DataFacts | null = null): Finding[] =>
  lintHits(model, data).map(({ remedies = [], ...hit }) => ({
    kind: 'lint',
    firstStep: 0,
    lastStep: 0,
    foundStep: 0,
    ...hit,
    cures: offered(model, remedies, data?.count ?? model.batchSize),
  }))
