import { afterAll, beforeAll, expect, test } from 'vitest'
import { adam, createEngine, dense, sequential, tanh, type Dataset, type Engine } from '../../src/index.ts'
import { run } from './run-fixture.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const data = (): Dataset => {
  const x = new Float32Array(40_000).fill(0.5)
  return { name: 'flat', inputShape: [4], outputs: 1, train: { count: 10_000, x, y: new Float32Array(10_000) } }
}

/** Collects garbage; the flag that allows it is set where the tests are started. */
async function collect() {
  const { gc } = globalThis as { gc?: () => void }
  if (!gc) throw new Error('these tests need --expose-gc')
  for (let i = 0; i < 5; i++) {
    gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const networks = { small: sequential([4], [dense(3), tanh(), dense(1)]), ordinary: sequential([4], [dense(40), tanh(), dense(1)]) }

test.for(['small', 'ordinary'] as const)(
  '%s: a trainer that was destroyed leaves neither itself nor its data to a living engine',
  async (plan) => {
    const left: WeakRef<object>[] = []
    for (let i = 0; i < 6; i++) {
      const dataset = data()
      const trainer = await engine.trainer(networks[plan], dataset, {
        loss: 'mse',
        optimizer: adam({ learningRate: 0.01 }),
        batchSize: 100,
        tuningTime: 1,
      })
      await run(trainer, { steps: 3 })
      await trainer.evaluate('train')
      trainer.destroy()
      left.push(new WeakRef(dataset), new WeakRef(trainer))
    }
    await collect()
    // The last one may still stand in a register.
    expect(left.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(2)
  },
)

test('a run that goes on and on keeps no more for it', async () => {
  const trainer = await engine.trainer(networks.small, data(), {
    loss: 'mse',
    optimizer: adam({ learningRate: 0.01 }),
    batchSize: 10,
    tuningTime: 1,
  })
  const losses: WeakRef<object>[] = []
  let reactions = 0
  for await (const progress of trainer.run({ steps: 20_000, stepsPerSubmit: 50 })) {
    losses.push(new WeakRef(progress.losses))
    reactions++
  }
  expect(reactions).toBeGreaterThan(3)
  await collect()
  expect(losses.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(2)
  trainer.destroy()
})
