/** A measured number as a sentence has it: three digits, no more zeros than there are. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(size < 1e-3 ? 1 : 2).replace('e+', 'e')
  return String(Number(value.toPrecision(3)))
}

/** A share as a percentage, small ones with their digits. */
export const percentage = (share: number): string => `${figure(100 * share)} %`
