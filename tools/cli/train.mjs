// @ts-check
import { gpuOption } from '../gpu-choice.mjs'
import { CallError } from './options.mjs'
import { evaluationText, ProgressBar, reachedText } from './progress-bar.mjs'
import { aidsOf, trainingAids } from './training-aids.mjs'
import { resultsIn } from './results.mjs'
import { checkFiles, checkSource, nameFiles, seedOption, sourceOf, sourceOptions } from './source-options.mjs'
import { findingKinds, stopsOf } from './stop-on.mjs'
import { checkFolder } from './writable.mjs'
import { checkTrain, inDawnChild, runTask, runtimeOption } from './runtime.mjs'

const wholeNumber = { integer: true, minimum: 1 }

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Trains a preset, or a model file on data files, and writes model.json, model.safetensors, history.json, findings.json and\nview.png into DIR.\nThe presets on CIFAR-10 take its files, or their folder, with --data and --test.',
  options: {
    ...sourceOptions,
    epochs: { value: 'N', number: wholeNumber, help: "passes over the training data (default: the preset's, else 10)" },
    steps: { value: 'N', number: wholeNumber, help: 'training steps, in place of --epochs' },
    seed: seedOption,
    ...trainingAids,
    'stop-on': { value: 'KIND,…', help: `ends the run at the first such finding: ${findingKinds.join(', ')}` },
    precision: {
      value: 'f32|mixed',
      choices: ['f32', 'mixed'],
      help: 'mixed: f16 inputs, f32 accumulation, if the adapter supports f16 (default f32)',
    },
    runtime: runtimeOption,
    gpu: gpuOption,
    out: { value: 'DIR', help: 'folder for the results, created if missing' },
  },
}

/** @param {Record<string, any>} values */
function checkCall(values) {
  const { epochs, steps, out } = values
  checkSource('train', values)
  if (epochs !== undefined && steps !== undefined) throw new CallError('--epochs and --steps exclude each other.')
  if (!out) throw new CallError('gradscope train needs --out DIR for its results.')
  checkFolder('--out', out)
  checkFiles(values)
}

/** @param {import('./options.mjs').Parsed} parsed */
export async function run({ values }) {
  checkCall(values)
  const status = await inDawnChild(values)
  if (status !== undefined) return status

  const { paths, job } = nameFiles(values)
  const bar = new ProgressBar(process.stderr)
  const output = resultsIn(values['out'])
  let reached = ''
  /** @type {import('../../src/cli/run-train.ts').TrainJob} */
  const task = {
    ...job,
    ...(values['epochs'] !== undefined ? { epochs: values['epochs'] } : {}),
    ...(values['steps'] !== undefined ? { steps: values['steps'] } : {}),
    ...aidsOf(values),
    ...stopsOf(values),
    ...(values['precision'] ? { precision: values['precision'] } : {}),
  }
  /** @type {import('./runtime.mjs').Desk} */
  const desk = {
    source: sourceOf(paths),
    write: async (name, bytes) => output.write(name, bytes),
    report: (event) => {
      if (event.kind === 'progress') bar.progress(event)
      else if (event.kind === 'preparing') bar.preparing(event.done, event.what)
      else if (event.kind === 'evaluation') bar.line(evaluationText(event))
      else if (event.kind === 'reached') reached = reachedText(event)
      else if (event.kind === 'note') bar.line(event.text)
    },
  }
  if (task.data !== undefined) await checkTrain(task, desk)
  try {
    await runTask(values, 'train', task, desk)
  } catch (error) {
    if (!output.isWhole()) throw error
    // Browser and GPU may break at the picture: the run is done and written by then.
    bar.line(`view.png is not written: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, '')}.`)
  } finally {
    bar.clear()
  }
  process.stdout.write(`${reached}\n`)
  process.stdout.write(`wrote ${output.written.join(', ')}\n`)
  return 0
}
