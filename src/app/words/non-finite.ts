/** How many numbers are NaN or infinite, in words. */
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import { t } from './language.ts'

/** `NaN 3 of 20`, `infinite 2 of 20`, `NaN 3, infinite 2 of 20`; empty where all are finite. */
export function nonFiniteText({ nan, infinite }: NonFinite, of: number): string {
  if (nan + infinite === 0) return ''
  return t(infinite === 0 ? 'nonFinite.nan' : nan === 0 ? 'nonFinite.infinite' : 'nonFinite.both', { nan, infinite, of })
}

/** `3 of 20 outputs are NaN`; empty where all are finite. */
export const nonFiniteSentence = ({ nan, infinite }: NonFinite, of: number, what: 'outputs' | 'predictions'): string =>
  nan + infinite === 0 ? '' : t(`nonFinite.${what}`, { nan, infinite, of })

/** Of many numbers. */
export function countNonFinite(values: ArrayLike<number>): NonFinite {
  let [nan, infinite] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) nan++
    else if (!Number.isFinite(values[i])) infinite++
  }
  return { nan, infinite }
}
