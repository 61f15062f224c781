/** Between what a layer's numbers are healthy: the thresholds of the findings, as a reader has set them. */
import type { Kind } from '../../../answers/findings/finding.ts'
import { limitsOf, rules, type Thresholds } from '../../../answers/findings/rules.ts'
import type { MetricId } from './metrics.ts'

export interface Range {
  least?: number
  most: number
}

export type Ranges = Readonly<Partial<Record<MetricId, Range>>>

export function rangesOf(changed: Thresholds): Ranges {
  const limit = (kind: Kind, name: string) =>
    limitsOf(
      rules.find((rule) => rule.kind === kind)!,
      changed,
    )[name]!
  return {
    share: { least: limit('vanishing', 'share'), most: limit('exploding', 'share') },
    update: { least: limit('updateTooSmall', 'ratio'), most: limit('updateTooLarge', 'ratio') },
    dead: { most: limit('dead', 'share') },
    saturated: { most: limit('saturated', 'share') },
  }
}
