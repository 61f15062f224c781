import { describe, expect, test } from 'vitest'
import { refusalOf, suggested } from '../../src/app/run/describe.ts'
import type { Description } from '../../src/app/run/state.ts'
import { inPageWords } from '../../src/app/words/page-words.ts'
import type { Dataset } from '../../src/data/types.ts'
import type { Layer } from '../../src/model/types.ts'

const classes: Dataset = {
  name: 'mse.csv',
  inputShape: [2],
  outputs: 3,
  train: { count: 4, x: new Float32Array(8), y: Int32Array.of(0, 1, 2, 0) },
}
const numbers: Dataset = { ...classes, name: 'batchSize.csv', outputs: 1, train: { ...classes.train, y: Float32Array.of(0, 1, 2, 3) } }

const told = (dataset: Dataset, change: (description: Description) => void) => {
  const description = suggested(dataset)
  change(description)
  return refusalOf(description, dataset)
}

describe('a refusal speaks the page’s words', () => {
  test.each<[string | null, (description: Description) => void]>([
    ['Learning rate is "fast", expected a positive number', (own) => void Object.assign(own.training.optimizer, { learningRate: 'fast' })],
    ['Batch size is 0, expected a positive integer', (own) => void (own.training.batchSize = 0)],
    ['Clip gradients to norm is -1, expected a positive number', (own) => void (own.training.clipNorm = -1)],
    ['Schedule over steps is 0, expected a positive integer', (own) => void (own.training.schedule = { type: 'cosine', steps: 0 })],
    ['β₁ is 2, expected a number from 0 to below 1', (own) => void Object.assign(own.training.optimizer, { beta1: 2 })],
    ['Units of layer 3 (Dense 2) is 1.5, expected a positive integer', (own) => void (own.layers[2] = { type: 'dense', units: 1.5 })],
    [
      'Loss mean squared error takes numbers as targets, but those of mse.csv are 3 classes, expected cross entropy',
      (own) => void (own.training.loss = 'mse'),
    ],
    [
      "The model's output at layer 5 (Dense 3) is [2], but mse.csv has 3 classes",
      (own) => void (own.layers[4] = { type: 'dense', units: 2 }),
    ],
    [
      'Layer 1 (Norm 1) would see one value per channel at batch size 1, expected a batch size of at least 2',
      (own) => {
        own.layers.unshift({ type: 'batchNorm' })
        own.training.batchSize = 1
      },
    ],
    [null, () => {}],
  ])('%s', (sentence, change) => {
    expect(told(classes, change)).toBe(sentence)
  })

  test('where the loss wants probabilities', () => {
    expect(told(numbers, (own) => void (own.training.loss = 'binaryCrossEntropy'))).toBe(
      'Binary cross entropy takes probabilities, but the output comes from layer 5 (Dense 3), expected sigmoid',
    )
  })

  test('layers within layers by the ways to them', () => {
    const layers: Layer[] = [
      { type: 'tanh' },
      { type: 'residual', layers: [{ type: 'dense', units: 4 }], shortcut: [{ type: 'dense', units: 4 }] },
      { type: 'concat', branches: [[{ type: 'tanh' }], [{ type: 'leakyRelu' }]] },
    ]
    const say = (sentence: string) => inPageWords(sentence, { layers })
    expect(say('layers.1.layers.0.units is 0')).toBe('Units of layer 1 (Dense 1) of layer 2 (Residual 1) is 0')
    expect(say('layers.1.shortcut.0.bias is 0')).toBe('Bias of layer 1 (Dense 1) of the shortcut of layer 2 (Residual 1) is 0')
    expect(say('layers.2.branches.1.0.slope is "layers.1"')).toBe(
      'Slope of layer 1 (leaky ReLU) of branch 2 of layer 3 (Concat 1) is "layers.1"',
    )
    expect(say('unknown key "size" at layers.0, expected one of units')).toBe('Unknown key "size" at layer 1 (tanh), expected one of units')
    expect(say('layers hold no parameters')).toBe('Layers hold no parameters')
  })
})
