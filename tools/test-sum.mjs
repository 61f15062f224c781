// @ts-check
// node tools/test-sum.mjs FILE…: adds the closing lines `N passed, N failed` of recorded test runs. A run without one counts as a failure.
import { existsSync, readFileSync } from 'node:fs'
import { closingCounts } from './test-counts.mjs'

const total = { passed: 0, failed: 0 }
for (const file of process.argv.slice(2)) {
  const { passed, failed } = closingCounts(existsSync(file) ? readFileSync(file, 'utf8') : '', 0)
  total.passed += passed
  total.failed += failed
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed || !total.passed ? 1 : 0
