import { expect, test } from 'vitest'
import { parseCsv } from '../../src/data/csv.ts'
import { prepareTable } from '../../src/data/prepare.ts'
import { firstByte } from '../../src/data/text.ts'
import { momentsOf } from '../../src/data/scaling.ts'
import { spoken } from './spoken.ts'

test('equal values do not deviate, however their mean is rounded', () => {
  for (const value of [36.6, 0.1, -1e-30, 1e30]) {
    expect(momentsOf(Array<number>(80).fill(value))).toEqual({ mean: value, deviation: 0, count: 80 })
    expect(momentsOf([NaN, value, value])).toEqual({ mean: value, deviation: 0, count: 2 })
  }
  expect(momentsOf([1, 3])).toEqual({ mean: 2, deviation: 1, count: 2 })
  expect(momentsOf([NaN])).toEqual({ mean: 0, deviation: 0, count: 0 })
})

test('a text begins after its byte order mark and blanks', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(firstByte(bytes('\uFEFF \n{}'))).toBe('{'.charCodeAt(0))
  expect(firstByte(bytes(' [1]'))).toBe('['.charCodeAt(0))
  expect(firstByte(bytes(' '))).toBeUndefined()
})

test('numbers far from 0 beside what sets them apart keep what sets them apart', () => {
  const first = 1_700_000_000
  const table = parseCsv(
    't.csv',
    new TextEncoder().encode(`time,y\n${Array.from({ length: 100 }, (_, i) => `${first + i},${i % 7}.5`).join('\n')}`),
  )
  const { train, scaling, featureNames, notes } = prepareTable(table, { testFraction: 0 })
  const [mean, deviation] = [scaling!.mean[0]!, scaling!.deviation[0]!]
  const seen = Float64Array.from(train.x, (value) => (value - mean) / deviation).sort()
  const whole = Math.sqrt((100 ** 2 - 1) / 12)
  seen.forEach((value, i) => expect(value).toBeCloseTo((i - 49.5) / whole, 5))
  expect(featureNames).toEqual(['time − 1700000050'])
  expect(spoken(notes)).toContain('"time" is taken less 1700000050: its values differ by too little, beside that, for single precision.')
})
