// @ts-check
import { CallError } from './options.mjs'

const wholeNumber = { integer: true, minimum: 0 }
const positiveWhole = { integer: true, minimum: 1 }

/** The options of `train` that change how a preset or a model trains. @type {Record<string, import('./options.mjs').Option>} */
export const trainingAids = {
  'batch-size': { value: 'N', number: positiveWhole, help: 'samples of a batch' },
  accumulate: { value: 'N', number: positiveWhole, help: 'batches whose gradients add up to one step' },
  warmup: { value: 'N', number: wholeNumber, help: 'steps over which the learning rate rises before its schedule begins' },
  plateau: {
    value: 'F',
    number: { minimum: 0, maximum: 1, open: true },
    help: 'the schedule: the rate times F when the test loss does not fall',
  },
  'plateau-patience': { value: 'N', number: wholeNumber, help: 'evaluations without improvement that a plateau waits for (10)' },
  'weight-decay': { value: 'X', number: { minimum: 0 }, help: 'weight decay' },
  'decay-weights-only': { help: 'weight decay leaves biases and the parameters of norms alone' },
  shift: { value: 'N', number: wholeNumber, help: 'training images are moved at random by up to N pixels' },
  flip: { help: 'half of the training images are mirrored, left and right' },
  'evaluate-every': { value: 'N', number: positiveWhole, help: 'steps between two evaluations of the test part (an epoch)' },
  patience: { value: 'N', number: positiveWhole, help: 'ends the run after N evaluations in a row without improvement' },
  'minimum-improvement': { value: 'X', number: { minimum: 0 }, help: 'what of the loss counts as an improvement (more than 0)' },
  'restore-best': { help: 'ends with the parameters of the best evaluation (with --patience)' },
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
