/** The rows of the training panel, out of the catalogue where a row is one of a kind's own settings. */
import type { Fields } from '../../model/catalogue/field.ts'
import { lossNames } from '../../model/catalogue/losses.ts'
import { optimizerKind, optimizerNames, type OptimizerName } from '../../model/catalogue/optimizers.ts'
import { scheduleKind, scheduleNames, type ScheduleName } from '../../model/catalogue/schedules.ts'
import type { Augmentation, Optimizer } from '../../model/types.ts'
import type { EarlyStopping } from '../../train/types.ts'
import type { Code } from '../../words/say.ts'
import { t } from '../words/language.ts'
import { changeSchedule } from '../run/schedule.ts'
import type { Description } from '../run/state.ts'
import { choice, number, where, type NumberRow, type Row } from './rows.ts'

/** Begun with, where the reader turns it on. */
const firstEarlyStopping: EarlyStopping = { patience: 5, minimumImprovement: 0, restoreBest: true }
const isAuto = (text: unknown) => ['', 'auto', 'none', t('training.auto')].includes(String(text).trim().toLowerCase())
const isEndless = (text: unknown) => /^\s*(∞|none)?\s*$/.test(String(text))

type OfDraft = (draft: Description) => object | undefined
const optimizerOf: OfDraft = ({ training }) => training.optimizer
const scheduleOf: OfDraft = ({ training }) => training.schedule
const endOf: OfDraft = ({ earlyStopping }) => earlyStopping

const get = (of: OfDraft, key: string, fallback?: unknown) => (draft: Description) =>
  (of(draft) as Record<string, unknown> | undefined)?.[key] ?? fallback
const set = (of: OfDraft, key: string) => (draft: Description, value: unknown) => void Object.assign(of(draft) ?? {}, { [key]: value })

/** What is changed most: always in sight, over the stages. */
export const essentialRows: readonly Row[] = [
  {
    ...number('learningRate', 'training.learningRate', get(optimizerOf, 'learningRate'), set(optimizerOf, 'learningRate')),
    decades: { lowest: -5, highest: 1 },
  },
  choice(
    'optimizer',
    'training.optimizer',
    optimizerNames.map((value) => ({ value, text: { name: optimizerKind({ type: value }).title } })),
    ({ training }) => training.optimizer.type,
    changeOptimizer,
  ),
  number(
    'batchSize',
    'training.batchSize',
    ({ training }) => training.batchSize,
    ({ training }, value) => void (training.batchSize = value),
  ),
]

const evaluationRows: readonly Row[] = [
  number(
    'evaluateEvery',
    'training.evaluateEvery',
    ({ evaluateEvery }) => evaluateEvery ?? t('training.auto'),
    (draft, steps) => {
      if (isAuto(steps)) delete draft.evaluateEvery
      else draft.evaluateEvery = steps
    },
    'training.evaluateEvery.about',
  ),
  choice(
    'earlyStopping',
    'training.earlyStopping',
    [
      { value: 'off', text: 'training.off' },
      { value: 'on', text: 'training.earlyStopping.on' },
    ],
    ({ earlyStopping }) => (earlyStopping ? 'on' : 'off'),
    (draft, on) => {
      if (on === 'on') draft.earlyStopping = { ...firstEarlyStopping }
      else delete draft.earlyStopping
    },
    'training.earlyStopping.about',
  ),
  ...where(
    ({ earlyStopping }) => earlyStopping !== undefined,
    number('patience', 'training.patience', get(endOf, 'patience'), set(endOf, 'patience'), 'training.patience.about'),
    number(
      'minimumImprovement',
      'training.minimumImprovement',
      get(endOf, 'minimumImprovement'),
      set(endOf, 'minimumImprovement'),
      'training.minimumImprovement.about',
    ),
    choice(
      'restoreBest',
      'training.finalParameters',
      [
        { value: 'best', text: 'training.finalParameters.best' },
        { value: 'last', text: 'training.finalParameters.last' },
      ],
      ({ earlyStopping }) => (earlyStopping?.restoreBest ? 'best' : 'last'),
      ({ earlyStopping }, kept) => void Object.assign(earlyStopping ?? {}, { restoreBest: kept === 'best' }),
      'training.finalParameters.about',
    ),
  ),
]

/** All else; `samples` tells how many there are to train on. */
export const furtherRows = (samples: () => number): readonly Row[] => [
  choice(
    'loss',
    'training.loss',
    lossNames.map((value) => ({ value, text: `training.loss.${value}` as const })),
    ({ training }) => training.loss,
    ({ training }, loss) => void (training.loss = loss),
  ),
  choice(
    'schedule',
    'training.schedule',
    (['none', ...scheduleNames] as const).map((value) => ({ value, text: `training.schedule.${value}` as const })),
    ({ training }) => training.schedule?.type ?? 'none',
    (draft, type) => changeSchedule(draft, type, samples()),
  ),
  ...ownNumbers(
    scheduleNames,
    (type: ScheduleName) => scheduleKind({ type }).fields,
    ({ training }) => training.schedule?.type,
    scheduleOf,
  ),
  number(
    'warmup',
    'training.warmup',
    ({ training }) => training.warmup ?? 0,
    ({ training }, steps) => setOrDrop(training, 'warmup', steps, 0),
    'training.warmup.about',
  ),
  ...ownNumbers(
    optimizerNames,
    (type: OptimizerName) => optimizerKind({ type }).fields,
    ({ training }) => training.optimizer.type,
    optimizerOf,
  ),
  number('weightDecay', 'training.weightDecay', get(optimizerOf, 'weightDecay', 0), set(optimizerOf, 'weightDecay')),
  ...where(
    ({ training }) => Boolean(training.optimizer.weightDecay),
    choice(
      'decayBiasAndNorm',
      'training.decays',
      [
        { value: 'all', text: 'training.decays.all' },
        { value: 'weights', text: 'training.decays.weights' },
      ],
      ({ training }) => (training.optimizer.decayBiasAndNorm === false ? 'weights' : 'all'),
      ({ training: { optimizer } }, which) => {
        if (which === 'weights') optimizer.decayBiasAndNorm = false
        else delete optimizer.decayBiasAndNorm
      },
      'training.decays.about',
    ),
  ),
  number(
    'accumulate',
    'training.accumulate',
    ({ training }) => training.accumulate ?? 1,
    ({ training }, batches) => setOrDrop(training, 'accumulate', batches, 1),
    'training.accumulate.about',
  ),
  ...where(
    ({ input }, sample) => (input ?? sample).length === 3,
    number(
      'shift',
      'training.shift',
      ({ training }) => training.augmentation?.shift ?? 0,
      (draft, shift) => augment(draft, { shift }),
      'training.shift.about',
    ),
    choice(
      'flip',
      'training.flip',
      [
        { value: 'no', text: 'training.flip.no' },
        { value: 'yes', text: 'training.flip.yes' },
      ],
      ({ training }) => (training.augmentation?.flip ? 'yes' : 'no'),
      (draft, flip) => augment(draft, { flip: flip === 'yes' }),
      'training.flip.about',
    ),
  ),
  number(
    'epochs',
    'training.epochs',
    ({ epochs }) => epochs ?? '∞',
    (draft, value) => void (draft.epochs = isEndless(value) ? null : value),
    'training.epochs.about',
  ),
  ...evaluationRows,
  choice(
    'clipping',
    'training.clipping',
    [
      { value: 'off', text: 'training.off' },
      { value: 'on', text: 'training.clipping.byNorm' },
    ],
    ({ training }) => (training.clipNorm === undefined ? 'off' : 'on'),
    ({ training }, on) => {
      if (on === 'on') training.clipNorm = 1
      else delete training.clipNorm
    },
  ),
  ...where(
    ({ training }) => training.clipNorm !== undefined,
    number(
      'clipNorm',
      'training.clipNorm',
      ({ training }) => training.clipNorm,
      ({ training }, value) => void (training.clipNorm = value),
      'training.clipNorm.about',
    ),
  ),
  number(
    'perturbation',
    'training.perturbation',
    ({ perturbation }) => perturbation,
    (draft, value) => void (draft.perturbation = value),
    'training.perturbation.about',
  ),
  number(
    'seed',
    'training.seed',
    ({ training }) => training.seed,
    ({ training }, value) => void (training.seed = value),
    'training.seed.about',
  ),
]

/** What the numbers of optimizers and schedules are called, where that is not their symbol. */
const fieldLabels: Readonly<Record<string, Code>> = {
  momentum: 'training.momentum',
  decay: 'training.decay',
  steps: 'training.schedule.steps',
  every: 'training.schedule.every',
  factor: 'training.schedule.factor',
  patience: 'training.patience',
  minimum: 'training.schedule.minimum',
}
const fieldAbouts: Readonly<Record<string, Code>> = {
  steps: 'training.schedule.steps.about',
  patience: 'training.schedule.patience.about',
  minimum: 'training.schedule.minimum.about',
}
/** Early stopping has a patience too. */
const rowNames: Readonly<Record<string, string>> = { patience: 'plateauPatience' }

/** A row for every number that some of these kinds have; ε is for files alone. */
function ownNumbers<Name extends string>(
  names: readonly Name[],
  fields: (name: Name) => Fields,
  typeOf: (draft: Description) => string | undefined,
  of: OfDraft,
): Row[] {
  const rows = new Map<string, { row: NumberRow; kinds: string[] }>()
  for (const name of names)
    for (const [key, field] of Object.entries(fields(name))) {
      if (field.kind !== 'number' || key === 'eps') continue
      const known = rows.get(key)
      if (known) known.kinds.push(name)
      else {
        const label = fieldLabels[key] ?? { name: field.symbol ?? key }
        const row = number(rowNames[key] ?? key, label, get(of, key, field.fallback), set(of, key), fieldAbouts[key])
        rows.set(key, { row, kinds: [name] })
      }
    }
  return [...rows.values()].flatMap(({ row, kinds }) => where((draft) => kinds.includes(typeOf(draft) ?? ''), row))
}

function changeOptimizer(draft: Description, type: Optimizer['type']): void {
  const { learningRate, weightDecay, decayBiasAndNorm } = draft.training.optimizer
  draft.training.optimizer = {
    type,
    learningRate,
    ...(weightDecay !== undefined && { weightDecay }),
    ...(decayBiasAndNorm !== undefined && { decayBiasAndNorm }),
  }
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
