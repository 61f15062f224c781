/** What one sees of a network whose gradients are compared by depth, in a sentence made of the numbers. */
import { flowOf, type DepthNorm } from '../../inspect/diagnosis.ts'
import * as format from './format.ts'
import { t } from './language.ts'
import { countNonFinite } from './non-finite.ts'

/** As guessing: no further below it than this share. */
const guessing = 0.03

/** `The first layer’s gradient is 1e−9 of the last’s: it vanishes.` */
export function flowWords(norms: readonly DepthNorm[]): string {
  const found = flowOf(norms)
  if (!found) return ''
  const { share, flow } = found
  if (flow === 'nonFinite') return t('charts.flow.nonFinite', { ...countNonFinite(norms.map(({ norm }) => norm)), of: norms.length })
  if (flow === 'dead') return t('charts.flow.dead')
  // A power of ten is all that one remembers of so small a number.
  const size = share < 0.01 || share >= 1000 ? 10 ** Math.round(Math.log10(share)) : Number(share.toPrecision(2))
  if (flow === 'arrives' && size === 1) return t('charts.flow.arrivesWhole')
  return t(flow === 'arrives' && share < 1 ? 'charts.flow.arrivesWeaker' : `charts.flow.${flow}`, { share: format.tick(size) })
}

/** Whether it learns, by its mean loss of late beside that of guessing. */
export function learningWords(loss: number | null, chance: number | null): string {
  if (loss === null) return ''
  if (!Number.isFinite(loss)) return t(Number.isNaN(loss) ? 'charts.learning.nan' : 'charts.learning.infinite')
  if (chance === null) return ''
  return loss > chance * (1 - guessing)
    ? t('charts.learning.guesses', { loss: format.loss(loss) })
    : t('charts.learning.learns', { loss: format.loss(loss), guessing: format.loss(chance) })
}
