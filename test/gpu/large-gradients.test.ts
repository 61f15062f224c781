import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, dense, sequential, type Dataset, type Engine, type Optimizer } from '../../src/index.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { trainReference } from '../reference/train.ts'
import { expectClose, randomNumbers } from './harness.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const count = 8
const size = 1e25
const network = sequential([2], [dense(3), dense(1)])
/** Inputs so large that gradients are beyond the root of float32's largest number, and a target that no prediction comes near. */
const x = randomNumbers(2 * count, size)
const dataset: Dataset = { name: 'large', inputShape: [2], outputs: 1, train: { count, x, y: new Float32Array(count).fill(1e30) } }
const initial = {
  'layers.0.weight': randomNumbers(6, 1, 0, 3),
  'layers.0.bias': new Float32Array(3),
  'layers.1.weight': Float32Array.of(0.5, 0.75, -0.25),
  'layers.1.bias': new Float32Array(1),
}
const steps = 12

async function trained(optimizer: Optimizer, plan: 'small' | 'ordinary', clipNorm?: number) {
  const options = { loss: 'mae', optimizer, batchSize: count, seed: 1, shuffle: false, plan, parameters: initial } as const
  const trainer = await engine.trainer(network, dataset, { ...options, ...(clipNorm && { clipNorm }) })
  for await (const _ of trainer.run({ steps }));
  const final = await Promise.all(Object.keys(initial).map((path) => trainer.parameter(path).read()))
  trainer.destroy()
  return final
}

function expected(optimizer: Optimizer, clipNorm?: number) {
  const training = { loss: 'mae', optimizer, batchSize: count, seed: 1, ...(clipNorm && { clipNorm }) } as const
  const model: ModelFile = { format: modelFormat, ...network, ...training }
  const data = { samples: count, x: Float64Array.from(x), y: Float64Array.from(dataset.train.y) }
  const { final } = trainReference(model, data, steps, initial)
  return Object.keys(initial).map((path) => final[path]!)
}

const optimizers: Optimizer[] = [
  { type: 'adam', learningRate: 0.01 },
  { type: 'adamw', learningRate: 0.01, weightDecay: 0.1 },
  { type: 'rmsprop', learningRate: 0.01 },
  { type: 'adagrad', learningRate: 0.1 },
]

test.each(optimizers)('$type trains on gradients of 1e25 as float64 does, in both plans', async (optimizer) => {
  const reference = expected(optimizer)
  expect(Math.abs(reference[0]![0]! - initial['layers.0.weight'][0]!)).toBeGreaterThan(0.05)
  for (const plan of ['small', 'ordinary'] as const)
    for (const [i, values] of (await trained(optimizer, plan)).entries()) expectClose(values, reference[i]!, 1e-4, 0.01, `${plan} ${i}`)
})

test('clipping such gradients does not stop training: it goes on, or what is not a number says that it cannot', async () => {
  const optimizer: Optimizer = { type: 'sgd', learningRate: 0.1 }
  const reference = expected(optimizer, 1)
  for (const [i, values] of (await trained(optimizer, 'ordinary', 1)).entries()) expectClose(values, reference[i]!, 1e-4, 0.01)
  expect((await trained(optimizer, 'small', 1)).every((values) => values.every(Number.isNaN))).toBe(true)
})
