import { expect, test } from 'vitest'
import {
  adopted,
  descriptionsOf,
  edited,
  runOf,
  shownOf,
  withExperiment,
  withoutExperiment,
  withShown,
} from '../../src/app/run/experiments.ts'
import { guessingLoss } from '../../src/app/run/guessing.ts'
import { flowWords, learningWords } from '../../src/app/words/depth-words.ts'
import { compiledPart, fittingModel } from '../../src/app/run/describe.ts'
import type { Description } from '../../src/app/run/state.ts'
import { depthVariants, depthComparison } from '../../src/data/depth-comparison.ts'
import { message } from '../../src/words/say.ts'
import { flowOf } from '../../src/inspect/diagnosis.ts'

const norms = (...values: number[]) => values.map((norm, i) => ({ path: `layers.${i}.weight`, norm }))

test('how the gradient fares is told from the first weight and the last', () => {
  const flows = [norms(1e-9, 1e-3, 1), norms(2e-3, 1), norms(0.4, 2, 1), norms(5e4, 1), norms(0, 1), norms(NaN, 1)].map(
    (list) => flowOf(list)!.flow,
  )
  expect(flows).toEqual(['vanishes', 'fades', 'arrives', 'explodes', 'dead', 'nonFinite'])
  expect(flowOf(norms(1))).toBeNull()
})

test('sentences are made of the numbers', () => {
  expect(flowWords(norms(1.2e-9, 1))).toBe('The first layer’s gradient is 1e−9 of the last’s: it vanishes.')
  expect(flowWords(norms(0.42, 1))).toBe('The first layer’s gradient is 0.42 of the last’s: it arrives.')
  for (const share of [0.996, 1, 1.04])
    expect(flowWords(norms(share, 1))).toBe('The first layer’s gradient is about as large as the last’s: it arrives.')
  expect(flowWords(norms(3, 1))).toBe('The first layer’s gradient is 3 times the last’s: it arrives.')
  expect(flowWords(norms(0, 1))).toBe('No gradient at all reaches the first layer.')
  expect(learningWords(0.6929, Math.LN2)).toBe('Loss 0.6929: no better than guessing.')
  expect(learningWords(0.01, Math.LN2)).toBe('Loss 0.0100; guessing gives 0.6931.')
  expect(learningWords(0.5, null)).toBe('')
  expect(learningWords(NaN, 1)).toBe('The loss is NaN.')
  expect(learningWords(Infinity, 1)).toBe('The loss is infinite.')
  expect(flowWords(norms(NaN, 1, NaN))).toBe('2 of 3 layers’ gradients are NaN.')
  expect(flowWords(norms(1, 1, Infinity))).toBe('1 of 3 layers’ gradients is infinite.')
  expect(flowWords(norms(NaN, Infinity, 1))).toBe('2 of 3 layers’ gradients are NaN or infinite.')
})

test('guessing costs the entropy of the classes', () => {
  const numbers = { outputs: 1, train: { count: 4, x: new Float32Array(4), y: Float32Array.of(0, 1, 1, 0) } }
  expect(guessingLoss(numbers, 'binaryCrossEntropy')).toBeCloseTo(Math.LN2, 6)
  const classes = { outputs: 3, train: { count: 4, x: new Float32Array(4), y: Int32Array.of(0, 0, 1, 1) } }
  expect(guessingLoss(classes, 'crossEntropy')).toBeCloseTo(Math.LN2, 6)
  expect(guessingLoss(numbers, 'mse')).toBeNull()
})

const named = (name: string) => message('experiments.named', { name })
const run: Description = {
  input: null,
  layers: [{ type: 'dense', units: 4 }, { type: 'tanh' }, { type: 'dense', units: 1 }],
  training: { loss: 'mse', optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9 }, batchSize: 8, seed: 1 },
  perturbation: 0,
  shuffle: true,
  epochs: null,
}
const adam = { title: named('Adam'), change: { optimizer: { type: 'adam', learningRate: 0.01 } } }
const wide = { title: named('wide'), change: { layers: [{ type: 'dense', units: 9 } as const, { type: 'dense', units: 1 } as const] } }
const beside = [adam, wide].reduce(withExperiment, run)

test('the preset that compares holds networks that fit their data, of one depth', () => {
  const { dataset, training } = depthComparison(1)
  const [first, ...others] = depthVariants()
  const list = others.map(({ name, layers }) => ({ title: named(name), change: { layers } }))
  const description = { ...run, layers: first!.layers, training: { ...training, seed: 1 }, experiments: { list, shown: 0 } }
  const models = descriptionsOf(description).map((own) => fittingModel(own, dataset))
  const countOf = (own: unknown) => JSON.stringify(own).match(/"dense"/g)!.length
  expect(models.map(({ layers }) => countOf(layers))).toEqual([20, 20, 20, 20])
})

test('an experiment is the run with its change, whichever is shown', () => {
  const expected = [run.training.optimizer, { type: 'adam', learningRate: 0.01 }, run.training.optimizer]
  for (const shown of [0, 1, 2]) {
    const description = withShown(beside, shown)
    expect(shownOf(description)).toBe(shown)
    expect(descriptionsOf(description).map(({ training }) => training.optimizer)).toEqual(expected)
    expect(descriptionsOf(description).map(({ layers }) => layers.length)).toEqual([3, 3, 2])
    expect({ layers: description.layers, training: description.training }).toMatchObject({
      layers: descriptionsOf(description)[shown]!.layers,
      training: descriptionsOf(description)[shown]!.training,
    })
    expect(runOf(description)).toEqual(run)
    expect(withShown(description, 0)).toEqual(beside)
    expect(compiledPart(description)).toBe(compiledPart(beside))
  }
  expect(withShown(beside, 9)).toBe(beside)
})

test('what an experiment states is its own, all else is the run’s and everybody’s', () => {
  const shown = withShown(beside, 1)
  const edit = (change: (description: Description) => void) => {
    const after = structuredClone(shown)
    change(after)
    return edited(shown, after)
  }
  const faster = edit(({ training }) => (training.optimizer.learningRate = 0.5))
  expect(descriptionsOf(faster).map(({ training }) => training.optimizer.learningRate)).toEqual([0.1, 0.5, 0.1])
  const larger = edit(({ training }) => (training.batchSize = 4))
  expect(descriptionsOf(larger).map(({ training }) => training.batchSize)).toEqual([4, 4, 4])
  const deeper = edit(({ layers }) => void layers.splice(1, 0, { type: 'dense', units: 2 }))
  expect(descriptionsOf(deeper).map(({ layers }) => layers.length)).toEqual([4, 4, 2])
  const clipped = edit(({ training }) => (training.clipNorm = 1))
  expect(descriptionsOf(edited(clipped, { ...clipped, training: { ...shown.training } })).map(({ training }) => training.clipNorm)).toEqual(
    [undefined, undefined, undefined],
  )
  for (const after of [faster, larger, deeper])
    expect(descriptionsOf(after)[1]).toMatchObject({ layers: after.layers, training: after.training })
  const same = edit(({ training }) => (training.optimizer = structuredClone(run.training.optimizer)))
  expect(same.experiments!.list[0]!.change).toEqual({})
})

test('one is adopted, one is taken away, and six are the most', () => {
  expect(adopted(beside, 1)).toEqual({ ...run, training: { ...run.training, optimizer: { type: 'adam', learningRate: 0.01 } } })
  expect(adopted(withShown(beside, 1), 0)).toEqual(run)
  const shown = withShown(beside, 2)
  expect(shownOf(withoutExperiment(shown, 1))).toBe(1)
  expect(withoutExperiment(shown, 1).layers).toEqual(wide.change.layers)
  expect(withoutExperiment(shown, 2)).toEqual(withExperiment(run, adam))
  expect(withoutExperiment(withExperiment(run, adam), 1)).toEqual(run)
  const six = Array.from({ length: 6 }, () => adam).reduce(withExperiment, run)
  expect(() => withExperiment(six, adam)).toThrow('6 experiments run already')
})
