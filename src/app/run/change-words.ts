/** What of a run begins anew by a change, in words. */
import { optimizerKind } from '../../model/catalogue/optimizers.ts'
import { same } from '../../same.ts'
import { message, type Message } from '../../words/say.ts'
import type { Choice, Description } from './state.ts'

/** The settings that are compiled into a run, and what is said of one that has changed. */
const settings: readonly [of: (description: Description) => unknown, words: (description: Description) => Message][] = [
  [(own) => [own.input, own.layers], () => message('change.network')],
  [({ training }) => training.loss, ({ training }) => message('change.loss', { loss: message(`training.loss.${training.loss}`) })],
  [
    ({ training }) => training.optimizer.type,
    ({ training }) => message('change.optimizer', { optimizer: optimizerKind(training.optimizer).title }),
  ],
  [momentumOf, (own) => message('change.momentum', { momentum: momentumOf(own) })],
  [
    ({ training }) => training.optimizer.decayBiasAndNorm !== false,
    ({ training }) => message(training.optimizer.decayBiasAndNorm === false ? 'change.decaysWeights' : 'change.decaysAll'),
  ],
  [({ training }) => training.batchSize, ({ training }) => message('change.batchSize', { size: training.batchSize })],
  [({ training }) => training.accumulate ?? 1, ({ training }) => message('change.accumulate', { batches: training.accumulate ?? 1 })],
  [({ training }) => training.augmentation, () => message('change.augmentation')],
  [({ shuffle }) => shuffle, ({ shuffle }) => message(shuffle ? 'change.shuffled' : 'change.inOrder')],
  [({ training }) => training.seed, ({ training }) => message('change.seed', { seed: training.seed })],
]

function momentumOf({ training: { optimizer } }: Description): number {
  return optimizer.type === 'sgd' ? (optimizer.momentum ?? 0) : 0
}

/** `batch size 64, seed 2`; null where nothing begins anew. */
export function changeWords(before: Choice, after: Choice): Message | null {
  const ofData = before.dataset === after.dataset ? [] : [message('change.data', { name: after.dataset.name })]
  const ofRun = settings.filter(([of]) => !same(of(before.description), of(after.description))).map(([, words]) => words(after.description))
  const changes = [...ofData, ...ofRun]
  return changes.length ? message('change.all', { changes }) : null
}
