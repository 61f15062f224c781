// @ts-check
// npm run check: types, imports, lint, format and unit tests, for every day. Prints what failed.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { root } from './vite.mjs'

const parts = {
  types: ['npx', 'tsc', '--noEmit'],
  'types without the DOM': ['npx', 'tsc', '--noEmit', '-p', 'tsconfig.core.json'],
  imports: ['node', 'tools/imports.mjs'],
  lint: ['npm', 'run', '--silent', 'lint'],
  format: ['npx', 'prettier', '--check', '--cache', '.'],
  'unit tests': ['npx', 'vitest', 'run', '--project', 'unit', '--reporter=dot'],
}

/** @param {string} name @param {string[]} command @returns {Promise<boolean>} */
function run(name, [program = '', ...words]) {
  const start = performance.now()
  const child = spawn(program, words, {
    cwd: root,
    shell: process.platform === 'win32',
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  return new Promise((resolve) => {
    const end = (/** @type {number | null} */ status) => {
      console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
      if (status !== 0) console.log(output.trimEnd())
      resolve(status === 0)
    }
    child.on('error', (error) => {
      output += error.message
      end(1)
    })
    child.on('close', end)
  })
}

/** Compilers and tests use several cores each: more of them side by side than two cores a part only get into each other's way. */
const sideBySide = Math.max(1, Math.floor(availableParallelism() / 2))
const waiting = Object.entries(parts)
let failed = 0
async function work() {
  for (let part = waiting.shift(); part; part = waiting.shift()) if (!(await run(...part))) failed++
}
await Promise.all(Array.from({ length: sideBySide }, work))
process.exitCode = failed ? 1 : 0
