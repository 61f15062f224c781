// @ts-check
import { CallError } from './options.mjs'

const wholeNumber = { integer: true, minimum: 0 }
const positiveWhole = { integer: true, minimum: 1 }

/** The options of `train` that change how a preset or a model trains. @type {Record<string, import('./options.mjs').Option>} */
export const trainingAids = {
  'batch-size': { value: 'N', number: positiveWhole, help: 'samples per batch' },
  accumulate: { value: 'N', number: positiveWhole, help: 'gradient accumulation: batches per step' },
  warmup: { value: 'N', number: wholeNumber, help: 'steps over which the learning rate rises linearly before its schedule starts' },
  plateau: {
    value: 'F',
    number: { minimum: 0, maximum: 1, open: true },
    help: 'multiplies the learning rate by F when the test loss stops falling',
  },
  'plateau-patience': { value: 'N', number: wholeNumber, help: 'evaluations without improvement before --plateau acts (default 10)' },
  'weight-decay': { value: 'X', number: { minimum: 0 }, help: 'weight decay' },
  'decay-weights-only': { help: 'no weight decay on biases and norm parameters' },
  shift: { value: 'N', number: wholeNumber, help: 'shifts training images at random by up to N pixels' },
  flip: { help: 'mirrors half of the training images, left to right' },
  'evaluate-every': { value: 'N', number: positiveWhole, help: 'steps between evaluations on the test set (default: one epoch)' },
  patience: { value: 'N', number: positiveWhole, help: 'early stopping: ends after N evaluations without improvement' },
  'minimum-improvement': { value: 'X', number: { minimum: 0 }, help: 'smallest drop in loss that counts as an improvement (default 0)' },
  'restore-best': { help: 'writes the parameters of the best evaluation (with --patience)' },
}

/** What of a call's options goes into its job. @param {Record<string, any>} values @returns {Pick<import('../../src/cli/run-train.ts').TrainJob, 'change' | 'watch'>} */
export function aidsOf(values) {
  for (const [option, needed] of /** @type {const} */ ([
    ['plateau-patience', 'plateau'],
    ['minimum-improvement', 'patience'],
    ['restore-best', 'patience'],
  ]))
    if (values[option] !== undefined && values[needed] === undefined) throw new CallError(`--${option} goes with --${needed}.`)
  const given = (/** @type {string} */ option, /** @type {string} */ key) => (values[option] === undefined ? {} : { [key]: values[option] })
  const augmentation = { ...given('shift', 'shift'), ...given('flip', 'flip') }
  const change = {
    ...given('batch-size', 'batchSize'),
    ...given('accumulate', 'accumulate'),
    ...given('warmup', 'warmup'),
    ...(values['plateau'] !== undefined && {
      schedule: { type: /** @type {const} */ ('plateau'), factor: values['plateau'], patience: values['plateau-patience'] ?? 10 },
    }),
    ...given('weight-decay', 'weightDecay'),
    ...(values['decay-weights-only'] && { decayBiasAndNorm: false }),
    ...(Object.keys(augmentation).length > 0 && { augmentation }),
  }
  const watch = {
    ...given('evaluate-every', 'evaluateEvery'),
    ...(values['patience'] !== undefined && {
      earlyStopping: {
        patience: values['patience'],
        ...given('minimum-improvement', 'minimumImprovement'),
        ...given('restore-best', 'restoreBest'),
      },
    }),
  }
  return { ...(Object.keys(change).length > 0 && { change }), ...(Object.keys(watch).length > 0 && { watch }) }
}
