// @ts-check
/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * What a Vitest JSON report says. Whatever did not pass failed: skipped, pending and to-do tests, files that could not be loaded,
 * a run that ended badly all the same, a run without tests.
 * @param {{ numTotalTests: number, numPassedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @param {number | null} status exit status of the run
 * @returns {Counts}
 */
export function vitestCounts(report, status) {
  const passed = report.numPassedTests
  const broken = report.testResults.filter(
    ({ status: outcome, assertionResults }) =>
      assertionResults.length === 0 || (outcome === 'failed' && assertionResults.every((test) => test.status === 'passed')),
  ).length
  const failed = report.numTotalTests - passed + broken
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed }
}

/** The counts of a closing line `N passed, N failed`; a part without one, or that ended badly all the same, failed. @param {string} output @param {number | null} status @returns {Counts} */
export function closingCounts(output, status) {
  const found = /^(\d+) passed, (\d+) failed$/m.exec(output.trimEnd().split('\n').at(-1) ?? '')
  if (!found) return { passed: 0, failed: 1 }
  const [passed, failed] = [Number(found[1]), Number(found[2])]
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed }
}
