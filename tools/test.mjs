// @ts-check
// npm test: every part, one after another, and at the end one line `N passed, N failed`. A skipped test counts as failed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './vite.mjs'
import { closingCounts, vitestCounts } from './test-counts.mjs'

/** @typedef {import('./test-counts.mjs').Counts} Counts */

/** @param {string} script @param {string[]} words @param {'inherit' | 'pipe'} stdout */
const node = (script, words, stdout = 'inherit') =>
  spawnSync(process.execPath, [join(root, script), ...words], { cwd: root, stdio: ['ignore', stdout, 'inherit'], encoding: 'utf8' })

/** @param {string[]} projects @returns {Counts} */
function vitest(projects) {
  const folder = mkdtempSync(join(tmpdir(), 'gradscope-'))
  try {
    const output = join(folder, 'report.json')
    const { status } = node('node_modules/vitest/vitest.mjs', [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${output}`,
    ])
    return vitestCounts(JSON.parse(readFileSync(output, 'utf8')), status)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @returns {Counts} */
function shaders() {
  const { status, stdout } = node('tools/check-wgsl.mjs', [], 'pipe')
  process.stdout.write(stdout)
  return closingCounts(stdout, status)
}

const parts = /** @type {const} */ ([
  ['unit tests and GPU tests', () => vitest(['unit', 'gpu'])],
  ['shaders', shaders],
  ['commands and page', () => vitest(['e2e'])],
])
const total = { passed: 0, failed: 0 }
for (const [name, run] of parts) {
  const start = performance.now()
  /** @type {Counts} */
  let counts
  try {
    counts = run()
  } catch (error) {
    console.error(error)
    counts = { passed: 0, failed: 1 }
  }
  total.passed += counts.passed
  total.failed += counts.failed
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - start) / 1000).toFixed(0)} s\n`)
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0
