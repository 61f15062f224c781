import { thresholds } from '../../../inspect/diagnosis.ts'
import type { Health } from '../../../inspect/health.ts'
import { message } from '../../../words/say.ts'
import { weighted, type Weighted } from '../evidence.ts'
import { rule, type Hit } from '../finding.ts'
import { layerNamed } from '../layer-named.ts'
import { forVanishing } from '../cures/orders.ts'
import { sources } from '../sources.ts'
import { inDecades } from '../threshold.ts'

export const vanishing = rule({
  kind: 'vanishing',
  needs: ['layers', 'losses'],
  hits: 3,
  thresholds: {
    share: inDecades(thresholds.vanishingShare, sources.autoTrainer),
    signal: inDecades(1e-2, sources.own),
    tiny: inDecades(thresholds.tinyGradient, sources.sageMaker),
  },
  judge({ health, learning }, { share, signal, tiny }) {
    if (!health || learning.isWell) return []
    const layers = weighted(health)
    const blocked = layers.findIndex(({ output }) => output.deadShare === 1)
    // Behind neurons of which none lets a gradient through there is nothing that could vanish.
    const open = blocked < 0 ? layers : layers.slice(blocked + 1)
    const below = open.filter(({ gradientShare }) => gradientShare !== null && gradientShare < share)
    // Large inputs make the gradient of a layer large that little arrives at: what arrives there tells it too.
    const last = open.slice(0, -1).at(-1)?.output.gradientNorm ?? NaN
    const starved = below.length > 0 ? open.filter(({ output }) => output.gradientNorm !== null && output.gradientNorm < share * last) : []
    const all = open.filter((layer) => below.includes(layer) || starved.includes(layer))
    const [first] = all
    if (first) {
      const measured = below.includes(first) ? first.gradientShare! : first.output.gradientNorm! / last
      return [hit(first, all, measured, share, tiny)]
    }
    return fading(open, health, share, signal, tiny)
  },
  cures: forVanishing,
})

/**
 * Signal and gradient that both fade by the same at every layer leave equal gradients at all weights, and only the gradient with respect to what the
 * layers put out tells it.
 */
function fading(layers: readonly Weighted[], { input }: Health, share: number, signal: number, tiny: number): Hit[] {
  const hidden = layers.slice(0, -1)
  const [first, last] = [hidden[0], hidden.at(-1)]
  if (!first || !last || hidden.length < 3) return []
  const arrives = (first.output.gradientNorm ?? NaN) / (last.output.gradientNorm ?? NaN)
  const carried = last.output.deviation / Math.max(first.output.deviation, Math.min(1, input.deviation) * 1e-6)
  return arrives < share && carried < signal ? [hit(first, [first], arrives, share, tiny)] : []
}

function hit(first: Weighted, below: readonly Weighted[], measured: number, threshold: number, tiny: number): Hit {
  const isTiny = first.weight.gradientRms < tiny
  return {
    severity: isTiny || measured < threshold / 1000 ? 'critical' : 'warning',
    layer: first.path,
    layers: below.map(({ path }) => path),
    measured,
    threshold,
    source: sources.autoTrainer,
    sentence: message('finding.vanishing', { where: layerNamed(first), measured, threshold, source: sources.autoTrainer }),
  }
}
