import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Dataset } from '../../src/data/types.ts'
import { conv2d, dense, flatten, globalAvgPool2d, relu, sequential } from '../../src/model/layers.ts'
import { sgd } from '../../src/model/optimizers.ts'
import type { Network } from '../../src/model/types.ts'
import { createEngine, type Engine } from '../../src/train/engine.ts'
import { expectClose, randomNumbers } from './harness.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const shape = [3, 4, 5]
const positions = 4 * 5
const count = 12
const mean = Float32Array.of(0.2, 0.5, 0.7)
const deviation = Float32Array.of(0.1, 0.3, 0.6)
const bytes = Uint8Array.from(randomNumbers(count * 3 * positions, 127, 128))
const labels = Int32Array.from({ length: count }, (_, i) => i % 3)

const dataset = (part: Partial<Dataset> & { x: Dataset['train']['x'] }): Dataset => {
  const { x, ...rest } = part
  return { name: 'colours', inputShape: shape, outputs: 3, train: { count, x, y: labels }, ...rest }
}

async function losses(network: Network, data: Dataset): Promise<number[]> {
  const trainer = await engine.trainer(network, data, {
    loss: 'crossEntropy',
    optimizer: sgd({ learningRate: 0.02 }),
    batchSize: 5,
    seed: 3,
  })
  for await (const _ of trainer.run({ steps: 9 }));
  await trainer.settled()
  const { loss } = trainer.history
  trainer.destroy()
  return loss.map((value) => value ?? NaN)
}

test.each<[string, Network]>([
  ['a convolution, whose channels lie last in memory', sequential(shape, [conv2d(4, 3), relu(), globalAvgPool2d(), dense(3)])],
  ['a dense layer, before which they lie first', sequential([60], [dense(3)])],
  ['a network in one workgroup', sequential(shape, [conv2d(4, 1), globalAvgPool2d(), dense(3)])],
  ['a flattened image', sequential(shape, [flatten(), dense(3)])],
])('each channel is standardised by its own mean and deviation: %s', async (_, network) => {
  const channel = (i: number) => Math.floor(i / positions) % 3
  const standardised = Float32Array.from(bytes, (byte, i) => (byte / 255 - mean[channel(i)]!) / deviation[channel(i)]!)
  const decoded = await losses(network, dataset({ x: bytes, scaling: { mean, deviation } }))
  expectClose(decoded, await losses(network, dataset({ x: standardised })), 1e-4, 1e-2)
  const unscaled = await losses(network, dataset({ x: bytes }))
  expect(Math.abs(unscaled[0]! - decoded[0]!)).toBeGreaterThan(1e-3)
})
