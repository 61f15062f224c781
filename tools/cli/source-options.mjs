// @ts-check
// Which network on which data: the options of every command that trains, and the files that they name.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { nodeDataSource } from '../data-node.mjs'
import { CallError } from './options.mjs'

/** The names in src/data/presets.ts; a test holds the two together. */
const tableNames = ['article', 'mnist', 'xor', 'circle', 'gaussians', 'spiral', 'moons', 'iris', 'weather', 'penguins']
const presetNames = [
  ...tableNames,
  'depth-comparison',
  ...['lenet5', 'vgg', 'googlenet', 'resnet20', 'densenet40'].flatMap((network) => [`${network}-mnist`, `${network}-cifar10`]),
]

/** @type {Record<string, import('./options.mjs').Option>} */
export const sourceOptions = {
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
}

/** @type {import('./options.mjs').Option} */
export const seedOption = { value: 'N', number: { integer: true, minimum: 0 }, help: 'seed of initial values, shuffling and dropout' }

/** Refuses a call that names no network, or none on data. @param {string} call @param {Record<string, any>} values */
export function checkSource(call, values) {
  const { preset, model, data, test } = values
  if (!preset && !model) throw new CallError(`gradscope ${call} needs --preset NAME, or --model FILE with --data FILE.`)
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
}

/** Refuses a call whose files are not there. @param {Record<string, any>} values */
export function checkFiles({ model, data, test }) {
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
export function nameFiles(values) {
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
    ...(values['preset'] ? { preset: values['preset'] } : {}),
    ...(values['target'] ? { target: values['target'] } : {}),
    ...(values['test-fraction'] !== undefined ? { testFraction: values['test-fraction'] } : {}),
    ...(values['seed'] !== undefined ? { seed: values['seed'] } : {}),
  }
  return { paths, job }
}

/** Where a task's files come from. @param {Map<string, string>} paths @returns {(name: string) => Promise<Uint8Array<ArrayBuffer>>} */
export const sourceOf = (paths) => async (name) => {
  const path = paths.get(name)
  return path === undefined ? nodeDataSource(name) : new Uint8Array(readFileSync(path))
}
