/** Which learning rates a test tries. */
import { wrongAt } from '../../errors.ts'
import { completeOptimizer, optimizerKind } from '../../model/catalogue/optimizers.ts'
import type { Optimizer } from '../../model/types.ts'
import { message } from '../../words/say.ts'

export interface RateRange {
  least: number
  greatest: number
}

/** Where a good rate for this optimizer is looked for, unless somebody says otherwise. */
export function rateRange(optimizer: Optimizer): RateRange {
  const [least, greatest] = optimizerKind(optimizer).rates(completeOptimizer(optimizer) as never)
  return { least, greatest }
}

/** A rate is one that people can write down: what is shown is what was trained at. */
const digits = 3

/** Rates at equal distances on a log axis, both ends among them. @throws InputError where they are none */
export function spacedRates({ least, greatest }: RateRange, count: number): number[] {
  for (const [path, rate] of [
    ['least', least],
    ['greatest', greatest],
  ] as const)
    if (!(rate > 0 && Number.isFinite(rate)))
      throw wrongAt(path, 'value.wrong', { found: String(rate), expected: message('expected.positive') }).of('rateTest')
  if (!(least < greatest)) throw wrongAt('least', 'rate.range', { least, greatest }).of('rateTest')
  if (!(Number.isSafeInteger(count) && count >= 2))
    throw wrongAt('rates', 'value.wrong', { found: String(count), expected: message('expected.integerFrom', { least: 2, most: 64 }) }).of(
      'rateTest',
    )
  const step = Math.log(greatest / least) / (count - 1)
  const all = Array.from({ length: count }, (_, i) => Number((least * Math.exp(step * i)).toPrecision(digits)))
  return [...new Set(all)]
}
