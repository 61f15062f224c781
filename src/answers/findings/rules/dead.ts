import { message } from '../../../words/say.ts'
import { weighted } from '../evidence.ts'
import { rule, type Hit } from '../finding.ts'
import { layerNamed } from '../layer-named.ts'
import { forDead } from '../cures/orders.ts'
import { sources } from '../sources.ts'
import { inShares, inSteps } from '../threshold.ts'

export const dead = rule({
  kind: 'dead',
  needs: ['layers', 'losses'],
  hits: 3,
  perLayer: true,
  thresholds: {
    share: inShares(0.5, sources.sageMaker),
    // A neuron that one sample in a hundred wakes is awake in nine of ten stretches of so many.
    samples: inSteps(256, 64, sources.own, 'samples'),
    // By then the losses tell whether it learns all the same.
    from: inSteps(20, 10, sources.own, 'steps', [0, Infinity]),
  },
  judge({ health, learning }, { share, samples, from }) {
    if (!health || health.step < from || learning.isWell || health.window.samples < Math.min(samples, health.window.of)) return []
    const hits: Hit[] = []
    // The output layer is what the loss sees, and what follows a layer of dead neurons alone never varies either.
    for (const layer of weighted(health).slice(0, -1)) {
      const { dead: neurons, deadShare, neurons: of } = layer.output
      if (neurons && deadShare !== null && deadShare > share)
        hits.push({
          severity: deadShare === 1 ? 'critical' : 'warning',
          layer: layer.path,
          neurons,
          measured: deadShare,
          threshold: share,
          source: sources.sageMaker,
          sentence: message('finding.dead', {
            where: layerNamed(layer),
            count: neurons.length,
            of,
            samples: health.window.samples,
            threshold: share,
            source: sources.sageMaker,
          }),
        })
      if (deadShare === 1) break
    }
    return hits
  },
  cures: forDead,
})
