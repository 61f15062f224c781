import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  adam,
  avgPool2d,
  batchNorm,
  conv2d,
  createEngine,
  dense,
  dropout,
  flatten,
  sequential,
  sgd,
  tanh,
  type Dataset,
  type Engine,
  type Network,
  type TrainerOptions,
} from '../../src/index.ts'
import { expectClose } from './harness.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

/** 75 images of 2 × 6 × 6: the last step of an epoch has 11 samples, in batches of 8 and 3. */
const count = 75
const images = (): Dataset => {
  const x = Float32Array.from({ length: count * 72 }, (_, i) => Math.sin(i * 12.9898) * 1.5)
  const y = Int32Array.from({ length: count }, (_, i) => (x[72 * i]! > 0 ? 1 : 0) + (x[72 * i + 1]! > 0.5 ? 1 : 0))
  return { name: 'images', inputShape: [2, 6, 6], outputs: 3, train: { count, x, y } }
}
const network = sequential([2, 6, 6], [conv2d(4, 3), tanh(), avgPool2d(2), flatten(), dropout(0.2), dense(3)])
const options: TrainerOptions = { loss: 'crossEntropy', optimizer: adam({ learningRate: 0.01 }), seed: 3 }

async function trained(change: Partial<TrainerOptions>, steps: number, of: Network = network, stepsPerSubmit = 64) {
  const trainer = await engine.trainer(of, images(), { ...options, ...change } as TrainerOptions)
  for await (const _ of trainer.run({ steps, stepsPerSubmit }));
  const tensors = trainer.parameterPaths.flatMap((path) =>
    path.includes('running') ? [] : [trainer.gradient(path), trainer.parameter(path)],
  )
  const numbers = await Promise.all(tensors.map((tensor) => tensor.read()))
  const { history, stepsPerEpoch } = trainer
  trainer.destroy()
  return { history, stepsPerEpoch, numbers }
}

test.each([
  ['as they are', {}],
  ['clipped', { clipNorm: 0.05 }],
  ['of images that are moved', { augmentation: { shift: 1, flip: true } }],
  ['in order, by sgd', { shuffle: false, optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }) }],
])('four batches of 8 a step are one of 32: gradients %s', async (_, change) => {
  const [large, small] = [await trained({ ...change, batchSize: 32 }, 8), await trained({ ...change, batchSize: 8, accumulate: 4 }, 8)]
  expect([small.stepsPerEpoch, large.stepsPerEpoch]).toEqual([3, 3])
  expect(small.history.epoch).toEqual(large.history.epoch)
  expect(small.history.step).toEqual(large.history.step)
  expectClose(small.history.loss as number[], large.history.loss as number[], 1e-5)
  expect(small.history.trainAccuracy).toEqual(large.history.trainAccuracy)
  small.numbers.forEach((numbers, i) =>
    expectClose(numbers, large.numbers[i]!, 2e-4, Math.max(...large.numbers[i]!.map(Math.abs)), `tensor ${i}`),
  )
})

test('the same bits at any number of steps a submit, and again after a reset in the midst of them', async () => {
  const change = { batchSize: 8, accumulate: 4 }
  const [one, many] = [await trained(change, 7, network, 1), await trained(change, 7, network, 64)]
  expect(one.numbers).toEqual(many.numbers)
  const trainer = await engine.trainer(network, images(), { ...options, ...change })
  for await (const progress of trainer.run()) if (progress.step > 20) break
  await trainer.reset()
  for await (const _ of trainer.run({ steps: 7 }));
  expect(await trainer.parameter('layers.0.weight').read()).toEqual(many.numbers[1])
  expect(trainer.history.step).toEqual([1, 2, 3, 4, 5, 6, 7])
  trainer.destroy()
})

test('batchNorm sees each batch by itself', async () => {
  const normed = sequential([2, 6, 6], [conv2d(4, 3), batchNorm(), tanh(), flatten(), dense(3)])
  const change = { shuffle: false, optimizer: sgd({ learningRate: 1e-30 }) }
  const [large, small, alone] = [
    await trained({ ...change, batchSize: 32 }, 1, normed),
    await trained({ ...change, batchSize: 8, accumulate: 4 }, 1, normed),
    await trained({ ...change, batchSize: 8 }, 4, normed),
  ]
  const mean = (alone.history.loss as number[]).reduce((sum, loss) => sum + loss, 0) / 4
  expect(small.history.loss[0]).toBeCloseTo(mean, 5)
  expect(Math.abs(small.history.loss[0]! - large.history.loss[0]!)).toBeGreaterThan(1e-4)
})

test('a network that would fit a workgroup takes the ordinary plan', async () => {
  const tiny = sequential([2, 6, 6], [flatten(), dense(1)])
  const data = { ...images(), outputs: 1, train: { ...images().train, y: new Float32Array(count) } }
  const request = { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: 8, accumulate: 2, plan: 'small' } as const
  await expect(engine.trainer(tiny, data, request)).rejects.toThrow('its steps add up several batches')
  await expect(engine.trainer(tiny, data, { ...request, accumulate: 0 })).rejects.toThrow(
    'accumulate is 0, expected an integer from 1 to 1024',
  )
})
