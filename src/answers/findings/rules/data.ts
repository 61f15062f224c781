/** What the data and the evaluations say: inputs out of scale, classes out of balance, samples learnt by heart. */
import { message } from '../../../words/say.ts'
import { normalisesInput } from '../cures/layer-lists.ts'
import { rule } from '../finding.ts'
import { forImbalance, forOverfitting, forUnscaledInput } from '../cures/orders.ts'
import type { FeatureFacts } from '../facts.ts'
import { sources } from '../sources.ts'
import { inDecades, inShares, inSteps } from '../threshold.ts'

const size = ({ mean, deviation }: FeatureFacts): number => Math.hypot(mean, deviation)
/** A constant feature says nothing and has no spread to speak of. */
const varies = ({ mean, deviation }: FeatureFacts): boolean => deviation > 1e-6 * Math.max(1, Math.abs(mean))

export const unscaledInput = rule({
  kind: 'unscaledInput',
  needs: ['data', 'model'],
  hits: 1,
  thresholds: {
    size: inDecades(10, sources.lecun),
    small: inDecades(0.01, sources.lecun),
    offset: inDecades(10, sources.lecun, 'times'),
    spread: inDecades(100, sources.lecun, 'times'),
  },
  judge({ data, model }, { size: large, small, offset, spread }) {
    const features = data.features.filter(varies)
    if (features.length === 0 || normalisesInput(model)) return []
    const bySize = features.toSorted((a, b) => size(b) - size(a))
    const byOffset = features.toSorted((a, b) => Math.abs(b.mean) / b.deviation - Math.abs(a.mean) / a.deviation)
    const [most, least] = [bySize[0]!, bySize.at(-1)!]
    const found = (
      code: 'finding.unscaledInput.size' | 'finding.unscaledInput.small' | 'finding.unscaledInput.offset' | 'finding.unscaledInput.spread',
      { index, name = '' }: FeatureFacts,
      measured: number,
      threshold: number,
    ) => [
      {
        severity: 'warning' as const,
        layer: 'input',
        neurons: data.features.length > 1 ? [index] : [],
        measured,
        threshold,
        source: sources.lecun,
        sentence: message(code, { index, name, measured, threshold, source: sources.lecun }),
      },
    ]
    if (size(most) > large) return found('finding.unscaledInput.size', most, size(most), large)
    if (size(most) < small) return found('finding.unscaledInput.small', most, size(most), small)
    if (size(most) > spread * size(least) && size(most) > 1)
      return found('finding.unscaledInput.spread', most, size(most) / size(least), spread)
    const far = byOffset[0]!
    const ratio = Math.abs(far.mean) / far.deviation
    return ratio > offset && Math.abs(far.mean) > 1 ? found('finding.unscaledInput.offset', far, ratio, offset) : []
  },
  cures: forUnscaledInput,
})

export const imbalance = rule({
  kind: 'imbalance',
  needs: ['data', 'classErrors'],
  hits: 3,
  thresholds: {
    ratio: inSteps(10, 1, sources.sageMaker, 'times', [2, Infinity]),
    error: inShares(0.7, sources.sageMaker),
    from: inSteps(200, 50, sources.own, 'steps', [20, Infinity]),
    epochs: inSteps(3, 1, sources.own, 'epochs'),
  },
  judge({ data, classErrors, step, stepsPerEpoch }, { ratio, error, from, epochs }) {
    const { classes } = data
    if (!classes || !classErrors || step < from || step < epochs * stepsPerEpoch) return []
    const common = classes.toSorted((a, b) => b.count - a.count)[0]!
    const rare = classes
      .map(({ name, count }, i) => {
        const { count: tested = 0, wrong = 0 } = classErrors.classes[i] ?? {}
        return { name, count, index: i, error: tested > 0 ? wrong / tested : 0 }
      })
      .filter((own) => own.count > 0 && common.count > ratio * own.count && own.error > error)
      .toSorted((a, b) => b.error - a.error || a.count - b.count)[0]
    if (!rare) return []
    const measured = common.count / rare.count
    return [
      {
        severity: 'warning',
        layer: null,
        measured,
        threshold: ratio,
        source: sources.sageMaker,
        sentence: message('finding.imbalance', {
          common: common.name,
          rare: rare.name,
          commonCount: common.count,
          rareCount: rare.count,
          error: rare.error,
          threshold: ratio,
          errorThreshold: error,
          source: sources.sageMaker,
        }),
      },
    ]
  },
  cures: forImbalance,
})

export const overfitting = rule({
  kind: 'overfitting',
  needs: ['evaluations', 'data'],
  hits: 1,
  thresholds: {
    // In units of a constant guess's loss, which no scale of the loss changes.
    rise: inShares(0.2, sources.sageMaker),
    evaluations: inSteps(3, 1, sources.own, 'times', [1, 20]),
  },
  judge({ evaluations, data }, { rise, evaluations: count }) {
    const last = evaluations.slice(-count)
    if (last.length < count || evaluations.length < count + 1 || !(data.baseline > 0)) return []
    const best = evaluations.reduce((least, own) => (own.test < least.test ? own : least))
    const unit = rise * data.baseline
    const isHit = last.every(
      (own) => own.step > best.step && own.test - best.test > unit && own.test - own.train > unit && own.train < best.train,
    )
    if (!isHit) return []
    const { test, train } = last.at(-1)!
    const measured = (test - best.test) / data.baseline
    return [
      {
        severity: 'warning',
        layer: null,
        measured,
        threshold: rise,
        source: sources.sageMaker,
        sentence: message('finding.overfitting', {
          test,
          best: best.test,
          step: best.step,
          train,
          measured,
          threshold: rise,
          source: sources.sageMaker,
        }),
      },
    ]
  },
  cures: forOverfitting,
})
