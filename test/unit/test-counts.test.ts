import { expect, test } from 'vitest'
import { closingCounts, vitestCounts, vitestFailures } from '../../tools/test-counts.mjs'

const file = (...statuses: string[]) => ({
  status: statuses.every((status) => status === 'passed') ? 'passed' : 'failed',
  assertionResults: statuses.map((status) => ({ status })),
})
const report = (...testResults: ReturnType<typeof file>[]) => {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  return { numTotalTests: all.length, numPassedTests: all.filter(({ status }) => status === 'passed').length, testResults }
}

test('skipped and to-do tests count as failed', () => {
  expect(vitestCounts(report(file('passed', 'pending', 'todo', 'failed')), 1)).toEqual({ passed: 1, failed: 3 })
  expect(vitestCounts(report(file('passed', 'skipped')), 0)).toEqual({ passed: 1, failed: 1 })
})

test('a file that could not be loaded, a bad end and an empty run count as failed', () => {
  expect(vitestCounts(report(file('passed'), file()), 1)).toEqual({ passed: 1, failed: 1 })
  expect(vitestCounts(report(file('passed')), 1)).toEqual({ passed: 1, failed: 1 })
  expect(vitestCounts(report(), 0)).toEqual({ passed: 0, failed: 1 })
  expect(vitestCounts(report(file('passed', 'passed')), 0)).toEqual({ passed: 2, failed: 0 })
})

test('a closing line', () => {
  expect(closingCounts('ok a\n22 passed, 6 failed\n', 1)).toEqual({ passed: 22, failed: 6 })
  expect(closingCounts('3 passed, 0 failed\n', 1)).toEqual({ passed: 3, failed: 1 })
  expect(closingCounts('crashed', 1)).toEqual({ passed: 0, failed: 1 })
  expect(closingCounts('0 passed, 0 failed', 0)).toEqual({ passed: 0, failed: 1 })
})

test('what failed, by name', () => {
  const named = (status: string, fullName: string, failureMessages: string[] = []) => ({ status, fullName, failureMessages })
  const results = [
    { name: 'a.test.ts', status: 'passed', assertionResults: [named('passed', 'fine')] },
    { name: 'b.test.ts', status: 'failed', assertionResults: [named('passed', 'fine'), named('failed', 'adds', ['Error: 3\n at b'])] },
    { name: 'c.test.ts', status: 'failed', message: 'no such module\n at c', assertionResults: [] },
    { name: 'd.test.ts', status: 'passed', assertionResults: [named('skipped', 'later')] },
  ]
  expect(vitestFailures({ testResults: results })).toEqual([
    'b.test.ts: adds (failed): Error: 3',
    'c.test.ts: the file: no such module',
    'd.test.ts: later (skipped)',
  ])
})
