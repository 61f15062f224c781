// @ts-check
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gpuOption } from '../gpu-choice.mjs'
import { CallError } from './options.mjs'
import { installPeers } from './peers.mjs'
import { ProgressBar } from './progress-bar.mjs'
import { inDawnChild, runTask, runtimeOption } from './runtime.mjs'
import { checkWritable } from './writable.mjs'

/** The suites in bench/result.ts; a test holds the two together. */
export const suiteNames = ['limits', 'kernels', 'training', 'view']

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Measures what this adapter can do, every kernel against it, training steps a second and what the 3D view costs,\nin interleaved rounds of short blocks; every result is checked against float64 first.',
  options: {
    only: { value: 'SUITE,…', help: `${suiteNames.join(', ')}, or the rows of a suite that begin so: training/mnist` },
    peers: { help: 'also measures TensorFlow.js, jax-js and plain JavaScript (installed on first use)' },
    runtime: runtimeOption,
    gpu: gpuOption,
    rounds: { value: 'N', number: { integer: true, minimum: 1, maximum: 1000 }, help: 'blocks per engine (default 15)' },
    json: { value: 'FILE', help: 'writes the results as JSON (gradscope-bench/1)' },
  },
}

/** @param {import('./options.mjs').Parsed} parsed */
export async function run({ values }) {
  /** @type {string[]} */
  const only = values['only']?.split(',') ?? suiteNames
  for (const entry of only)
    if (!suiteNames.includes(entry.split('/', 1)[0] ?? ''))
      throw new CallError(`--only takes suites out of ${suiteNames.join(', ')}, not '${entry}'.`)
  const json = values['json'] === undefined ? undefined : resolve(values['json'])
  if (json !== undefined) checkWritable('--json', json)
  const status = await inDawnChild(values)
  if (status !== undefined) return status

  if (values['peers']) installPeers()
  const bar = new ProgressBar(process.stderr)
  /** @type {import('../../src/cli/run-bench.ts').BenchJob} */
  const job = { only, peers: values['peers'] === true, ...(values['rounds'] !== undefined ? { rounds: values['rounds'] } : {}) }
  let outcome
  try {
    outcome = await runTask(values, 'bench', job, {
      source: async (name) => {
        throw new Error(`the bench asked for ${name}`)
      },
      write: async () => {},
      report: (event) => {
        if (event.kind === 'note') bar.line(event.text)
        if (event.kind === 'measuring') bar.measuring(event.done, event.what)
      },
    })
  } finally {
    bar.clear()
  }
  const { result, text } = outcome
  process.stdout.write(text)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 1)}\n`)
  const wrong = result.rows.filter((row) => row.engine === 'gradscope' && !row.ok).length + result.numerics.filter(({ ok }) => !ok).length
  if (wrong > 0) process.stderr.write(`gradscope: ${wrong} of the bench's own rows and checks are wrong on this adapter.\n`)
  return wrong > 0 ? 1 : 0
}
