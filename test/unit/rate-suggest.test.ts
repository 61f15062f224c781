import { describe, expect, test } from 'vitest'
import { spacedRates } from '../../src/answers/rate/rates.ts'
import { bandOf, reached } from '../../src/answers/rate/summary.ts'
import { regionOf, suggest } from '../../src/answers/rate/suggest.ts'
import { InputError } from '../../src/errors.ts'
import { en } from '../../src/words/en/index.ts'
import { say } from '../../src/words/say.ts'

/** Numbers in −1 … 1, the same in every run. */
function noise(seed: number) {
  let state = (seed * 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}

const rates = spacedRates({ least: 1e-5, greatest: 1 }, 16)
const [start, depth] = [2.3, 2]

/** Losses of networks that learn best around `best`, that diverge above `edge`, with noise of the size given. */
function synthetic({ best = 0.01, edge = Infinity, size = 0, seed = 1, seeds = 16 }) {
  const random = noise(seed)
  const offsets = Array.from({ length: seeds }, random)
  const loss = rates.map((rate) =>
    offsets.map((offset) => {
      const away = Math.log10(rate / best) / 1.2
      const value = start * Math.exp(-depth * Math.exp(-(away ** 2)) + size * (offset + random()))
      return rate * Math.exp(size * offset) > edge ? null : value
    }),
  )
  return { rates, loss, start: Array.from({ length: seeds }, () => start), steps: 300 }
}

describe('what a network reached', () => {
  test('is the mean of its last quarter', () => {
    expect(reached([8, 4, 4, 4, 3, 3, 2, 1])).toBe(1.5)
    expect(reached([])).toBeUndefined()
    expect(reached([2])).toBe(2)
  })
  test('is nothing where its loss is not finite, or ends far above its first', () => {
    expect(reached([1, NaN, 0.5, 0.5])).toBeNull()
    expect(reached([1, 0.5, 0.5, Infinity])).toBeNull()
    expect(reached([1, 1, 1, 1.4])).toBe(1.4)
    expect(reached([1, 1, 1, 1.6])).toBeNull()
  })
})

test('a rate’s band: quartiles among which those that diverged come last, and their share', () => {
  expect(bandOf(0.1, [3, 1, 2, 5, 4])).toEqual({ rate: 0.1, count: 5, median: 3, lower: 2, upper: 4, diverged: 0 })
  expect(bandOf(0.1, [3, null, 1, null])).toEqual({ rate: 0.1, count: 4, median: null, lower: 2.5, upper: null, diverged: 0.5 })
  expect(bandOf(0.1, [1, 2, 3, null, undefined])).toMatchObject({ count: 4, median: 2.5, upper: null, diverged: 0.25 })
  expect(bandOf(0.1, [undefined])).toMatchObject({ count: 0, median: null, diverged: 0 })
})

describe('the suggested rate', () => {
  test('is the middle of where the loss falls most', () => {
    const { suggested, from, to, reason } = suggest(synthetic({}))
    expect(suggested).toBeGreaterThan(0.009)
    expect(suggested).toBeLessThan(0.011)
    // a seed learns where the root of its loss falls half as far as at the suggested rate
    const fall = (rate: number) => 1 - Math.exp((-depth * Math.exp(-((Math.log10(rate / 0.01) / 1.2) ** 2))) / 2)
    expect(from).toBe(rates.find((rate) => fall(rate) >= fall(suggested!) / 2))
    expect(to).toBe(rates.findLast((rate) => fall(rate) >= fall(suggested!) / 2))
    expect(say(en, reason)).toMatch(
      /^0\.0099 is the middle of the rates at which the loss falls fastest\. At 0\.01, the loss falls from 2\.3 to 0\.311 in 300 steps \(median\)\. All 16 seeds learn from 0\.001 to 0\.1\.$/,
    )
  })

  test('hardly differs between ten draws of noise that moves the lowest point by more than a factor of two', () => {
    const lowest: number[] = []
    const found = Array.from({ length: 10 }, (_, seed) => {
      const measured = synthetic({ size: 0.4, seeds: 4, seed: seed + 1 })
      const medians = measured.rates.map((rate, i) => bandOf(rate, measured.loss[i]!).median!)
      lowest.push(rates[medians.indexOf(Math.min(...medians))]!)
      return suggest(measured).suggested!
    })
    expect(Math.max(...found) / Math.min(...found)).toBeLessThan(1.5)
    expect(Math.max(...lowest) / Math.min(...lowest)).toBeGreaterThan(2)
  })

  test('keeps an octave below where seeds begin to diverge, and says so', () => {
    const { suggested, to, reason } = suggest(synthetic({ best: 0.3, edge: 0.02 }))
    expect(suggested).toBeLessThanOrEqual(0.01)
    expect(suggested).toBeGreaterThan(0.002)
    expect(to).toBeLessThan(0.02)
    expect(say(en, reason)).toContain('where training starts to diverge')
  })

  test('is none where nothing falls, and where all diverge', () => {
    const flat = { ...synthetic({}), loss: rates.map(() => [2.3, 2.31, 2.29]) }
    expect(suggest(flat)).toMatchObject({ suggested: null, from: null, to: null, reason: { code: 'rate.nothing' } })
    expect(suggest({ ...flat, loss: rates.map(() => [null, null]) }).suggested).toBeNull()
  })

  test('tells where it lies at an end of the range', () => {
    expect(say(en, suggest(synthetic({ best: 3 })).reason)).toContain('test higher rates too')
    expect(say(en, suggest(synthetic({ best: 2e-6 })).reason)).toContain('test lower rates too')
  })

  test('works for all seeds only where each learns', () => {
    const measured = synthetic({})
    const one = measured.loss.map((row, i) => row.map((value, seed) => (seed === 3 && i > 8 ? start : value)))
    const { suggested, from, to, reason } = suggest({ ...measured, loss: one })
    expect(suggested).not.toBeNull()
    expect([from, to].every((rate) => rate === null || rate <= rates[8]!)).toBe(true)
    expect(say(en, reason)).toContain(from === null ? 'No tested rate works for all 16 seeds' : 'All 16 seeds learn')
  })

  test('takes what there is of a test under way', () => {
    const measured = synthetic({})
    const part = measured.loss.map((row) => row.map((value, seed) => (seed < 2 ? value : undefined)))
    expect(suggest({ ...measured, loss: part }).suggested).toBeCloseTo(0.01, 3)
  })
})

test('a first look leaves the rates around those at which the loss falls', () => {
  const look = { rates: [1, 2, 4, 8, 16, 32], loss: [2.3, 2.2, 0.5, 0.3, 2, null], start: [2.3] }
  expect(regionOf(look, { least: 1, greatest: 32 })).toEqual({ least: 2, greatest: 16 })
  expect(regionOf({ ...look, loss: look.rates.map(() => 2.3) }, { least: 1, greatest: 32 })).toEqual({ least: 1, greatest: 32 })
})

test('rates are spaced evenly on a log axis, in numbers that people write', () => {
  expect(spacedRates({ least: 1e-3, greatest: 1 }, 4)).toEqual([0.001, 0.01, 0.1, 1])
  expect(spacedRates({ least: 1e-3, greatest: 1 }, 3)).toEqual([0.001, 0.0316, 1])
  for (const [range, count, sentence] of [
    [{ least: 0, greatest: 1 }, 4, 'least is 0, expected a positive number'],
    [{ least: 1, greatest: 1 }, 4, 'least is 1, expected less than the greatest rate, 1'],
    [{ least: 0.1, greatest: 1 }, 1, 'rates is 1'],
  ] as const) {
    const call = () => spacedRates(range, count)
    expect(call).toThrow(InputError)
    expect(call).toThrow(sentence)
  }
})
