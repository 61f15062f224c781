// @ts-check
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { nodeDataSource } from '../data-node.mjs'
import { gpuOption } from '../gpu-choice.mjs'
import { CallError } from './options.mjs'
import { evaluationText, ProgressBar, reachedText } from './progress-bar.mjs'
import { aidsOf, trainingAids } from './training-aids.mjs'
import { resultsIn } from './results.mjs'
import { checkFolder } from './writable.mjs'
import { checkTrain, inDawnChild, runTask, runtimeOption } from './runtime.mjs'

const wholeNumber = { integer: true, minimum: 1 }

/** The names in src/data/presets.ts; a test holds the two together. */
const tableNames = ['article', 'mnist', 'xor', 'circle', 'gaussians', 'spiral', 'moons', 'iris', 'weather', 'penguins']
const presetNames = [
  ...tableNames,
  'depth-comparison',
  ...['lenet5', 'vgg', 'googlenet', 'resnet20', 'densenet40'].flatMap((network) => [`${network}-mnist`, `${network}-cifar10`]),
]

/** @type {import('./options.mjs').Command} */
export const command = {
  summary:
    'Trains a preset, or a model file on data files, and writes model.json, model.safetensors, history.json and view.png into DIR.\nThe presets on CIFAR-10 take its files, or their folder, with --data and --test.',
  options: {
    preset: { value: 'NAME', choices: presetNames, help: presetNames.join(', ') },
    model: { value: 'FILE', help: 'a model file (gradscope-model/1, JSON), trained on --data' },
    data: {
      value: 'PATH',
      many: true,
      help: 'a table (CSV, JSON) or two IDX files, gzipped or not; CIFAR-10 (data_batch_1.bin …); a folder or ZIP of images, one folder per class',
    },
    target: { value: 'COLUMN', help: 'the column of a table to predict (default: the last one)' },
    test: { value: 'PATH', many: true, help: 'data to test on' },
    'test-fraction': {
      value: 'F',
      number: { minimum: 0, maximum: 0.99 },
      help: 'share of the data kept for testing, 0 for none (default 0.2)',
    },
    epochs: { value: 'N', number: wholeNumber, help: "passes over the training data (default: the preset's, else 10)" },
    steps: { value: 'N', number: wholeNumber, help: 'training steps, in place of --epochs' },
    seed: { value: 'N', number: { integer: true, minimum: 0 }, help: 'seed of initial values, shuffling and dropout' },
    ...trainingAids,
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
  const { preset, model, data, test, epochs, steps, out } = values
  if (!preset && !model) throw new CallError('gradscope train needs --preset NAME, or --model FILE with --data FILE.')
  if (preset && model) throw new CallError('--preset and --model exclude each other.')
  if (model && !data) throw new CallError('--model needs --data FILE to train on.')
  const ownCopy = preset && takesCifar10(preset)
  if (ownCopy && !data)
    throw new CallError(
      `--preset ${preset} trains on your own copy of CIFAR-10: give its binary version with --data data_batch_1.bin … data_batch_5.bin --test test_batch.bin, or its folder with --data.`,
    )
  if (preset)
    for (const option of ownCopy ? ['target'] : ['data', 'test', 'target', 'test-fraction'])
      if (values[option] !== undefined) throw new CallError(`--${option} goes with --model; a preset brings its own data.`)
  if (test && values['test-fraction'] !== undefined) throw new CallError('--test and --test-fraction exclude each other.')
  if (epochs !== undefined && steps !== undefined) throw new CallError('--epochs and --steps exclude each other.')
  if (!out) throw new CallError('gradscope train needs --out DIR for its results.')
  checkFolder('--out', out)
  for (const [option, file] of [
    ['model', model],
    ...(data ?? []).map((/** @type {string} */ path) => ['data', path]),
    ...(test ?? []).map((/** @type {string} */ path) => ['test', path]),
  ])
    if (file !== undefined) {
      const found = existsSync(file) ? statSync(file) : undefined
      if (!found?.isFile() && !(found?.isDirectory() && option !== 'model'))
        throw new CallError(`--${option}: there is no file ${option === 'model' ? '' : 'or folder '}${file}.`)
    }
}

/** Presets that train on the user's own files; a test holds this and src/data/image-presets.ts together. @param {string} preset */
export const takesCifar10 = (preset) => preset.endsWith('-cifar10')

/** All that is in a folder, by paths within it with slashes; those of folders end with one. @param {string} folder @returns {string[]} */
function pathsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const own = join(folder, entry.name)
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(own, { throwIfNoEntry: false })?.isDirectory())
    return isFolder ? [`${entry.name}/`, ...pathsIn(own).map((path) => `${entry.name}/${path}`)] : [entry.name]
  })
}

/** Each named file, and each in a named folder, under a name of its own; what is not among them is the project's own data. @param {Record<string, any>} values */
function nameFiles(values) {
  /** @type {Map<string, string>} */
  const paths = new Map()
  const named = (/** @type {string} */ path) => {
    let name = basename(resolve(path))
    while (paths.has(name) && paths.get(name) !== path) name = `${name}'`
    paths.set(name, path)
    return name
  }
  const input = (/** @type {string} */ path) => {
    const name = named(path)
    if (!statSync(path).isDirectory()) return name
    const inside = pathsIn(path)
    for (const own of inside) paths.set(`${name}/${own}`, join(path, own))
    return { folder: name, paths: inside }
  }
  const job = {
    ...(values['model'] ? { model: named(values['model']) } : {}),
    ...(values['data'] ? { data: values['data'].map(input) } : {}),
    ...(values['test'] ? { test: values['test'].map(input) } : {}),
  }
  return { paths, job }
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
    ...(values['preset'] ? { preset: values['preset'] } : {}),
    ...(values['target'] ? { target: values['target'] } : {}),
    ...(values['test-fraction'] !== undefined ? { testFraction: values['test-fraction'] } : {}),
    ...(values['epochs'] !== undefined ? { epochs: values['epochs'] } : {}),
    ...(values['steps'] !== undefined ? { steps: values['steps'] } : {}),
    ...(values['seed'] !== undefined ? { seed: values['seed'] } : {}),
    ...aidsOf(values),
    ...(values['precision'] ? { precision: values['precision'] } : {}),
  }
  /** @type {import('./runtime.mjs').Desk} */
  const desk = {
    source: async (name) => {
      const path = paths.get(name)
      return path === undefined ? nodeDataSource(name) : new Uint8Array(readFileSync(path))
    },
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
