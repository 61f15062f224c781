import type { Health, LayerHealth } from '../../../inspect/health.ts'
import type { NonFinite } from '../../../inspect/layer-statistics.ts'
import { message } from '../../../words/say.ts'
import { rule } from '../finding.ts'
import { layerNamed } from '../layer-named.ts'
import { forDiverged } from '../cures/orders.ts'
import { sources } from '../sources.ts'

export const notFinite = rule({
  kind: 'notFinite',
  needs: ['losses', 'layers'],
  hits: 1,
  thresholds: {},
  judge({ health, course }) {
    const layer = health && brokenLayer(health)
    const { nonFiniteStep } = course
    if (!layer && nonFiniteStep === undefined) return []
    const common = { severity: 'critical' as const, threshold: 0, source: sources.sageMaker }
    if (!layer) {
      const sentence = message('finding.notFinite.loss', { step: nonFiniteStep!, source: sources.sageMaker })
      return [{ ...common, layer: null, measured: nonFiniteStep!, sentence }]
    }
    const { nan, infinite } = countsOf(layer)
    const values = { where: layerNamed(layer), nan, infinite, source: sources.sageMaker }
    return [{ ...common, layer: layer.path, measured: nan + infinite, sentence: message('finding.notFinite', values) }]
  },
  cures: forDiverged,
})

const total = ({ nan, infinite }: NonFinite): number => nan + infinite

function countsOf({ output, weight, bias }: LayerHealth): NonFinite {
  const all = [output.nonFinite, weight?.nonFiniteWeights, weight?.nonFiniteGradients, bias?.nonFiniteWeights]
  return all.find((own) => own && total(own) > 0) ?? { nan: 0, infinite: 0 }
}

/** Forward a number spreads from the first layer that puts it out, back from the last whose gradient has it. */
function brokenLayer({ layers }: Health): LayerHealth | undefined {
  return (
    layers.find(({ output, weight }) => total(output.nonFinite) > 0 || (weight && total(weight.nonFiniteWeights) > 0)) ??
    layers.findLast(({ weight, bias }) => [weight, bias].some((own) => own && total(own.nonFiniteGradients) > 0))
  )
}
