import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, InputError, type Dataset, type Engine } from '../../src/index.ts'
import { count, noise, ofEachKind, small, testDecay } from './weight-decay-cases.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

testDecay(ofEachKind)

test('which parameters decay is compiled', async () => {
  const data: Dataset = { name: 'noise', inputShape: [3], outputs: 2, train: { count, x: noise(count * 3, 1), y: noise(count * 2, 9) } }
  const trainer = await engine.trainer(small, data, { loss: 'mse', optimizer: { type: 'sgd', learningRate: 0.1, weightDecay: 0.1 } })
  expect(() => trainer.set({ decayBiasAndNorm: false })).toThrow(InputError)
  trainer.set({ decayBiasAndNorm: true, weightDecay: 0.2 })
  trainer.destroy()
})
