/** What the losses alone say: diverged, oscillating, stalled, no better than a guess, drowned in the noise of its batches. */
import { message } from '../../../words/say.ts'
import type { Evidence } from '../evidence.ts'
import { rule, type Hit } from '../finding.ts'
import { forBaseline, forDiverged, forNoisyBatch, forOscillating, forStalled } from '../cures/orders.ts'
import { sources } from '../sources.ts'
import { oscillation, roughness } from '../swing.ts'
import { inDecades, inShares, inSteps } from '../threshold.ts'

const ofRun = (own: Omit<Hit, 'layer'>): Hit[] => [{ layer: null, ...own }]

/** The mean of the last steps. */
const recent = 10

/** The mean loss of the last steps, infinite once a loss is not finite, and the lowest such mean. */
const lately = ({ course, step }: Evidence) => ({
  last: course.nonFiniteStep === undefined ? (course.span(step - recent)?.mean ?? NaN) : Infinity,
  best: course.lowest(recent),
})

/** By how much a loss is above its lowest, and above a constant guess's, to have diverged. */
const apart = { times: 4, baseline: 2 }

export const diverged = rule({
  kind: 'diverged',
  needs: ['losses'],
  hits: 3,
  thresholds: {
    times: inSteps(apart.times, 1, sources.fastai, 'times', [2, Infinity]),
    // A constant guess is twice as good.
    baseline: inSteps(apart.baseline, 0.5, sources.own, 'times', [1, Infinity]),
  },
  judge(evidence, { times, baseline }) {
    const { last, best } = lately(evidence)
    if (!(last > times * best && last > baseline * evidence.data.baseline)) return []
    return ofRun({
      severity: 'critical',
      measured: last / best,
      threshold: times,
      source: sources.fastai,
      sentence: message('finding.diverged', { last, best, measured: last / best, threshold: times, source: sources.fastai }),
    })
  },
  cures: forDiverged,
})

export const oscillating = rule({
  kind: 'oscillating',
  needs: ['losses'],
  hits: 3,
  thresholds: {
    swing: inShares(0.1, sources.autoTrainer),
    // How far the means of stretches differ, in what the noise of single batches explains.
    chance: inSteps(4, 1, sources.own, 'times', [2, Infinity]),
    from: inSteps(60, 20, sources.own, 'steps', [20, Infinity]),
  },
  judge({ course, data, step, learning }, { swing, chance, from }) {
    if (step < from || learning.falls || learning.skill > 0.5 || course.nonFiniteStep !== undefined) return []
    const seen = oscillation(course.tail(Math.min(256, Math.round(step / 2))), data.baseline, chance)
    if (!seen || !(seen.swing > swing)) return []
    return ofRun({
      severity: 'warning',
      measured: seen.swing,
      threshold: swing,
      source: sources.autoTrainer,
      sentence: message('finding.oscillating', { measured: seen.swing, mean: seen.mean, threshold: swing, source: sources.autoTrainer }),
    })
  },
  cures: forOscillating,
})

export const stalled = rule({
  kind: 'stalled',
  needs: ['losses', 'data'],
  hits: 3,
  thresholds: {
    fall: inDecades(0.01, sources.autoTrainer, 'share'),
    // What has been learnt of what a constant guess leaves; a network that has learnt more may be at its end.
    learnt: inShares(0.2, sources.own),
    from: inSteps(200, 50, sources.own, 'steps', [20, Infinity]),
  },
  judge(evidence, { fall, learnt, from }) {
    const { step, learning, course, data } = evidence
    const { last, skill, falls } = learning
    // It came apart: what cures a loss that stands, a higher rate first of all, is wrong for it.
    const now = lately(evidence)
    if (now.last > apart.times * now.best && now.last > apart.baseline * data.baseline) return []
    // Over half of the run: a slow beginning is none of an end.
    const before = course.span(step / 4, step / 2)
    if (step < from || !last || !before || falls || !(skill < learnt) || skill === -Infinity) return []
    const measured = (before.mean - last.mean) / before.mean
    if (!(measured < fall)) return []
    return ofRun({
      severity: 'warning',
      measured,
      threshold: fall,
      source: sources.autoTrainer,
      sentence: message('finding.stalled', {
        measured,
        steps: Math.round(step / 2),
        loss: last.mean,
        threshold: fall,
        source: sources.autoTrainer,
      }),
    })
  },
  cures: forStalled,
})

export const baseline = rule({
  kind: 'baseline',
  needs: ['losses', 'data'],
  hits: 3,
  thresholds: {
    skill: inDecades(0.02, sources.own, 'share'),
    from: inSteps(200, 100, sources.own, 'steps', [20, Infinity]),
    epochs: inSteps(2, 1, sources.own, 'epochs'),
  },
  judge(evidence, { skill, from, epochs }) {
    const { step, stepsPerEpoch, data, learning } = evidence
    if (step < from || step < epochs * stepsPerEpoch || !(data.baseline > 0) || learning.skill === -Infinity) return []
    const seen =
      ofTest(evidence, skill) ?? (learning.falls || !(learning.skill < skill) ? null : { skill: learning.skill, loss: learning.last!.mean })
    if (!seen) return []
    const isOfClasses = data.classes !== undefined
    return ofRun({
      severity: 'warning',
      measured: seen.skill,
      threshold: skill,
      source: sources.own,
      sentence: message(isOfClasses ? 'finding.baseline.classes' : 'finding.baseline.numbers', {
        loss: seen.loss,
        baseline: data.baseline,
        source: sources.own,
      }),
    })
  },
  cures: forBaseline,
})

/** A network that has learnt its training samples by heart, and of others knows less than a constant guess does. */
function ofTest({ evaluations, data, learning }: Evidence, least: number): { skill: number; loss: number } | null {
  const last = evaluations.slice(-3)
  if (last.length < 3 || !last.every(({ test }) => 1 - test / data.baseline < least)) return null
  // One that is still on its way has not yet had the time.
  if (learning.falls && !last.every(({ test }, i) => i === 0 || test >= last[i - 1]!.test)) return null
  const { test } = last.at(-1)!
  return { skill: 1 - test / data.baseline, loss: test }
}

export const noisyBatch = rule({
  kind: 'noisyBatch',
  needs: ['losses', 'data'],
  hits: 3,
  thresholds: {
    noise: inShares(0.5, sources.mcCandlish),
    batch: inSteps(8, 1, sources.own, 'samples', [1, Infinity]),
    from: inSteps(100, 50, sources.own, 'steps', [20, Infinity]),
  },
  judge({ course, model, step, learning, data }, { noise, batch, from }) {
    const size = model.batchSize * (model.accumulate ?? 1)
    if (
      step < from ||
      learning.falls ||
      learning.skill > 0.5 ||
      size > batch ||
      4 * size > data.count ||
      course.nonFiniteStep !== undefined
    )
      return []
    const { deviation, mean } = roughness(course.tail(512))
    const measured = deviation / mean
    if (!(measured > noise)) return []
    return ofRun({
      severity: 'warning',
      measured,
      threshold: noise,
      source: sources.mcCandlish,
      sentence: message('finding.noisyBatch', { batchSize: size, measured, threshold: noise, source: sources.mcCandlish }),
    })
  },
  cures: forNoisyBatch,
})
