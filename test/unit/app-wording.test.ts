import { describe, expect, test } from 'vitest'
import { refusalOf, suggested } from '../../src/app/run/describe.ts'
import type { Description } from '../../src/app/run/state.ts'
import { speak } from '../../src/app/words/language.ts'
import { placeName } from '../../src/app/words/place-names.ts'
import { toldText } from '../../src/app/words/problem-text.ts'
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
  const refused = refusalOf(description, dataset)
  return refused && toldText(refused, description.layers)
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
    const name = (path: string) => placeName(path, layers)
    expect(name('layers.1.layers.0.units')).toBe('units of layer 1 (Dense 1) of layer 2 (Residual 1)')
    expect(name('layers.1.shortcut.0.bias')).toBe('bias of layer 1 (Dense 1) of the shortcut of layer 2 (Residual 1)')
    expect(name('layers.2.branches.1.0.slope')).toBe('slope of layer 1 (leaky ReLU) of branch 2 of layer 3 (Concat 1)')
    expect(name('layers.2.branches.1')).toBe('branch 2 of layer 3 (Concat 1)')
    expect(name('layers.1.layers.0.initializer.minimum')).toBe('minimum of initializer of layer 1 (Dense 1) of layer 2 (Residual 1)')
    expect(name('layers.0')).toBe('layer 1 (tanh)')
    expect(name('layers.7.units')).toBe('units of layer 8')
    expect(name('layers')).toBe('layers')
    expect(name('format')).toBeUndefined()
  })

  test('in the language that is read', async () => {
    await speak('zh')
    expect(told(classes, (own) => void (own.training.batchSize = 0))).toBe('批大小是 0，应为正整数')
    expect(told(classes, (own) => void (own.layers[2] = { type: 'dense', units: 1.5 }))).toBe(
      '第 3 层（全连接 2）的单元数是 1.5，应为正整数',
    )
    await speak('en')
  })
})
