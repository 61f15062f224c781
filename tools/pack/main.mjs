// @ts-check
// What the archive of `npm run bench:pack` runs: every recorded training run, then the bench, on this machine's GPU. Bundled to one file.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { checkOnly } from '../../bench/run.ts'
import { InputError } from '../../src/errors.ts'
import { openPeer } from '../../bench/peers/open.ts'
import { adapterText } from '../../bench/table.ts'
import { runTask } from '../../src/cli/tasks.ts'
import { openDevice } from '../../src/gpu/device.ts'
import { CallError, helpText, parseOptions } from '../cli/options.mjs'
import { nodePeerNames, peerLibraries } from '../cli/peer-libraries.mjs'
import { ProgressBar } from '../cli/progress-bar.mjs'
import { tuningFile } from '../cli/tuning-file.mjs'
import { checkWritable } from '../cli/writable.mjs'
import { askedGpu, gpuOption } from '../gpu-choice.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const goldens = join(here, 'goldens')

/** @type {import('../cli/options.mjs').Command} */
const command = {
  summary: 'Repeats the recorded training runs on this GPU, then measures it: results as text, and as JSON in a file.',
  options: {
    only: { value: 'SUITE,…', help: 'limits, kernels, training; training/mnist is what begins so in a suite' },
    'no-peers': { help: 'without the other engines' },
    rounds: { value: 'N', number: { integer: true, minimum: 1, maximum: 1000 }, help: 'blocks of each engine (15)' },
    json: { value: 'FILE', help: 'where the JSON goes (gradscope-bench.json in this folder)' },
    gpu: { ...gpuOption, help: 'refuses another adapter than this (default: what Vulkan finds)' },
  },
}

/** @param {string[]} words @returns {Promise<number>} */
async function main(words) {
  if (words.includes('--help')) {
    process.stdout.write(helpText('./run', command))
    return 0
  }
  const { values } = parseOptions('./run', command, words)
  const only = values['only']?.split(',') ?? ['limits', 'kernels', 'training']
  checkOnly(only)
  const file = resolve(values['json'] ?? join(here, 'gradscope-bench.json'))
  checkWritable('--json', file)
  const host = await openHost()
  await meetAdapter(host.gpu, askedGpu(values['gpu']))
  const failed = await verify(host)
  const wrong = await bench(host, { only, peers: !values['no-peers'], rounds: values['rounds'] }, file)
  return failed + wrong > 0 ? 1 : 0
}

async function openHost() {
  const { create, globals } = await import(/* @vite-ignore */ pathToFileURL(join(here, 'webgpu/index.js')).href)
  Object.assign(globalThis, globals)
  const gpu = create([])
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  const { version } = JSON.parse(readFileSync(join(here, 'webgpu/package.json'), 'utf8'))
  const bar = new ProgressBar(process.stderr)
  /** @type {import('../../src/cli/host.ts').Host} */
  const host = {
    runtime: 'dawn',
    browser: `dawn.node ${version}, Node ${process.version}`,
    gpu,
    tuning: tuningFile(),
    source: async (name) => new Uint8Array(readFileSync(join(goldens, name))),
    write: async () => {},
    report(event) {
      if (event.kind === 'case') process.stdout.write(`${event.line}\n`)
      if (event.kind === 'measuring') bar.measuring(event.done, event.what)
    },
  }
  return { ...host, bar }
}

/** Says before the first minutes pass on what they pass, or refuses it. @param {GPU | undefined} gpu @param {import('../gpu-choice.mjs').Asked} asked */
async function meetAdapter(gpu, { kind, words }) {
  const { adapter, destroy } = await openDevice({ gpu })
  destroy()
  if (kind !== undefined && adapter.software !== (kind === 'software'))
    throw new CallError(
      `${words}: found ${adapter.description}, expected ${kind === 'hardware' ? 'a GPU with the Vulkan driver of its maker' : 'a driver in software, named by VK_DRIVER_FILES'}.`,
    )
  process.stdout.write(`${adapterText(adapter)}\n\n`)
}

/** @param {Awaited<ReturnType<typeof openHost>>} host @returns {Promise<number>} cases that failed */
async function verify(host) {
  const names = readdirSync(goldens).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
  const { passed, failed } = settle(await runTask('verify', { names: names.sort() }, host))
  process.stdout.write(`${passed} passed, ${failed} failed\n\n`)
  return failed
}

/**
 * @param {Awaited<ReturnType<typeof openHost>>} host @param {{ only: string[], peers: boolean, rounds: number | undefined }} choice @param {string} file
 * @returns {Promise<number>} rows and checks that are wrong
 */
async function bench(host, { only, peers, rounds }, file) {
  const libraries = peerLibraries(join(here, 'peers'))
  const job = {
    only,
    peers,
    ...(rounds !== undefined && { rounds }),
  }
  const offered = {
    names: nodePeerNames,
    open: (/** @type {import('../../bench/peers/peer.ts').PeerName} */ name) => openPeer(name, libraries),
  }
  const { result, text } = settle(await runTask('bench', job, { ...host, ...(peers && { peers: offered }) }))
  host.bar.clear()
  process.stdout.write(text)
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`)
  process.stdout.write(`\n${file}\n`)
  return result.rows.filter((row) => row.engine === 'gradscope' && !row.ok).length + result.numerics.filter(({ ok }) => !ok).length
}

/** @template Result @param {import('../../src/cli/host.ts').Outcome<Result>} outcome @returns {Result} */
function settle(outcome) {
  if ('result' in outcome) return outcome.result
  throw outcome.badInput ? new CallError(outcome.message) : new Error(outcome.message)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`gradscope: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof CallError || error instanceof InputError ? 2 : 1
}
process.exit() // dawn.node's thread would keep the process
