import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, dense, sequential, sgd, tanh, type Dataset, type Engine } from '../../src/index.ts'

let engine: Engine
beforeAll(async () => {
  // A device with the limits that every adapter has, whatever this one could do.
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice()
  engine = await createEngine({ device })
})
afterAll(() => engine.device.destroy())

const data = (count: number): Dataset => ({
  name: 'zeros',
  inputShape: [2],
  outputs: 1,
  train: { count, x: new Float32Array(2 * count), y: new Float32Array(count) },
})

test('a batch that the device cannot hold is refused with the batch that it can, which trains', async () => {
  const limit = engine.device.limits.maxStorageBufferBindingSize
  expect(limit).toBe(2 ** 27)
  const network = sequential([2], [dense(2 ** 16), tanh(), dense(1)])
  const options = { loss: 'mse', optimizer: sgd({ learningRate: 0.01 }) } as const
  await expect(engine.trainer(network, data(600), { ...options, batchSize: 600 })).rejects.toThrow(
    'batchSize is 600, but layers.0 makes 600 × 65536 numbers for a batch, 157 MB, expected at most 134 MB, ' +
      'what this adapter allows in one buffer: a batchSize of 512 fits',
  )
  // Evaluation takes 256 samples at once where there is room for them; here there is for half.
  const wide = sequential([2], [dense(2 ** 18), tanh(), dense(1)])
  const trainer = await engine.trainer(wide, data(300), { ...options, batchSize: 2 })
  expect(await trainer.evaluate('train')).toMatchObject({ count: 300, step: 0 })
  trainer.destroy()
})
