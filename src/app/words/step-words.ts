/** What an optimizer makes of a weight's gradient, in a sentence. */
import { completeOptimizer } from '../../model/optimizers.ts'
import type { Training } from '../../model/types.ts'
import { message } from '../../words/say.ts'
import * as format from './format.ts'
import { t } from './language.ts'

/** `learningRate`: of the next step. */
export function stepWords(
  { optimizer, clipNorm }: Pick<Training, 'optimizer' | 'clipNorm'>,
  learningRate: number,
  gradient: number,
): string {
  const complete = completeOptimizer(optimizer)
  const rate = format.tick(learningRate)
  const decay = complete.weightDecay > 0 ? [message('stage.weightDecay')] : []
  if (complete.type !== 'sgd') return t(`stage.${complete.type}`, { rate, uncounted: uncounted(decay) })
  const momentum = complete.momentum > 0 ? [message('stage.momentum')] : []
  const clipping = clipNorm === undefined || clipNorm === null ? [] : [message('stage.clipping')]
  return t('stage.sgd', {
    rate,
    change: format.short(-learningRate * gradient),
    uncounted: uncounted([...momentum, ...decay, ...clipping]),
  })
}

/** What else changes the weight. */
const uncounted = (others: ReturnType<typeof message>[]) => (others.length > 0 ? message('stage.uncounted', { others }) : '')
