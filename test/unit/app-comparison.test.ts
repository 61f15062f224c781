import { expect, test } from 'vitest'
import { descriptionsOf, guessingLoss, withShown } from '../../src/app/run/comparison.ts'
import { flowWords, learningWords } from '../../src/app/words/depth-words.ts'
import { compiledPart, fittingModel } from '../../src/app/run/describe.ts'
import type { Description } from '../../src/app/run/state.ts'
import { depthComparison } from '../../src/data/depth-comparison.ts'
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

test('a comparison holds networks that fit their data, of one depth; an edit stays with the network that it was made in', () => {
  const { dataset, variants, layers, training } = depthComparison(1)
  const description: Description = {
    input: null,
    layers,
    training: { ...training, seed: 1 },
    perturbation: 0,
    shuffle: true,
    epochs: null,
    comparison: { variants, shown: 3 },
  }
  const models = descriptionsOf(description).map((own) => fittingModel(own, dataset))
  const countOf = (own: unknown) => JSON.stringify(own).match(/"dense"/g)!.length
  expect(models.map(({ layers: own }) => countOf(own))).toEqual([20, 20, 20, 20])
  const edited = { ...description, layers: [...layers.slice(0, -3), ...layers.slice(-2)] }
  const plain = withShown(edited, 0)
  expect(plain.layers).toEqual(variants[0]!.layers)
  expect(withShown(plain, 3).layers).toEqual(edited.layers)
  expect(descriptionsOf(plain).map(({ layers: own }) => own)).toEqual([...variants.slice(0, 3).map((own) => own.layers), edited.layers])
  expect(compiledPart(plain)).not.toBe(compiledPart(description))
  expect(withShown(description, 9)).toBe(description)
  expect(descriptionsOf({ ...plain, comparison: undefined } as unknown as Description)).toHaveLength(1)
})
