/** What an optimizer makes of a weight's gradient, in a sentence. */
import { completeOptimizer } from '../../model/optimizers.ts'
import type { Training } from '../../model/types.ts'
import * as format from './format.ts'

/** `rate`: what the next step uses. */
export function stepWords({ optimizer, clipNorm }: Pick<Training, 'optimizer' | 'clipNorm'>, rate: number, gradient: number): string {
  const complete = completeOptimizer(optimizer)
  const at = `a step at rate ${format.tick(rate)}`
  const clipped = clipNorm === undefined || clipNorm === null ? [] : ['clipping']
  const decay = complete.weightDecay > 0 ? ['weight decay'] : []
  switch (complete.type) {
    case 'sgd': {
      const others = [...(complete.momentum > 0 ? ['momentum'] : []), ...decay, ...clipped]
      const without = others.length > 0 ? `, not counting ${listed(others)}` : ''
      return `SGD: ${at} changes it by ${format.short(-rate * gradient)}${without}.`
    }
    case 'adam':
    case 'adamw': {
      const name = complete.type === 'adam' ? 'Adam' : 'AdamW'
      return `${name} divides a running mean of this gradient by its running root mean square: ${at} changes it by about ${format.tick(rate)} at most, however large the gradient${counting(decay)}.`
    }
    case 'rmsprop':
      return `RMSprop divides this gradient by its running root mean square: ${at} changes it by about ${format.tick(rate)}, however large the gradient${counting(decay)}.`
    case 'adagrad':
      return `Adagrad divides this gradient by the root of the sum of its squares so far: ${at} changes it by ${format.tick(rate)} at most, and by less the longer it trains${counting(decay)}.`
  }
}

const counting = (others: string[]): string => (others.length > 0 ? `, not counting ${listed(others)}` : '')

const listed = (words: string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`)
