import { afterAll, beforeAll, expect, test } from 'vitest'
import { Arrival } from '../../src/data/arrival.ts'
import { adam, createEngine, dense, sequential, tanh, type Dataset, type Engine, type Trainer } from '../../src/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const [count, block, features, batchSize] = [100, 25, 6, 10]
const pixels = Uint8Array.from({ length: count * features }, (_, i) => (i * 37 + ((i * i) % 101)) % 256)
const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 3)
const network = sequential([features], [dense(16), tanh(), dense(3)])

/** The same samples; each block comes when its promise resolves. */
function arriving(when: (block: number) => Promise<void>): Dataset {
  const x = new Uint8Array(pixels.length)
  const blocks = new Arrival(count, block, async (number) => {
    await when(number)
    const [from, to] = [number * block * features, (number + 1) * block * features]
    x.set(pixels.subarray(from, to), from)
  })
  return { name: 'bytes', inputShape: [features], outputs: 3, train: { count, x, y: labels, blocks } }
}

const options = { loss: 'crossEntropy', optimizer: adam({ learningRate: 0.01 }), batchSize, seed: 3, plan: 'ordinary' } as const

async function trained(trainer: Trainer, steps: number): Promise<number[]> {
  const losses: number[] = []
  for await (const progress of trainer.run({ steps })) losses.push(...progress.losses)
  return losses
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

test('a run has the same bits whenever its samples arrive', async () => {
  const steps = 25 // two epochs and a half
  const runs: { losses: number[]; weight: Float32Array }[] = []
  for (const when of [
    () => Promise.resolve(),
    (number: number) => pause(number * 120),
    (number: number) => pause(number === 1 ? 400 : 0),
  ]) {
    const dataset = arriving(when)
    const trainer = await engine.trainer(network, dataset, options)
    const losses = await trained(trainer, steps)
    runs.push({ losses, weight: await trainer.parameter('layers.0.weight').read() })
    trainer.destroy()
  }
  expect(runs[0]!.losses).toHaveLength(steps)
  expect(runs[1]).toEqual(runs[0])
  expect(runs[2]).toEqual(runs[0])
})

test('training waits at the step whose samples are missing, can be paused there, and goes on with them', async () => {
  const gates = Array.from({ length: count / block }, () => Promise.withResolvers<void>())
  gates[0]!.resolve()
  const dataset = arriving((number) => gates[number]!.promise)
  const trainer = await engine.trainer(network, dataset, options)
  const running = trained(trainer, 12)
  await expect.poll(() => trainer.step).toBe(2) // of 25 samples: the third batch needs 5 more
  await pause(200)
  expect(trainer.step).toBe(2)
  trainer.pause()
  await running
  expect(trainer.step).toBe(2)

  const again = trained(trainer, 8)
  const evaluated = trainer.evaluate('train')
  gates[1]!.resolve()
  await expect.poll(() => trainer.step).toBe(5)
  for (const { resolve } of gates) resolve()
  await again
  expect(trainer.step).toBe(10)
  // Of all samples, once they were there.
  expect((await evaluated).count).toBe(count)
  trainer.destroy()
})

test('samples that do not come end the run with what kept them', async () => {
  const dataset = arriving((number) => (number === 2 ? Promise.reject(new Error('the line is dead')) : Promise.resolve()))
  const trainer = await engine.trainer(network, dataset, options)
  await expect(trained(trainer, 10)).rejects.toThrow('the line is dead')
  await expect(trainer.evaluate('train')).rejects.toThrow('the line is dead')
  trainer.destroy()
})
