/** Which parameters hold weights, or gradients, that are NaN or infinite, in a sentence. */
import { total } from '../../inspect/diagnosis.ts'
import type { LayerStatistics } from '../../inspect/layer-statistics.ts'
import { t } from '../words/language.ts'
import { parameterName } from '../words/layer-names.ts'
import { nonFiniteText } from '../words/non-finite.ts'

type Counted = Pick<LayerStatistics, 'path' | 'kind' | 'count' | 'nonFiniteWeights' | 'nonFiniteGradients'>

/** Named in a sentence at most. */
const mostNamed = 3

/** Empty where none does. */
export function oddText(statistics: readonly Counted[], names: ReadonlyMap<string, string>, withGradients: boolean): string {
  const sentence = (what: 'Weights' | 'Gradients') => {
    const oddOf = (one: Counted) => one[`nonFinite${what}`]
    const odd = statistics.filter((one) => total(oddOf(one)) > 0)
    if (odd.length === 0) return []
    const tensors = odd.slice(0, mostNamed).map((one) => {
      const name = parameterName(one.path, names, one.kind)
      return t('charts.norms.tensor', { name, found: nonFiniteText(oddOf(one), one.count) })
    })
    if (odd.length <= mostNamed) return [t(`charts.norms.odd${what}`, { tensors })]
    return [t(`charts.norms.moreOdd${what}`, { tensors, more: odd.length - mostNamed, of: statistics.length })]
  }
  return t('charts.sentences', { sentences: [...(withGradients ? sentence('Gradients') : []), ...sentence('Weights')] })
}
