import { describe, expect, test } from 'vitest'
import { findingsFile, findingsFormat } from '../../src/answers/findings/file.ts'
import { kinds } from '../../src/answers/findings/finding.ts'
import { nextLook } from '../../src/answers/findings/looks.ts'
import { limitsOf, rules, thresholdsOf } from '../../src/answers/findings/rules.ts'
import { Watch } from '../../src/answers/findings/watch.ts'
import { patched } from '../../src/model/patch.ts'
import { findingKinds, kindNamed } from '../../tools/cli/stop-on.mjs'
import { facts, falling, find, kindsOf, model, noise, watched } from './findings-run.ts'

describe('layers', () => {
  test('a first layer with less than a thousandth of the last gradient vanishes after three looks, and is named first of all below', () => {
    const told = [{ share: 2e-4 }, { share: 5e-4 }, { share: 0.1 }]
    expect(kindsOf(watched({ steps: 9, told }))).toEqual([])
    const watch = watched({ steps: 10, told })
    expect(find(watch, 'vanishing')).toMatchObject({
      severity: 'warning',
      layer: 'layers.0',
      layers: ['layers.0', 'layers.2'],
      measured: 2e-4,
      threshold: 1e-3,
      firstStep: 1,
      foundStep: 10,
      lastStep: 10,
    })
    // Whatever the size of the loss; and where hardly anything is left at all, it is worse.
    expect(find(watched({ steps: 10, told: [{ share: 1e-7 }] }), 'vanishing').severity).toBe('critical')
    expect(kindsOf(watched({ steps: 10, told: [{ share: 2e-3 }] }))).toEqual([])
  })

  test('large inputs do not hide which layer the gradient no longer reaches', () => {
    const told = [{ share: 5e-3, back: 1e-5 }, { share: 2e-4, back: 1e-4 }, {}, {}]
    expect(find(watched({ steps: 10, told }), 'vanishing').layer).toBe('layers.0')
  })

  test('signal and gradient that fade alike are seen by what layers put out', () => {
    const told = [0, 1, 2, 3].map((i) => ({ share: 1, back: 1e-4 * 20 ** i, spread: 0.05 ** i }))
    expect(find(watched({ steps: 10, told }), 'vanishing')).toMatchObject({ layer: 'layers.0' })
    expect(kindsOf(watched({ steps: 10, told: told.map(({ back }) => ({ back })) }))).toEqual([])
  })

  test('a network that learns well gives no reason to look for one', () => {
    const told = [{ share: 1e-5, dead: [0, 1, 2, 3, 4, 5], saturated: 0.9, update: 0.5 }]
    expect(kindsOf(watched({ told, loss: (step) => 0.2 + 0.01 * (step % 2) }))).toEqual([])
    expect(kindsOf(watched({ told, loss: falling, steps: 60 })).filter((kind) => kind !== 'vanishing')).toEqual([])
  })

  test('one look without a hit begins the count anew', () => {
    const told = (step: number) => [{ share: step === 10 || step === 30 ? 1 : 1e-5 }]
    expect(kindsOf(watched({ steps: 45, told }))).toEqual([])
    expect(find(watched({ steps: 60, told }), 'vanishing')).toMatchObject({ firstStep: 40, foundStep: 60 })
  })

  test('a gradient of seventy times the last explodes, and so do signal and gradient that grow alike, and numbers that are none', () => {
    expect(find(watched({ steps: 10, told: [{ share: 80 }] }), 'exploding')).toMatchObject({
      severity: 'critical',
      layer: 'layers.0',
      measured: 80,
    })
    const growing = [0, 1, 2, 3].map((i) => ({ back: 1e4 / 10 ** i, spread: 10 ** i }))
    expect(find(watched({ steps: 10, told: growing }), 'exploding')).toMatchObject({ layer: 'layers.0', measured: 1000 })
    const broken = watched({ steps: 15, told: [{}, { bad: true }], loss: (step) => (step < 4 ? 0.69 : NaN) })
    expect(kindsOf(broken)).toEqual(['notFinite', 'diverged', 'exploding'])
    expect(find(broken, 'notFinite')).toMatchObject({ layer: 'layers.2', firstStep: 1 })
    expect(find(watched({ steps: 10, loss: () => 5000 }), 'exploding')).toMatchObject({ sentence: { code: 'finding.exploding.loss' } })
  })

  test('a layer of which more than half is dead over the whole window is named with its neurons, and none behind one that is dead altogether', () => {
    const six = [0, 1, 2, 4, 5, 7]
    expect(find(watched({ steps: 40, told: [{}, { dead: six }] }), 'dead')).toMatchObject({
      layer: 'layers.2',
      neurons: six,
      measured: 0.75,
      severity: 'warning',
    })
    expect(kindsOf(watched({ steps: 40, told: [{ dead: [0, 1, 2, 3] }] }))).toEqual([])
    const short = { window: { samples: 96, of: 400 } }
    expect(kindsOf(watched({ steps: 40, told: [{ dead: six }], health: short }))).toEqual([])
    const all = Array.from({ length: 8 }, (_, i) => i)
    const dead = watched({ steps: 40, told: [{}, { dead: all }, { dead: all }, { dead: all }] }).findings.filter(
      ({ kind }) => kind === 'dead',
    )
    expect(dead.map(({ layer, severity }) => [layer, severity])).toEqual([['layers.2', 'critical']])
  })

  test('hidden layers saturate, the output may', () => {
    const found = watched({ steps: 40, told: [{}, { saturated: 0.7 }, {}, {}, { saturated: 1 }] }).findings
    expect(found).toMatchObject([{ kind: 'saturated', layer: 'layers.2', measured: 0.7, threshold: 0.5 }])
  })

  test('updates of more than a tenth, or of less than a hundred-thousandth everywhere', () => {
    expect(find(watched({ steps: 40, told: [{ update: 0.3 }, { update: 0.2 }] }), 'updateTooLarge')).toMatchObject({
      layer: 'layers.0',
      measured: 0.3,
    })
    // Adam's first steps are of one size.
    expect(kindsOf(watched({ steps: 100, told: (step) => [{ update: step < 20 ? 0.3 : 0.01 }] }))).toEqual([])
    const small = Array.from({ length: 5 }, (_, i) => ({ update: 1e-7 * (i + 1) }))
    expect(find(watched({ steps: 40, told: small }), 'updateTooSmall')).toMatchObject({ layer: 'layers.8', measured: 5e-7 })
    expect(kindsOf(watched({ steps: 40, told: [...small.slice(1), { update: 1e-3 }] }))).toEqual([])
    // At its end a gradient is small, and a schedule's rate.
    expect(kindsOf(watched({ steps: 40, told: (step) => small.map((own) => ({ ...own, share: step < 5 ? 1 : 0.01 })) }))).toEqual([])
    expect(kindsOf(watched({ steps: 40, told: small, health: { learningRate: 0.001 } }))).toEqual([])
  })
})

describe('losses', () => {
  test('a loss four times its lowest and twice a constant guess has diverged', () => {
    const watch = watched({ steps: 100, loss: (step) => (step < 40 ? 0.6 : 3) })
    expect(find(watch, 'diverged')).toMatchObject({ layer: null, severity: 'critical', threshold: 4 })
    // A spike of a tiny loss is none.
    expect(kindsOf(watched({ steps: 100, loss: (step) => (step < 40 ? 1e-4 : 2e-3) }))).toEqual([])
  })

  test('a loss that alternates oscillates, one with noise does not', () => {
    expect(find(watched({ steps: 120, loss: (step) => (step % 2 ? 0.9 : 0.5) }), 'oscillating')).toMatchObject({
      layer: null,
      threshold: 0.1,
    })
    expect(kindsOf(watched({ steps: 120, loss: (step) => 0.69 + 0.2 * noise(step) }))).toEqual([])
    // Slow waves are more than noise explains.
    expect(kindsOf(watched({ steps: 200, loss: (step) => 0.6 + 0.2 * Math.sin(step / 4) + 0.02 * noise(step) }))).toContain('oscillating')
  })

  test('a loss that stands is stalled; at the level of a constant guess it is no better than that', () => {
    expect(kindsOf(watched({ steps: 300, loss: (step) => 0.6 + 0.05 * noise(step) }))).toEqual(['stalled'])
    const watch = watched({ steps: 300, loss: (step) => 0.693 + 0.02 * noise(step) })
    expect(kindsOf(watch)).toEqual(['stalled', 'baseline'])
    expect(find(watch, 'baseline').sentence.code).toBe('finding.baseline.numbers')
    // One that goes on falling, and one that has come to its end, are not.
    expect(kindsOf(watched({ steps: 300, loss: (step) => 0.69 - 0.0005 * step + 0.02 * noise(step) }))).toEqual([])
    expect(kindsOf(watched({ steps: 300, loss: (step) => 0.4 + 0.05 * noise(step) }))).toEqual([])
  })

  test('batches of a few samples that vary by more than half of the loss are too small', () => {
    const own = { loss: (step: number) => 0.6 + 0.59 * noise(step), steps: 300 }
    expect(kindsOf(watched({ ...own, model: model({ type: 'relu' }, { batchSize: 2 }) }))).toContain('noisyBatch')
    expect(kindsOf(watched(own))).not.toContain('noisyBatch')
  })
})

describe('data', () => {
  const features = (mean: number, deviation: number) => ({
    features: [
      { index: 0, mean: 0, deviation: 1 },
      { index: 1, name: 'mass', mean, deviation },
    ],
  })
  test.each([
    ['large', features(0, 500), 'finding.unscaledInput.size'],
    ['far from zero', features(9, 0.2), 'finding.unscaledInput.offset'],
    [
      'uneven',
      {
        features: [
          { index: 0, mean: 0, deviation: 5 },
          { index: 1, mean: 0, deviation: 0.01 },
        ],
      },
      'finding.unscaledInput.spread',
    ],
    ['tiny', { features: [{ index: 0, mean: 0, deviation: 1e-4 }] }, 'finding.unscaledInput.small'],
  ] as const)('inputs that are %s are named before training, with a norm before the first layer as cure', (_, own, code) => {
    const [finding] = watched({ steps: 0, facts: { ...facts, ...own, features: [...own.features] } }).findings
    expect(finding).toMatchObject({ kind: 'unscaledInput', layer: 'input', firstStep: 0, sentence: { code } })
    const cured = patched(model(), finding!.cures[0]!.change)
    expect(cured.layers[0]).toMatchObject({ type: 'batchNorm' })
    expect(watched({ steps: 0, model: cured, facts: { ...facts, ...own, features: [...own.features] } }).findings).toEqual([])
  })

  test('inputs of ordinary size are let be, and constant ones', () => {
    for (const own of [features(2, 3), features(-0.4, 0), features(0.1, 0.05)])
      expect(watched({ steps: 0, facts: own }).findings).toEqual([])
  })

  test('a rare class that is named wrong', () => {
    const classes = [
      { name: 'sun', count: 380 },
      { name: 'snow', count: 20 },
    ]
    const run = (wrong: number) => {
      const watch = new Watch({ model: model(), data: { ...facts, classes }, stepsPerEpoch: 13 })
      expect(watch.wantsClassErrors).toBe(true)
      for (let step = 1; step <= 230; step++) {
        watch.losses([0.19 + 0.001 * noise(step)])
        watch.classErrors({
          step,
          classes: [
            { count: 380, wrong: 0 },
            { count: 20, wrong },
          ],
        })
        watch.look()
      }
      return watch.findings.filter(({ kind }) => kind === 'imbalance')
    }
    expect(run(20)).toMatchObject([{ layer: null, measured: 19, threshold: 10 }])
    expect(run(10)).toEqual([])
  })

  test('a test loss that rises for three evaluations while training falls', () => {
    const run = (test: (step: number) => number) => {
      const watch = new Watch({ model: model(), data: facts, stepsPerEpoch: 13 })
      for (let step = 1; step <= 200; step++) {
        watch.losses([falling(step)])
        if (step % 20 === 0) watch.evaluated({ step, loss: test(step) })
        watch.look()
      }
      return watch.findings
    }
    expect(run((step) => (step <= 80 ? 0.5 : 0.5 + 0.003 * (step - 80)))).toMatchObject([{ kind: 'overfitting', layer: null }])
    expect(run((step) => (step <= 80 ? 0.5 : 0.52))).toEqual([])
  })
})

describe('thresholds', () => {
  test('each has a source, and steps that are other numbers, there and back', () => {
    for (const own of rules)
      for (const [name, { value, source, next }] of Object.entries(thresholdsOf(own))) {
        expect(source, `${own.kind}.${name}`).not.toBe('')
        expect(next(value, true), `${own.kind}.${name}`).toBeGreaterThan(value)
        expect(next(value, false), `${own.kind}.${name}`).toBeLessThanOrEqual(value)
        expect(limitsOf(own, { [`${own.kind}.${name}`]: 42 })[name]).toBe(42)
      }
    expect(new Set(rules.map(({ kind }) => kind))).toEqual(new Set(kinds))
    expect(findingKinds.map(kindNamed)).toEqual(kinds)
  })

  test('those that were changed hold, looks in a row among them', () => {
    const told = [{ share: 2e-4 }]
    expect(kindsOf(watched({ told, steps: 30, thresholds: { 'vanishing.share': 1e-4 } }))).toEqual([])
    expect(find(watched({ told, steps: 1, thresholds: { 'vanishing.hits': 1 } }), 'vanishing').foundStep).toBe(1)
  })
})

test('looks grow rarer, and depend on the step alone', () => {
  const looks = [0]
  while (looks.at(-1)! < 1100) looks.push(nextLook(looks.at(-1)!))
  expect(looks.slice(1, 9)).toEqual([1, 5, 10, 15, 20, 30, 40, 50])
  expect(looks.slice(-4)).toEqual([1040, 1060, 1080, 1100])
  for (let step = 0; step < 1000; step++) expect(nextLook(step)).toBeGreaterThan(step)
})

test('cures change the model, are accepted, and differ from each other', () => {
  const told = [{ share: 1e-5, dead: [0, 1, 2, 3, 4, 5], saturated: 0.9, update: 0.5 }]
  for (const activation of ['relu', 'tanh', 'sigmoid', 'elu'] as const) {
    const own = model({ type: activation })
    for (const { cures, kind } of watched({ told, steps: 100, model: own, loss: (step) => 0.69 + 0.01 * (step % 2) }).findings) {
      const made = cures.map(({ change }) => JSON.stringify(patched(own, change)))
      expect(new Set([...made, JSON.stringify(own)]).size, `${activation} ${kind}`).toBe(made.length + 1)
      expect(made.length, `${activation} ${kind}`).toBeGreaterThan(1)
    }
  }
})

test('the file has every finding in a sentence, and null for what is not finite', () => {
  const watch = watched({ steps: 15, told: [{}, { bad: true }], loss: (step) => (step < 4 ? 0.69 : NaN) })
  const file = findingsFile(watch.findings)
  expect(file.format).toBe(findingsFormat)
  expect(file.findings.map(({ kind }) => kind)).toEqual(['notFinite', 'diverged', 'exploding'])
  expect(file.findings[1]).toMatchObject({ measured: null, layer: null })
  for (const { sentence, cures } of file.findings)
    for (const text of [sentence, ...cures.map((cure) => cure.sentence)]) expect(text.length).toBeGreaterThan(5)
  expect(JSON.parse(JSON.stringify(file))).toEqual(file)
})
