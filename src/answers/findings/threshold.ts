/** Makers of thresholds: how a press of + or − changes each is a part of it. */
import type { Threshold } from './finding.ts'

type Unit = Threshold['unit']

const rounded = (value: number): number => Number(value.toPrecision(6))

/** By half an order of magnitude: 1, 3, 10. */
export const inDecades = (value: number, source: string, unit: Unit = 'ratio'): Threshold => ({
  value,
  unit,
  source,
  next(now, up) {
    const power = Math.floor(Math.log10(now) + 1e-9)
    const digit = now / 10 ** power
    if (up) return rounded(digit < 2.5 ? 3 * 10 ** power : 10 ** (power + 1))
    return rounded(digit > 3.5 ? 3 * 10 ** power : digit > 1.5 ? 10 ** power : 3 * 10 ** (power - 1))
  },
})

/** By a fixed amount, between two ends. */
export const inSteps = (
  value: number,
  step: number,
  source: string,
  unit: Unit = 'ratio',
  [least, most] = [step, Infinity],
): Threshold => ({
  value,
  unit,
  source,
  next: (now, up) => rounded(Math.min(most, Math.max(least, now + (up ? step : -step)))),
})

/** A share by twentieths. */
export const inShares = (value: number, source: string): Threshold => inSteps(value, 0.05, source, 'share', [0.05, 1])
