/** Changes that are usually tried beside a run. */
import { contenders, optimizerOf, type Contender } from '../../../answers/optimizers.ts'
import { patchBetween } from '../../../model/patch.ts'
import { message } from '../../../words/say.ts'
import type { Experiment } from '../../run/experiments.ts'
import type { Description } from '../../run/state.ts'

/** Rates at which another kind of optimizer usually learns, beside those of Adam; a test of its own says better. */
const usualRate: Readonly<Record<string, number>> = {
  sgd: 0.1,
  momentum: 0.03,
  nesterov: 0.03,
  adagrad: 0.03,
  rmsprop: 0.003,
  adam: 0.003,
  adamw: 0.003,
}

/** The change that brings an optimizer, at a rate, to a run. */
export const optimizerChange = ({ training }: Pick<Description, 'training'>, contender: Contender, rate: number): Experiment['change'] =>
  patchBetween({ optimizer: training.optimizer }, { optimizer: optimizerOf(contender, training.optimizer, rate) })

export function offersFor(run: Description, own: Contender): Experiment[] {
  const { optimizer, batchSize, clipNorm } = run.training
  const { learningRate } = optimizer
  return [
    { title: message('contest.try.halfRate'), change: { optimizer: { learningRate: learningRate / 2 } } },
    { title: message('contest.try.doubleRate'), change: { optimizer: { learningRate: 2 * learningRate } } },
    { title: message('contest.try.doubleBatch'), change: { batchSize: 2 * batchSize } },
    ...(clipNorm === undefined ? [{ title: message('contest.try.clip'), change: { clipNorm: 1 } }] : []),
    ...contenders
      .filter((contender) => contender !== own)
      .map((contender) => ({ title: contender.title, change: optimizerChange(run, contender, usualRate[contender.id] ?? learningRate) })),
  ]
}
