/** What one sees of a network whose gradients are compared by depth, in a sentence made of the numbers. */
import { flowOf, type DepthNorm } from '../../inspect/diagnosis.ts'
import * as format from './format.ts'
import { countNonFinite, nonFiniteSentence } from './non-finite.ts'

/** As guessing: no further below it than this share. */
const guessing = 0.03

/** `The first layer’s gradient is 1e−9 of the last’s: it vanishes.` */
export function flowWords(norms: readonly DepthNorm[]): string {
  const found = flowOf(norms)
  if (!found) return ''
  const { share, flow } = found
  if (flow === 'nonFinite') {
    const sentence = nonFiniteSentence(countNonFinite(norms.map(({ norm }) => norm)), norms.length, 'layers’ gradients')
    return `${sentence}.`
  }
  if (flow === 'dead') return 'No gradient at all reaches the first layer.'
  const verb = { vanishes: 'it vanishes', fades: 'it fades', arrives: 'it arrives', explodes: 'it explodes' }[flow]
  // A power of ten is all that one remembers of so small a number.
  const size = share < 0.01 || share >= 1000 ? format.tick(10 ** Math.round(Math.log10(share))) : format.tick(Number(share.toPrecision(2)))
  return share >= 1
    ? `The first layer’s gradient is ${size} times the last’s: ${verb}.`
    : `The first layer’s gradient is ${size} of the last’s: ${verb}.`
}

/** Whether it learns, by its mean loss of late beside that of guessing. */
export function learningWords(loss: number | null, chance: number | null): string {
  if (loss === null) return ''
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? 'The loss is NaN.' : 'The loss is infinite.'
  if (chance === null) return ''
  return loss > chance * (1 - guessing)
    ? `Loss ${format.loss(loss)}: no better than guessing.`
    : `Loss ${format.loss(loss)}; guessing costs ${format.loss(chance)}.`
}
