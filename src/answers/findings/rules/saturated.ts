import { message } from '../../../words/say.ts'
import { weighted } from '../evidence.ts'
import { rule } from '../finding.ts'
import { layerNamed } from '../layer-named.ts'
import { forSaturated } from '../cures/orders.ts'
import { sources } from '../sources.ts'
import { inShares, inSteps } from '../threshold.ts'

export const saturated = rule({
  kind: 'saturated',
  needs: ['layers', 'losses'],
  hits: 3,
  perLayer: true,
  thresholds: {
    share: inShares(0.5, sources.deepDiagnosis),
    // By then the losses tell whether it learns all the same.
    from: inSteps(20, 10, sources.own, 'steps', [0, Infinity]),
  },
  judge({ health, learning }, { share, from }) {
    if (!health || health.step < from || learning.isWell) return []
    // An output that is sure of its classes saturates too, and is right to.
    return weighted(health)
      .slice(0, -1)
      .flatMap((layer) => {
        const { saturated: measured, saturatedNeurons, beyondFive } = layer.output
        if (measured === null || !(measured > share)) return []
        return [
          {
            severity: beyondFive !== null && beyondFive > share ? ('critical' as const) : ('warning' as const),
            layer: layer.path,
            neurons: saturatedNeurons ?? [],
            measured,
            threshold: share,
            source: sources.deepDiagnosis,
            sentence: message('finding.saturated', {
              where: layerNamed(layer),
              activation: layer.activation?.name ?? layer.type,
              measured,
              neurons: saturatedNeurons?.length ?? 0,
              of: layer.output.neurons,
              threshold: share,
              source: sources.deepDiagnosis,
            }),
          },
        ]
      })
  },
  cures: forSaturated,
})
