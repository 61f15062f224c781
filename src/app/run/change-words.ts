/** What of a run begins anew by a change, in the rail's words. */
import type { Optimizer } from '../../model/types.ts'
import { descriptionsOf } from './comparison.ts'
import { same } from '../../same.ts'
import type { Choice, Description } from './state.ts'
import { lossKind } from '../../model/catalogue/losses.ts'

const optimizerLabels: Record<Optimizer['type'], string> = {
  sgd: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
}

/** The settings that are compiled into a run, and what is said of one that has changed. */
const settings: readonly [of: (description: Description) => unknown, words: (description: Description) => string][] = [
  [(own) => [own.input, descriptionsOf(own).map(({ layers }) => layers)], () => 'network'],
  [({ training }) => training.loss, ({ training }) => `loss ${lossKind(training.loss).title}`],
  [({ training }) => training.optimizer.type, ({ training }) => `optimizer ${optimizerLabels[training.optimizer.type]}`],
  [momentumOf, (own) => `momentum ${momentumOf(own)}`],
  [
    ({ training }) => training.optimizer.decayBiasAndNorm !== false,
    ({ training }) => `weight decay of ${training.optimizer.decayBiasAndNorm === false ? 'weights alone' : 'all parameters'}`,
  ],
  [({ training }) => training.batchSize, ({ training }) => `batch size ${training.batchSize}`],
  [({ training }) => training.accumulate ?? 1, ({ training }) => `batches a step ${training.accumulate ?? 1}`],
  [({ training }) => training.augmentation, () => 'motion of images'],
  [({ shuffle }) => shuffle, ({ shuffle }) => (shuffle ? 'shuffled samples' : 'samples in order')],
  [({ training }) => training.seed, ({ training }) => `seed ${training.seed}`],
]

function momentumOf({ training: { optimizer } }: Description): number {
  return optimizer.type === 'sgd' ? (optimizer.momentum ?? 0) : 0
}

/** `batch size 64, seed 2`. */
export function changeWords(before: Choice, after: Choice): string {
  const ofData = before.dataset === after.dataset ? [] : [after.dataset.name]
  const ofRun = settings.filter(([of]) => !same(of(before.description), of(after.description))).map(([, words]) => words(after.description))
  return [...ofData, ...ofRun].join(', ')
}
