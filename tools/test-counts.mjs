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

/**
 * What did not pass in a Vitest JSON report, each with its file and the first line of its message.
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] | null }[] }[] }} report
 * @returns {string[]}
 */
export const vitestFailures = (report) =>
  report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const line = (/** @type {string} */ what, /** @type {string | undefined} */ why) =>
      `${name}: ${what}${why ? `: ${why.split('\n')[0]}` : ''}`
    const tests = assertionResults.filter((test) => test.status !== 'passed')
    if (tests.length === 0) return status === 'passed' ? [] : [line('the file', message)]
    return tests.map((test) => line(`${test.fullName} (${test.status})`, test.failureMessages?.[0]))
  })

/** Begins each line that names a failure at the end of a run. */
export const failureMark = 'FAILED  '

/** The counts of a closing line `N passed, N failed`; a part without one, or that ended badly all the same, failed. @param {string} output @param {number | null} status @returns {Counts} */
export function closingCounts(output, status) {
  const found = /^(\d+) passed, (\d+) failed$/m.exec(output.trimEnd().split('\n').at(-1) ?? '')
  if (!found) return { passed: 0, failed: 1 }
  const [passed, failed] = [Number(found[1]), Number(found[2])]
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed }
}
