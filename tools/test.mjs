// @ts-check
// npm test: every kind of check; npm run test:full: the many similar cases that are left out there (test/**/*.full.test.ts).
// At the end what failed, by name, and one line `N passed, N failed`; a skipped test counts as failed.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './vite.mjs'
import { closingCounts, failureMark, vitestCounts, vitestFailures } from './test-counts.mjs'

/** @typedef {import('./test-counts.mjs').Counts} Counts */
/** @typedef {{ name: string, run: (told: (line: string) => void) => Promise<Counts> }} Part */

/** Runs a script and hands on its output line by line. @param {string} script @param {string[]} words @param {(line: string) => void} told @returns {Promise<number | null>} */
function node(script, words, told) {
  const child = spawn(process.execPath, [join(root, script), ...words], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', told)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

/** @type {string[]} */
const failures = []

/** @param {string} name @param {string} [project] @param {string[]} [words] @returns {Part} */
const vitest = (name, project = name, words = []) => ({
  name,
  async run(told) {
    const folder = mkdtempSync(join(tmpdir(), 'gradscope-'))
    try {
      const output = join(folder, 'report.json')
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`]
      const status = await node('node_modules/vitest/vitest.mjs', ['run', '--project', project, ...words, ...reporters], told)
      const report = JSON.parse(readFileSync(output, 'utf8'))
      failures.push(...vitestFailures(report).map((failure) => failure.replace(`${root}/`, '')))
      return vitestCounts(report, status)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
})

/** @type {Part} */
const shaders = {
  name: 'shaders',
  async run(told) {
    /** @type {string[]} */
    const lines = []
    const status = await node('tools/check-wgsl.mjs', [], (line) => {
      lines.push(line)
      told(line)
    })
    return closingCounts(lines.join('\n'), status)
  },
}

/** Half of the GPU's tests: a page has one thread. @param {1 | 2} half */
const gpu = (half) => vitest(`gpu ${half}`, 'gpu', [`--shard=${half}/2`])

/** One stage after another; of a stage two parts run at a time. The e2e tests have two workers of their own. @type {Part[][]} */
const stages = process.argv.includes('--full')
  ? [[vitest('gpu', 'gpu-full')], [vitest('e2e', 'e2e-full')]]
  : [[gpu(1), gpu(2), vitest('unit'), shaders, vitest('gpu', 'gpu-alone')], [vitest('e2e')]]

const total = { passed: 0, failed: 0 }

/** Takes one part after another until there are none. @param {Part[]} parts */
async function oneByOne(parts) {
  for (let part = parts.shift(); part; part = parts.shift()) {
    const { name, run } = part
    const told = (/** @type {string} */ line) => console.log(`${name.padEnd(7)} │ ${line}`)
    const start = performance.now()
    /** @type {Counts} */
    let counts
    try {
      counts = await run(told)
    } catch (error) {
      console.error(error)
      counts = { passed: 0, failed: 1 }
    }
    total.passed += counts.passed
    total.failed += counts.failed
    told(`${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
}

const start = performance.now()
for (const parts of stages) await Promise.all([oneByOne(parts), oneByOne(parts)])
console.log(`\n${((performance.now() - start) / 60_000).toFixed(1)} minutes`)
for (const failure of failures) console.log(failureMark + failure)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed ? 1 : 0
