import { expect, test } from 'vitest'
import { logRange, logTicks } from '../../src/view/charts/log-axis.ts'

const place = (value: number, [low, high]: [number, number]) => Math.log(value / low) / Math.log(high / low)

test('no value stands on the edge of the axis, and the values take most of it', () => {
  for (let exponent = -12; exponent < 6; exponent += 0.173)
    for (const span of [1.5, 2.3, 8, 40, 1e4, 1e9]) {
      const [low, high] = [10 ** exponent, span * 10 ** exponent]
      const range = logRange(low, high)
      expect(place(low, range)).toBeGreaterThan(0.02)
      expect(place(high, range)).toBeLessThan(0.98)
      expect(place(high, range) - place(low, range)).toBeGreaterThan(0.25)
    }
  // A loss of a new run, from 2.3 to 1.1: not from 1 to 10.
  expect(logRange(1.1, 2.3)).toEqual([1, 3])
  // One level has room on either side.
  const level = logRange(0.25, 0.25)
  expect(place(0.25, level)).toBeGreaterThan(0.2)
  expect(place(0.25, level)).toBeLessThan(0.8)
})

test('the axis stands still while a loss falls by a few hundredths, and moves seldom while it falls far', () => {
  const ranges = Array.from({ length: 400 }, (_, i) => logRange(2.3 * 0.985 ** i, 2.3).join())
  expect(new Set(ranges).size).toBeLessThan(25)
  // It only ever grows: what was left behind does not come back.
  expect(new Set(ranges).size).toBe(ranges.filter((range, i) => range !== ranges[i - 1]).length)
})

test('ticks are 1, 2 and 5 of each decade, fewer where there are many, and never less than two', () => {
  expect(logTicks(1, 10)).toEqual([1, 2, 5, 10])
  expect(logTicks(0.03, 3)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2])
  expect(logTicks(0.001, 1)).toEqual([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1])
  expect(logTicks(1e-6, 1)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1])
  for (let exponent = -9; exponent < 9; exponent += 0.31)
    for (const span of [2, 5, 30, 1e3, 1e8, 1e14]) {
      const range = logRange(10 ** exponent, span * 10 ** exponent)
      const ticks = logTicks(...range)
      expect(ticks.length).toBeGreaterThanOrEqual(2)
      expect(ticks.length).toBeLessThanOrEqual(7)
      for (const tick of ticks) expect(place(tick, range)).toBeGreaterThan(-1e-6)
    }
})
