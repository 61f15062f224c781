import { afterAll, beforeAll, expect, test } from 'vitest'
import { name, shader } from './added-activation.ts'
import type { Engine, Layer } from '../../src/index.ts'

const { createEngine, dense, sequential, sgd } = await import('../../src/index.ts')
const { overrideShader } = await import('../../src/gpu/shader.ts')
const { trainReference } = await import('../reference/train.ts')

let engine: Engine
beforeAll(async () => {
  overrideShader(name, shader)
  engine = await createEngine()
})
afterAll(() => {
  engine.destroy()
  overrideShader(name, undefined)
})

test.each(['small', 'ordinary'] as const)('an activation with a row and a shader trains by the %s plan as in float64', async (plan) => {
  const network = sequential([3], [dense(6), { type: name, beta: 1.5 } as Layer, dense(2)])
  const samples = 32
  const x = Float32Array.from({ length: samples * 3 }, (_, i) => Math.sin(i * 12.9898) * 0.9)
  const y = Float32Array.from({ length: samples * 2 }, (_, i) => Math.cos(i * 7.13))
  const dataset = { name: 'noise', inputShape: [3], outputs: 2, train: { count: samples, x, y } }
  const trainer = await engine.trainer(network, dataset, {
    loss: 'mse',
    optimizer: sgd({ learningRate: 0.1 }),
    batchSize: samples,
    shuffle: false,
    plan,
  })
  const initial = Object.fromEntries(
    await Promise.all(trainer.parameterPaths.map(async (path) => [path, await trainer.parameter(path).read()] as const)),
  )
  const data = { samples, x: Float64Array.from(x), y: Float64Array.from(y) }
  const expected = trainReference(trainer.model, data, 20, initial)
  for await (const _ of trainer.run({ steps: 20 }));
  const { loss } = trainer.history
  expect(loss).toHaveLength(20)
  for (const [step, value] of expected.losses.entries()) expect(loss[step]! / value, `loss of step ${step + 1}`).toBeCloseTo(1, 4)
  for (const path of trainer.parameterPaths) {
    const values = await trainer.parameter(path).read()
    values.forEach((value, i) => expect(value, `${path} ${i}`).toBeCloseTo(expected.final[path]![i]!, 4))
  }
  trainer.destroy()
})
