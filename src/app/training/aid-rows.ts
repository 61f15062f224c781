/** Rows for what helps a network to train: warm-up, steps of several batches, motion of images, evaluation and an early end. */
import type { Augmentation } from '../../model/types.ts'
import type { EarlyStopping } from '../../train/types.ts'
import { where, type Field, type Rows } from './rows.ts'
import type { Description } from '../run/state.ts'

/** Begun with, where the reader turns it on. */
const firstEarlyStopping: EarlyStopping = { patience: 5, minimumImprovement: 0, restoreBest: true }

const isAuto = (text: unknown) => /^\s*(auto|none)?\s*$/.test(String(text))

export const warmupRow = ({ number }: Rows): Field =>
  number(
    'warmup',
    'Warm-up steps',
    (next) => next.training.warmup ?? 0,
    (next, steps) => setOrDrop(next.training, 'warmup', steps, 0),
  )

export const decayRows = ({ choice }: Rows): Field[] => {
  const row = choice(
    'decayBiasAndNorm',
    'decays',
    { 'all parameters': 'all', 'weights alone': 'weights' },
    (next) => (next.training.optimizer.decayBiasAndNorm === false ? 'weights' : 'all'),
    ({ training: { optimizer } }, which) => {
      if (which === 'weights') optimizer.decayBiasAndNorm = false
      else delete optimizer.decayBiasAndNorm
    },
  )
  return where(({ training }) => Boolean(training.optimizer.weightDecay), row)
}

export const accumulateRow = ({ number }: Rows): Field =>
  number(
    'accumulate',
    'Gradient accumulation',
    (next) => next.training.accumulate ?? 1,
    (next, batches) => setOrDrop(next.training, 'accumulate', batches, 1),
  )

const ofImages: Field['isIn'] = ({ input }, sample) => (input ?? sample).length === 3

export const augmentationRows = ({ choice, number }: Rows): Field[] =>
  where(
    ofImages,
    number(
      'shift',
      'Shift by ±',
      (next) => next.training.augmentation?.shift ?? 0,
      (next, shift) => augment(next, { shift }),
    ),
    choice(
      'flip',
      'Mirror',
      { no: 'no', 'half of them': 'yes' },
      (next) => (next.training.augmentation?.flip ? 'yes' : 'no'),
      (next, flip) => augment(next, { flip: flip === 'yes' }),
    ),
  )

export function evaluationRows({ choice, number }: Rows): Field[] {
  const ofEnd = (key: keyof EarlyStopping) => (next: Description) => next.earlyStopping?.[key]
  const setOfEnd = (key: keyof EarlyStopping) => (next: Description, value: number) =>
    void Object.assign(next.earlyStopping ?? {}, { [key]: value })
  return [
    number(
      'evaluateEvery',
      'Test every',
      (next) => next.evaluateEvery ?? 'auto',
      (next, steps) => {
        if (isAuto(steps)) delete next.evaluateEvery
        else next.evaluateEvery = steps
      },
    ),
    choice(
      'earlyStopping',
      'End early',
      { off: 'off', 'without progress': 'on' },
      (next) => (next.earlyStopping ? 'on' : 'off'),
      (next, on) => {
        if (on === 'on') next.earlyStopping = { ...firstEarlyStopping }
        else delete next.earlyStopping
      },
    ),
    ...where(
      (next) => next.earlyStopping !== undefined,
      number('patience', 'Patience', ofEnd('patience'), setOfEnd('patience')),
      number('minimumImprovement', 'Minimum improvement', ofEnd('minimumImprovement'), setOfEnd('minimumImprovement')),
      choice(
        'restoreBest',
        'Final parameters',
        { best: 'best', last: 'last' },
        (next) => (next.earlyStopping?.restoreBest ? 'best' : 'last'),
        (next, kept) => void Object.assign(next.earlyStopping ?? {}, { restoreBest: kept === 'best' }),
      ),
    ),
  ]
}

export const explainedAids: Record<string, string> = {
  warmup: 'The learning rate rises in a line over so many steps before its schedule begins. 0: none.',
  plateauPatience:
    'So many evaluations in a row may be no better than the best before the rate is multiplied by the factor: by the loss on the test part, or without one by the mean training loss between two evaluations.',
  minimum: 'The learning rate is not reduced below this.',
  decayBiasAndNorm: 'Whether weight decay is for all parameters, as PyTorch’s, or leaves biases and the parameters of norms alone.',
  accumulate:
    'The gradients of so many batches add up to one step, as one of all their samples would: a large batch in the memory of a small one. Batch norms see each batch by itself.',
  shift:
    'In training each image is moved at random by up to so many pixels each way, anew every epoch; black comes in at the edges. 0: none.',
  flip: 'In training half of the images, at random, are mirrored left and right.',
  evaluateEvery:
    'The test part is evaluated after every so many steps, while training goes on. auto: as often as time allows, and once an epoch where a plateau or an early end depends on it.',
  earlyStopping:
    'The run ends when the loss on the test part, or without one the mean training loss between two evaluations, stops getting better.',
  patience: 'So many evaluations in a row may be no better than the best; the run ends with the one after them.',
  minimumImprovement: 'A loss must be lower than the best by more than this to count as better.',
  restoreBest: 'Which parameters the run ends with: those of its best evaluation, copied on the GPU, or those of its last step.',
}

/** The default is not written into the model file. */
function setOrDrop<Key extends 'warmup' | 'accumulate'>(
  training: { [K in Key]?: number },
  key: Key,
  value: number,
  byDefault: number,
): void {
  if (value === byDefault) delete training[key]
  else training[key] = value
}

function augment({ training }: Description, change: Augmentation): void {
  const { shift = 0, flip = false } = { ...training.augmentation, ...change }
  if (shift === 0 && !flip) delete training.augmentation
  else training.augmentation = { shift, flip }
}
