/** Every rule. */
import { thresholdKey, type Rule, type Threshold } from './finding.ts'
import { imbalance, overfitting, unscaledInput } from './rules/data.ts'
import { dead } from './rules/dead.ts'
import { exploding } from './rules/exploding.ts'
import { lintRule } from './rules/lint.ts'
import { baseline, diverged, noisyBatch, oscillating, stalled } from './rules/loss.ts'
import { notFinite } from './rules/not-finite.ts'
import { saturated } from './rules/saturated.ts'
import { sources } from './sources.ts'
import { inSteps } from './threshold.ts'
import { updateTooLarge, updateTooSmall } from './rules/updates.ts'
import { vanishing } from './rules/vanishing.ts'

export const rules: readonly Rule[] = [
  notFinite,
  diverged,
  exploding,
  vanishing,
  dead,
  saturated,
  unscaledInput,
  imbalance,
  updateTooLarge,
  updateTooSmall,
  oscillating,
  noisyBatch,
  stalled,
  baseline,
  overfitting,
  lintRule,
]

/** Thresholds that a reader has changed, by `kind.name`; how many looks in a row by `kind.hits`. */
export type Thresholds = Readonly<Record<string, number>>

const looks = (own: Rule): Threshold => inSteps(own.hits, 1, sources.autoTrainer, 'times', [1, 20])

/** All thresholds of a rule, looks in a row among them. */
export const thresholdsOf = (own: Rule): Readonly<Record<string, Threshold>> =>
  own.hits === 1 && Object.keys(own.thresholds).length === 0 ? {} : { ...own.thresholds, hits: looks(own) }

/** A rule's thresholds as they hold. */
export const limitsOf = (own: Rule, changed: Thresholds): Record<string, number> =>
  Object.fromEntries(
    Object.entries({ ...own.thresholds, hits: looks(own) }).map(([name, { value }]) => [
      name,
      changed[thresholdKey(own.kind, name)] ?? value,
    ]),
  )
