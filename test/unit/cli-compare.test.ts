import { expect, test } from 'vitest'
import { diverges, tensorError, worstError } from '../../src/cli/compare.ts'
import { caseLine } from '../../src/cli/run-verify.ts'

test('the error is relative to the tensor, or to a hundredth of the largest of its kind', () => {
  expect(tensorError([1, 2.1], [1, 2], 2)).toBeCloseTo(0.05, 10)
  expect(tensorError([0.11], [0.1], 100)).toBeCloseTo(0.01, 10)
  expect(tensorError([0, 0], [0, 0], 0)).toBe(0)
})

test('what is missing, short or not finite fails', () => {
  expect(tensorError(undefined, [1], 1)).toBe(Infinity)
  expect(tensorError([1], [1, 2], 2)).toBe(Infinity)
  expect(tensorError([NaN, 1], [1, 1], 1)).toBe(Infinity)
  expect(tensorError([1e-9], [0], 0)).toBe(Infinity)
})

test('a recording that leaves float32 is repeated by a run that leaves it too', () => {
  expect(diverges([new Map([['loss', [1, 1e38]]])])).toBe(false)
  expect(diverges([new Map([['loss', [1, 1e39]]])])).toBe(true)
  expect(diverges([new Map([['final', [NaN]]])])).toBe(true)
  // entry by entry: only what follows a number near the end of the range is free
  expect(tensorError([1, Infinity, NaN], [1, 1e39, NaN], 1, 'entries')).toBe(0)
  expect(tensorError([1, Infinity, NaN], [1, 1e30, NaN], 1e30, 'entries')).toBe(0)
  expect(tensorError([NaN, Infinity, NaN], [1, 1e39, NaN], 1, 'entries')).toBe(Infinity)
  expect(tensorError([1.1, NaN], [1, NaN], 1, 'entries')).toBeCloseTo(0.1, 10)
  expect(tensorError([1, 5], [1, NaN], 1, 'entries')).toBe(Infinity)
  expect(tensorError([NaN, 1], [1e23, 1], 1e23, 'whole')).toBe(0)
  expect(tensorError([2e23, 1], [1e23, 1], 1e23, 'whole')).toBeCloseTo(1, 10)
  // and a finite number where none is expected, or one that is not finite where nothing diverges, fails
  expect(tensorError([1], [NaN], 1, 'whole')).toBe(Infinity)
  expect(tensorError([1], [NaN], 1)).toBe(Infinity)
  expect(tensorError([Infinity], [1e30], 1e30)).toBe(Infinity)
})

test('the worst of a kind', () => {
  const expected = new Map([
    ['a', [100]],
    ['b', [0.5]],
  ])
  const got = new Map([
    ['a', [101]],
    ['b', [0.6]],
  ])
  expect(worstError(got, expected)).toBeCloseTo(0.1, 10)
  got.delete('b')
  expect(worstError(got, expected)).toBe(Infinity)
})

test('a line a case', () => {
  const errors = { output: 0.001, grad: 0.11, loss: 0, final: 1.001, evaluation: Infinity }
  expect(caseLine({ name: 'x', passed: false, errors })).toBe('FAIL x output=0.01 grad=0.11 loss=0.00 final=1.01 evaluation=inf')
  expect(caseLine({ name: 'y', passed: false, reason: 'unknown layer' })).toBe('FAIL y unknown layer')
})
