import { expect, test } from 'vitest'
import { firstByte } from '../../src/data/text.ts'
import { momentsOf } from '../../src/data/scaling.ts'

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
