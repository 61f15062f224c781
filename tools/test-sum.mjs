// @ts-check
// node tools/test-sum.mjs FILE…: adds the closing lines `N passed, N failed` of recorded test runs, and repeats what failed in them. A run without one counts as a failure.
import { existsSync, readFileSync } from 'node:fs'
import { closingCounts, failureMark } from './test-counts.mjs'

const total = { passed: 0, failed: 0 }
for (const file of process.argv.slice(2)) {
  const output = existsSync(file) ? readFileSync(file, 'utf8') : ''
  for (const line of output.split('\n')) if (line.startsWith(failureMark)) console.log(line)
  const { passed, failed } = closingCounts(output, 0)
  total.passed += passed
  total.failed += failed
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed || !total.passed ? 1 : 0
