// @ts-check
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gpuOption } from '../gpu-choice.mjs'
import { CallError } from './options.mjs'
import { inDawnChild, runTask, runtimeOption } from './runtime.mjs'

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Repeats the training runs recorded in DIR (NAME.json with NAME.safetensors; test/goldens/README.md tells the format)\nand compares every number: a line a case, `N passed, N failed` at the end.',
  positional: 'DIR',
  options: { runtime: runtimeOption, gpu: gpuOption },
}

/** @param {string} directory */
function casesIn(directory) {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw new CallError(`there is no directory ${directory}.`)
  const files = new Set(readdirSync(directory))
  const names = [...files].filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length))
  const cases = names.filter((name) => files.has(`${name}.safetensors`)).sort()
  if (cases.length === 0) throw new CallError(`${directory} holds no case, that is no NAME.json with its NAME.safetensors.`)
  return cases
}

/** @param {import('./options.mjs').Parsed} parsed */
export async function run({ positional, values }) {
  if (positional === undefined) throw new CallError('gradscope verify needs the directory of the cases: gradscope verify DIR.')
  const names = casesIn(positional)
  const status = await inDawnChild(values)
  if (status !== undefined) return status
  const { passed, failed } = await runTask(
    values,
    'verify',
    { names },
    {
      source: async (file) => new Uint8Array(readFileSync(join(positional, file))),
      write: async () => {},
      report: (event) => {
        if (event.kind === 'note') process.stderr.write(`${event.text}\n`)
        if (event.kind === 'case') process.stdout.write(`${event.line}\n`)
      },
    },
  )
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed ? 1 : 0
}
