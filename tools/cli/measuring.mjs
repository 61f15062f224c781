// @ts-check
// What the commands that answer by measurement have in common.
import { gpuOption } from '../gpu-choice.mjs'
import { CallError } from './options.mjs'
import { ProgressBar } from './progress-bar.mjs'
import { resultsIn } from './results.mjs'
import { checkTrain, inDawnChild, runTask, runtimeOption } from './runtime.mjs'
import { checkFiles, checkSource, nameFiles, seedOption, sourceOf, sourceOptions } from './source-options.mjs'
import { checkFolder } from './writable.mjs'

const wholeNumber = { integer: true, minimum: 1 }

/** The options of a measuring command, its own among them. @param {Record<string, import('./options.mjs').Option>} own */
export const measuringOptions = (own) => ({
  ...sourceOptions,
  ...own,
  steps: { value: 'N', number: wholeNumber, help: 'training steps of each network (default: by the data, 100 to 300)' },
  budget: {
    value: 'SECONDS',
    number: { minimum: 0, open: true },
    help: 'time for a network too large to train many at once; fewer are trained then',
  },
  seed: seedOption,
  json: { help: 'prints the results as JSON and nothing else on standard output' },
  runtime: runtimeOption,
  gpu: gpuOption,
  out: { value: 'DIR', help: 'folder for the results, created if missing' },
})

/** @typedef {'rate' | 'sweep' | 'compare'} Name */
/** @typedef {import('../../src/cli/tasks.ts').Tasks} Tasks */

/**
 * Runs such a command: checks the call, measures, and says what was found.
 * @template {Name} N
 * @param {N} name @param {Record<string, any>} values @param {Record<string, unknown>} own what goes into the job besides
 * @param {object} how
 * @param {(result: Awaited<ReturnType<Tasks[N]>>) => string} how.text what a person reads
 * @param {(job: any, desk: import('./runtime.mjs').Desk) => Promise<unknown>} [how.check] refuses bad input before a browser is opened
 * @param {string[]} [how.besides] files of the results besides
 */
export async function measure(name, values, own, { text, check, besides = [] }) {
  checkSource(name, values)
  if (!values['out']) throw new CallError(`gradscope ${name} needs --out DIR for its results.`)
  checkFolder('--out', values['out'])
  checkFiles(values)
  const status = await inDawnChild(values)
  if (status !== undefined) return status
  const { paths, job } = nameFiles(values)
  const task = {
    ...job,
    ...own,
    ...(values['steps'] !== undefined && { steps: values['steps'] }),
    ...(values['budget'] !== undefined && { budget: values['budget'] }),
  }
  const bar = new ProgressBar(process.stderr)
  const output = resultsIn(values['out'], [...besides, `${name}.json`], `${name}.png`)
  /** @type {import('./runtime.mjs').Desk} */
  const desk = {
    source: sourceOf(paths),
    write: async (file, bytes) => output.write(file, bytes),
    report: (event) => {
      if (event.kind === 'measuring') bar.measuring(event.done, event.what)
      else if (event.kind === 'note') bar.line(event.text)
    },
  }
  if (task.data !== undefined) await checkTrain(task, desk)
  await check?.(task, desk)
  try {
    const result = await runTask(values, name, /** @type {any} */ (task), desk)
    bar.clear()
    if (values['json']) process.stdout.write(`${JSON.stringify(result)}\n`)
    else process.stdout.write(`${text(result)}\nwrote ${output.written.join(', ')}\n`)
  } finally {
    bar.clear()
  }
  return 0
}
