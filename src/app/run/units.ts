/** The units of a regression's target: numbers are trained on standardised, and shown as the data has them. */
import type { Dataset } from '../../data/types.ts'
import { t } from '../words/language.ts'

/** A single unit for all targets, which one pair of axes can show. */
const isOne = ({ targetScaling }: Dataset): boolean => targetScaling?.mean.length === 1

/** Targets or predictions in the data's own unit; standardised as they are where targets differ in theirs. */
export function inOwnUnits(values: ArrayLike<number>, dataset: Dataset): ArrayLike<number> {
  const { targetScaling } = dataset
  if (!targetScaling || !isOne(dataset)) return values
  const [mean, deviation] = [targetScaling.mean[0]!, targetScaling.deviation[0]!]
  return Float64Array.from(values, (value) => value * deviation + mean)
}

/** What an axis with these values says: the target's name, and that it is standardised where it is. */
export function unitsOf(dataset: Dataset): string {
  const names = dataset.targetNames ?? []
  const name = names.length === 1 ? names[0]! : ''
  return dataset.targetScaling && !isOne(dataset) ? t('change.targetsStandardised', { name: name || null }) : name
}
