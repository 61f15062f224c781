/** Updates that move the weights by too much or too little in a step. */
import { message } from '../../../words/say.ts'
import { weighted, type Weighted } from '../evidence.ts'
import { rule } from '../finding.ts'
import { layerNamed } from '../layer-named.ts'
import { forLargeUpdates, forSmallUpdates } from '../cures/orders.ts'
import { sources } from '../sources.ts'
import { inDecades, inShares, inSteps } from '../threshold.ts'

const source = `${sources.deepDiagnosis}: healthy updates are about 1e-3`
const ratioOf = ({ weight }: Weighted): number => weight.updateRatio ?? 0
const byRatio = (layers: readonly Weighted[]) => layers.toSorted((a, b) => ratioOf(b) - ratioOf(a))

export const updateTooLarge = rule({
  kind: 'updateTooLarge',
  needs: ['layers', 'losses'],
  hits: 3,
  thresholds: {
    ratio: inDecades(0.1, source),
    // The first updates of Adam and its kin are of one size whatever the gradient.
    from: inSteps(20, 10, sources.own, 'steps', [0, Infinity]),
  },
  judge({ health, learning }, { ratio, from }) {
    if (!health || learning.isWell || health.step < from) return []
    const [most] = byRatio(weighted(health))
    if (!most || !(ratioOf(most) > ratio)) return []
    const measured = ratioOf(most)
    return [
      {
        severity: measured > 10 * ratio ? 'critical' : 'warning',
        layer: most.path,
        measured,
        threshold: ratio,
        source,
        sentence: message('finding.updateTooLarge', { where: layerNamed(most), measured, threshold: ratio, source }),
      },
    ]
  },
  cures: forLargeUpdates,
})

export const updateTooSmall = rule({
  kind: 'updateTooSmall',
  needs: ['layers', 'losses'],
  hits: 3,
  thresholds: {
    ratio: inDecades(1e-5, source),
    // Updates that have become small because the gradient has are the end of a good run.
    gradient: inShares(0.1, sources.own),
    from: inSteps(20, 10, sources.own, 'steps', [0, Infinity]),
  },
  judge({ health, start, learning, model }, { ratio, gradient, from }) {
    if (!health || !start || learning.isWell || health.step < from) return []
    const layers = weighted(health)
    const [most] = byRatio(layers)
    if (!most || !(ratioOf(most) < ratio)) return []
    const norm = (all: readonly Weighted[]) => Math.hypot(...all.map(({ weight }) => weight.gradientNorm))
    const [now, first] = [norm(layers), norm(weighted(start))]
    if (!(now > gradient * first)) return []
    // A schedule that ends, or a warm-up that begins, is small on purpose.
    if (health.learningRate < 0.1 * model.optimizer.learningRate) return []
    const measured = ratioOf(most)
    return [
      {
        severity: 'warning',
        layer: most.path,
        measured,
        threshold: ratio,
        source,
        sentence: message('finding.updateTooSmall', { where: layerNamed(most), measured, threshold: ratio, source }),
      },
    ]
  },
  cures: forSmallUpdates,
})
