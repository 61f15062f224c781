import { thresholds } from '../../../inspect/diagnosis.ts'
import type { Health } from '../../../inspect/health.ts'
import { message } from '../../../words/say.ts'
import { weighted, type Evidence, type Weighted } from '../evidence.ts'
import { rule, type Hit } from '../finding.ts'
import { layerNamed } from '../layer-named.ts'
import { forExploding } from '../cures/orders.ts'
import { sources } from '../sources.ts'
import { inDecades, inSteps } from '../threshold.ts'

export const exploding = rule({
  kind: 'exploding',
  needs: ['layers', 'losses'],
  hits: 3,
  thresholds: {
    share: inSteps(thresholds.explodingShare, 10, sources.autoTrainer),
    loss: inDecades(1e3, sources.autoTrainer, 'times'),
  },
  judge(evidence, { share, loss }) {
    const { health, learning } = evidence
    if (!health || learning.isWell) return []
    const layers = weighted(health)
    return notFinite(layers) ?? byWeights(layers, share) ?? byOutputs(layers, health, share) ?? byLoss(layers, evidence, loss) ?? []
  },
  cures: forExploding,
})

const found = (
  layer: Weighted,
  measured: number,
  threshold: number,
  sentence: Hit['sentence'],
  source: string = sources.autoTrainer,
): Hit[] => [{ severity: 'critical', layer: layer.path, measured, threshold, source, sentence }]

/** Numbers that have left float32's range grew before. */
function notFinite(layers: readonly Weighted[]): Hit[] | null {
  const broken = layers.filter(({ weight, gradientShare }) => {
    const { nan, infinite } = weight.nonFiniteGradients
    return nan + infinite > 0 || (gradientShare !== null && !Number.isFinite(gradientShare))
  })
  const [first] = broken
  if (!first) return null
  const { nan, infinite } = first.weight.nonFiniteGradients
  const sentence = message('finding.exploding.notFinite', { where: layerNamed(first), measured: nan + infinite, source: sources.sageMaker })
  return found(first, nan + infinite, 0, sentence, sources.sageMaker)
}

function byWeights(layers: readonly Weighted[], threshold: number): Hit[] | null {
  const above = layers.filter(({ gradientShare }) => gradientShare !== null && gradientShare > threshold)
  const [most] = above.toSorted((a, b) => b.gradientShare! - a.gradientShare!)
  if (!most) return null
  const measured = most.gradientShare!
  const sentence = message('finding.exploding', { where: layerNamed(most), measured, threshold, source: sources.autoTrainer })
  return found(most, measured, threshold, sentence).map((own) => ({ ...own, layers: above.map(({ path }) => path) }))
}

/**
 * Signal and gradient that both grow at every layer leave equal gradients at all weights: then what the layers put out grows on the way forward, and the
 * gradient with respect to it on the way back.
 */
function byOutputs(layers: readonly Weighted[], { input }: Health, threshold: number): Hit[] | null {
  const hidden = layers.slice(0, -1)
  const [first, last] = [hidden[0], hidden.at(-1)]
  if (!first || !last || hidden.length < 3) return null
  const back = (first.output.gradientNorm ?? NaN) / (last.output.gradientNorm ?? NaN)
  const forward = last.output.deviation / Math.max(first.output.deviation, input.deviation)
  if (!(back > threshold && forward > threshold)) return null
  const sentence = message('finding.exploding.outputs', {
    where: layerNamed(first),
    measured: back,
    forward,
    threshold,
    source: sources.autoTrainer,
  })
  return found(first, back, threshold, sentence)
}

/** A loss that many times over what a constant guess has, which only outputs far out of range can have. */
function byLoss(layers: readonly Weighted[], { course, data, learning }: Evidence, threshold: number): Hit[] | null {
  const times = (learning.last?.mean ?? 0) / data.baseline
  if (!(data.baseline > 0 && course.last > threshold * data.baseline && times > threshold)) return null
  const most = layers.toSorted((a, b) => b.weight.gradientNorm / b.weight.weightNorm - a.weight.gradientNorm / a.weight.weightNorm)[0]
  if (!most) return null
  const sentence = message('finding.exploding.loss', { where: layerNamed(most), measured: times, threshold, source: sources.autoTrainer })
  return found(most, times, threshold, sentence)
}
