import { afterEach, beforeEach, expect, test } from 'vitest'
import { adam, batchNorm, createEngine, dense, dropout, sequential, tanh, type Dataset, type Engine } from '../../src/index.ts'

// Whatever makes an object on the device, three's own calls apart (there is no three here).
const makers = [
  'createBuffer',
  'createTexture',
  'createBindGroup',
  'createBindGroupLayout',
  'createPipelineLayout',
  'createShaderModule',
  'createComputePipeline',
  'createComputePipelineAsync',
  'createQuerySet',
] as const

const counts = new Map<string, number>()
const restore: (() => void)[] = []
let engine: Engine

beforeEach(async () => {
  engine = await createEngine()
  for (const name of makers) {
    const original = GPUDevice.prototype[name] as (...words: unknown[]) => unknown
    const counting = function (this: GPUDevice, ...words: unknown[]) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      return original.apply(this, words)
    }
    GPUDevice.prototype[name] = counting as never
    restore.push(() => (GPUDevice.prototype[name] = original as never))
  }
})
afterEach(() => {
  for (const undo of restore.splice(0)) undo()
  engine.destroy()
})

test('after the first step nothing is allocated and no bind group is made', async () => {
  const count = 100 // a short last batch, and epochs that end inside a submit
  const x = Float32Array.from({ length: count * 4 }, (_, i) => Math.sin(i))
  const y = Int32Array.from({ length: count }, (_, i) => i % 3)
  const dataset: Dataset = { name: 'waves', inputShape: [4], outputs: 3, train: { count, x, y } }
  const network = sequential([4], [dense(8), batchNorm(), tanh(), dropout(0.1), dense(3)])
  const options = {
    loss: 'crossEntropy',
    optimizer: adam({ learningRate: 0.01 }),
    schedule: { type: 'exponential', factor: 0.999 },
    clipNorm: 1,
    batchSize: 16,
  } as const
  const trainer = await engine.trainer(network, dataset, options)
  const train = async (steps: number) => {
    for await (const _ of trainer.run({ steps }));
  }
  await train(1)
  expect(counts.get('createBuffer')).toBeGreaterThan(0)
  expect(counts.get('createBindGroup')).toBeGreaterThan(0)
  counts.clear()
  await train(500)
  trainer.set({ learningRate: 0.005, clipNorm: 0.5 })
  await train(100)
  expect(Object.fromEntries(counts)).toEqual({})
  expect(trainer.step).toBe(601)
  trainer.destroy()
})
