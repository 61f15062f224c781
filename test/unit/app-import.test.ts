import { describe, expect, test } from 'vitest'
import { loadedText } from '../../src/app/data/open-files.ts'
import { scalingText } from '../../src/app/data/scaling-text.ts'
import { startText } from '../../src/app/data/start-text.ts'
import { titleOf } from '../../src/app/stage/poster.ts'
import type { Optimizer } from '../../src/model/types.ts'
import type { Trainer } from '../../src/train/types.ts'

test('a column’s scaling is a formula without numbers that say nothing', () => {
  const text = (kind: 'numeric' | 'date', mean: number, deviation: number) => scalingText({ kind, mean, deviation })
  expect(text('numeric', 5.8433, 0.8281)).toBe('(x − 5.84) / 0.828')
  expect(text('numeric', -3.25, 2)).toBe('(x + 3.25) / 2')
  expect(text('numeric', 0, 1)).toBe('x')
  expect(text('date', 2024, 1)).toBe('year − 2024')
  expect(text('date', 2013.5, 1.118)).toBe('(year − 2013.5) / 1.12')
  expect(scalingText({ kind: 'category' })).toBe('–')
})

describe('where own data starts', () => {
  const of = (features: number, outputs: number, y: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) =>
    startText({ inputShape: [features], outputs, train: { count: 10, y } })
  test('is told with its loss', () => {
    expect(of(4, 3, new Int32Array(0))).toBe(
      'Begins with dense layers of 16, 8 and 3 units and the loss cross entropy; both can be changed while it runs.',
    )
    expect(of(784, 1, new Float32Array(0))).toContain('of 64, 32 and 1 units and the loss mean squared error')
  })
})

test('a picture’s title tells data, step and what was reached', () => {
  const run = { data: 'moons', step: 1200, loss: 0.0312, testLoss: 0.04, testAccuracy: 0.985 }
  expect(titleOf(run)).toBe('moons · step 1,200 · loss 0.0312 · test loss 0.0400, 98.5 % correct')
  expect(titleOf({ ...run, testAccuracy: null })).toBe('moons · step 1,200 · loss 0.0312 · test loss 0.0400')
  expect(titleOf({ ...run, step: 0, loss: null, testLoss: null })).toBe('moons · step 0')
})

test('where parameters went is told, and what became of the moments of those before', () => {
  const trainer = (optimizer: Optimizer) => ({ model: { optimizer } }) as Trainer
  const text = (optimizer: Optimizer, step = 5, networks = 1) =>
    loadedText('kept.safetensors', { trainers: [trainer(optimizer)], step }, networks)
  const now = 'The parameters of kept.safetensors are in the network now'
  expect(text({ type: 'sgd', learningRate: 1, momentum: 0.9 })).toBe(`${now}. Momentum starts from zero.`)
  expect(text({ type: 'adam', learningRate: 1 })).toBe(`${now}. Momentum starts from zero.`)
  expect(text({ type: 'rmsprop', learningRate: 1 })).toBe(`${now}. The mean of squared gradients starts from zero.`)
  expect(text({ type: 'sgd', learningRate: 1 })).toBe(`${now}.`)
  expect(text({ type: 'adam', learningRate: 1 }, 0)).toBe(`${now}: the run begins with them.`)
  expect(text({ type: 'sgd', learningRate: 1 }, 5, 4)).toBe('The parameters of kept.safetensors are in 1 of 4 networks now.')
})
