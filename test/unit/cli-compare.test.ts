import { expect, test } from 'vitest'
import { tensorError, worstError } from '../../src/cli/compare.ts'
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
