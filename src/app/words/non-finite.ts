/** How many numbers are NaN or infinite, in words. */
import type { NonFinite } from '../../inspect/layer-statistics.ts'
import { integer } from './format.ts'

/** `NaN 3 of 20`, `infinite 2 of 20`, `NaN 3, infinite 2 of 20`; empty where all are finite. */
export function nonFiniteText({ nan, infinite }: NonFinite, of: number): string {
  const parts = [...(nan > 0 ? [`NaN ${integer(nan)}`] : []), ...(infinite > 0 ? [`infinite ${integer(infinite)}`] : [])]
  return parts.length > 0 ? `${parts.join(', ')} of ${integer(of)}` : ''
}

/** `3 of 20 outputs are NaN`; of what, in the plural. Empty where all are finite. */
export function nonFiniteSentence({ nan, infinite }: NonFinite, of: number, what: string): string {
  if (nan + infinite === 0) return ''
  const kind = infinite === 0 ? 'NaN' : nan === 0 ? 'infinite' : 'NaN or infinite'
  return `${integer(nan + infinite)} of ${integer(of)} ${what} are ${kind}`
}

/** Of many numbers. */
export function countNonFinite(values: ArrayLike<number>): NonFinite {
  let [nan, infinite] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) nan++
    else if (!Number.isFinite(values[i])) infinite++
  }
  return { nan, infinite }
}
