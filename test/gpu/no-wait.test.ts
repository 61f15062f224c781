import { afterAll, expect, test, vi } from 'vitest'
import { createEngine, dense, sequential, sgd, tanh, type Dataset } from '../../src/index.ts'

/** Readbacks under way that were not let through. */
let held: (() => void)[] | undefined
const { mapAsync } = GPUBuffer.prototype
GPUBuffer.prototype.mapAsync = async function (...words) {
  if (held) await new Promise<void>((resolve) => held!.push(resolve))
  return mapAsync.apply(this, words)
}
afterAll(() => {
  GPUBuffer.prototype.mapAsync = mapAsync
})

/** Fewer than the results that the GPU keeps for a late reader, and far more than a submit takes. */
const steps = 1000

test('training goes on while no readback is answered, and its results arrive when they are', async () => {
  const count = 512
  const x = Float32Array.from({ length: count * 32 }, (_, i) => Math.sin(i))
  const dataset: Dataset = { name: 'waves', inputShape: [32], outputs: 1, train: { count, x, y: x.slice(0, count) } }
  const engine = await createEngine()
  const trainer = await engine.trainer(sequential([32], [dense(64), tanh(), dense(1)]), dataset, {
    loss: 'mse',
    optimizer: sgd({ learningRate: 0.01 }),
    batchSize: 128,
  })
  const training = (async () => {
    for await (const _ of trainer.run({ stepsPerSubmit: 16 }));
  })()
  await vi.waitFor(() => expect(trainer.history.step.length).toBeGreaterThan(0), { timeout: 30_000 })
  held = []
  await vi.waitFor(() => expect(held).not.toEqual([]), { timeout: 30_000 })
  const [first, told] = [trainer.step, trainer.history.step.length]
  await vi.waitFor(() => expect(trainer.step).toBeGreaterThan(first + steps), { timeout: 50_000 })
  expect(trainer.history.step).toHaveLength(told)
  const release = held
  held = undefined
  for (const one of release) one()
  trainer.pause()
  await training
  await trainer.settled()
  expect(trainer.history.step).toHaveLength(trainer.step)
  trainer.destroy()
  engine.destroy()
}, 120_000)
