import { describe, expect, test } from 'vitest'
import type { DataToFit } from '../../src/model/fits.ts'
import type { ModelFile } from '../../src/model/types.ts'
import { checkModelFitsData } from '../../src/model/validate.ts'
import { refusal, valid } from './model-refusal.ts'

describe('checkModelFitsData', () => {
  const data: DataToFit = {
    name: 'iris',
    inputShape: [4],
    outputs: 2,
    train: { count: 3, x: new Float32Array(12), y: new Float32Array(6) },
    featureNames: ['a', 'b', 'c', 'd'],
  }
  const classes: DataToFit = { ...data, train: { count: 3, x: new Uint8Array(12), y: Int32Array.of(0, 1, 1) } }
  const classifier: ModelFile = { ...valid, loss: 'crossEntropy' }

  test('accepts what fits', () => {
    expect(() => checkModelFitsData(valid, data)).not.toThrow()
    expect(() =>
      checkModelFitsData(classifier, {
        ...classes,
        test: classes.train,
        scaling: { mean: Float32Array.of(0), deviation: Float32Array.of(1) },
      }),
    ).not.toThrow()
    expect(() => checkModelFitsData(valid, { ...data, inputShape: [1, 2, 2] })).not.toThrow()
  })

  test.each<[string, ModelFile, DataToFit, string]>([
    ['another width', valid, { ...data, inputShape: [5] }, "the model's input is [4], but a sample of iris is [5]"],
    [
      'another image of the same size',
      { ...valid, input: [1, 2, 2], layers: [{ type: 'flatten' }, ...valid.layers] },
      { ...data, inputShape: [2, 2, 1] },
      "the model's input is [1, 2, 2], but a sample of iris is [2, 2, 1]",
    ],
    ['too few outputs', classifier, { ...classes, outputs: 3 }, "the model's output at layers.2 is [2], but iris has 3 classes"],
    ['too many outputs', valid, { ...data, outputs: 1 }, "the model's output at layers.2 is [2], but iris has 1 target"],
    ['classes under mse', valid, classes, 'loss mse takes numbers as targets, but those of iris are 2 classes, expected crossEntropy'],
    [
      'numbers under crossEntropy',
      classifier,
      data,
      'loss crossEntropy takes classes, but iris has 2 targets in numbers, expected another loss',
    ],
    [
      'a label out of range',
      classifier,
      { ...classes, test: { ...classes.train, y: Int32Array.of(0, 2, 1) } },
      'the label of sample 1 of the test part of iris is 2, expected 0 to 1',
    ],
    [
      'a scaling of another width',
      valid,
      { ...data, scaling: { mean: new Float32Array(3), deviation: new Float32Array(3).fill(1) } },
      'the scaling of iris has 3 means, expected as many of both: 1 or 4',
    ],
    [
      'more deviations than means',
      valid,
      { ...data, inputShape: [2, 2, 1], scaling: { mean: new Float32Array(1), deviation: new Float32Array(2).fill(1) } },
      'the scaling of iris has 2 deviations, expected as many of both: 1 or 2 or 4',
    ],
    [
      'a feature that is not finite',
      valid,
      { ...data, train: { ...data.train, x: new Float32Array(12).with(6, NaN) } },
      'feature 2 (c) of sample 1 of the training part of iris is NaN, expected a finite number',
    ],
    [
      'a target that is not finite',
      valid,
      { ...data, train: { ...data.train, y: new Float32Array(6).with(5, -Infinity) } },
      'target 1 of sample 2 of the training part of iris is -Infinity, expected a finite number',
    ],
    [
      'targets that are no probabilities',
      { ...valid, loss: 'binaryCrossEntropy' },
      { ...data, train: { ...data.train, y: new Float32Array(6).with(3, 1.5) } },
      'target 1 of sample 1 of the training part of iris is 1.5, but binaryCrossEntropy takes targets from 0 to 1',
    ],
    [
      'no samples',
      valid,
      { ...data, test: { count: 0, x: new Float32Array(), y: new Float32Array() } },
      'the test part of iris has no samples',
    ],
    [
      'too few values',
      valid,
      { ...data, train: { ...data.train, x: new Float32Array(11) } },
      'the training part of iris has 11 values, expected 12 for its 3 samples',
    ],
    [
      'a deviation of 0',
      valid,
      { ...data, scaling: { mean: Float32Array.of(0), deviation: Float32Array.of(0) } },
      'the scaling of iris has a deviation of 0',
    ],
    [
      'a last batch of one under batchNorm',
      { ...valid, layers: [...valid.layers, { type: 'batchNorm' }], batchSize: 2 },
      data,
      'batchNorm at layers.3 would see one value per channel in the last batch of the 3 samples of iris at batchSize 2',
    ],
  ])('refuses %s', (_, model, set, message) => {
    expect(refusal(() => checkModelFitsData(model, set)).slice(0, message.length)).toBe(message)
  })
})
