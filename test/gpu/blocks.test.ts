import { afterAll, beforeAll, expect, test } from 'vitest'
import { Arrival } from '../../src/data/arrival.ts'
import { adam, createEngine, dense, sequential, tanh, type Dataset, type Engine, type RunOptions, type Trainer } from '../../src/index.ts'
import { bitsOf } from './run-fixture.ts'

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

async function trained(trainer: Trainer, steps: number, how: RunOptions = {}): Promise<number[]> {
  const losses: number[] = []
  for await (const progress of trainer.run({ ...how, steps })) losses.push(...progress.losses)
  return losses
}

/** A promise that is resolved from outside. */
function gateOf(): { promise: Promise<void>; resolve(): void } {
  let resolve!: () => void
  const promise = new Promise<void>((resolved) => (resolve = resolved))
  return { promise, resolve }
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
  const gates = Array.from({ length: count / block }, () => gateOf())
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

test('what failed to come is asked for again when it is needed again', async () => {
  const line = { dead: true }
  const dataset = arriving((number) => (number === 2 && line.dead ? Promise.reject(new Error('the line is dead')) : Promise.resolve()))
  const [trainer, straight] = [
    await engine.trainer(network, dataset, options),
    await engine.trainer(
      network,
      arriving(() => Promise.resolve()),
      options,
    ),
  ]
  await expect(trained(trainer, 10)).rejects.toThrow('the line is dead')
  line.dead = false
  await trained(trainer, 10 - trainer.step)
  await trained(straight, 10)
  expect(await bitsOf(trainer)).toEqual(await bitsOf(straight))
  for (const one of [trainer, straight]) one.destroy()
})

test('while a run waits for samples it can be copied, saved and written to; what evaluates does not hold it up', async () => {
  const gate = gateOf()
  const trainer = await engine.trainer(
    network,
    arriving((number) => (number === 0 ? Promise.resolve() : gate.promise)),
    options,
  )
  const running = trained(trainer, 12)
  await expect.poll(() => trainer.step).toBe(2)
  const snapshot = await trainer.snapshot()
  expect(snapshot.step).toBe(2)
  await trainer.save()
  await trainer.load({ 'layers.2.bias': new Float32Array(3) })
  expect([...(await trainer.parameter('layers.2.bias').read())]).toEqual([0, 0, 0])
  await trainer.restore(snapshot)
  await running
  // An evaluation that waits is rejected when there is nothing left to evaluate.
  const evaluated = trainer.evaluate('train')
  evaluated.catch(() => {})
  await pause(20)
  trainer.destroy()
  await expect(evaluated).rejects.toThrow('was destroyed while it waited for samples')
  snapshot.destroy()
  gate.resolve()
})

/** With a test part that comes when it may. */
const tested = (test: Promise<void>): Dataset => {
  const x = new Uint8Array(pixels.length)
  const blocks = new Arrival(count, count, async () => {
    await test
    x.set(pixels)
  })
  return { ...arriving(() => Promise.resolve()), test: { count, x, y: labels, blocks } }
}
const watch = { evaluateEvery: 4, earlyStopping: { patience: 5 } }

test('a run that waits to evaluate can be ended, and evaluates when it goes on: the same bits', async () => {
  const schedule = { type: 'plateau', factor: 0.5, patience: 1 } as const
  const straight = await engine.trainer(network, tested(Promise.resolve()), { ...options, schedule })
  for await (const _ of straight.run({ ...watch, steps: 24 }));
  const gate = gateOf()
  const trainer = await engine.trainer(network, tested(gate.promise), { ...options, schedule })
  const first = trained(trainer, 24, watch)
  await expect.poll(() => trainer.step).toBe(4)
  await pause(150)
  expect(trainer.step).toBe(4)
  trainer.pause()
  await first
  const state = await trainer.save()
  gate.resolve()
  await trained(trainer, 20, { ...watch, goal: 24 })
  expect(await bitsOf(trainer)).toEqual(await bitsOf(straight))
  expect(trainer.history.testLoss).toEqual(straight.history.testLoss)
  expect(trainer.history.testLoss[3]).not.toBeNull()
  // So does the run that goes on from the file.
  const resumed = await engine.trainer(network, tested(Promise.resolve()), { state })
  await trained(resumed, 20, { ...watch, goal: 24 })
  expect(await bitsOf(resumed)).toEqual(await bitsOf(straight))
  for (const one of [straight, trainer, resumed]) one.destroy()
})

test('a run whose last evaluation waits can be ended and begun anew', async () => {
  const gate = gateOf()
  const trainer = await engine.trainer(network, tested(gate.promise), options)
  const first = trained(trainer, 3, watch)
  await expect.poll(() => trainer.step).toBe(3)
  await pause(100)
  await trainer.reset()
  await first
  expect(trainer.step).toBe(0)
  gate.resolve()
  const again = await trained(trainer, 3, watch)
  expect(again.length).toBe(3)
  expect(trainer.history.testLoss[2]).not.toBeNull()
  trainer.destroy()
})

test('a run that took its samples in blocks goes on in their order where all are there', async () => {
  const straight = await engine.trainer(
    network,
    arriving(() => Promise.resolve()),
    options,
  )
  await trained(straight, 12)
  const made = await engine.trainer(
    network,
    arriving(() => Promise.resolve()),
    options,
  )
  await trained(made, 4)
  const { blocks: _, ...all } = arriving(() => Promise.resolve()).train
  const whole: Dataset = { ...arriving(() => Promise.resolve()), train: { ...all, x: pixels } }
  const resumed = await engine.trainer(network, whole, { state: await made.save() })
  await trained(resumed, 8)
  expect(await bitsOf(resumed)).toEqual(await bitsOf(straight))
  for (const one of [straight, made, resumed]) one.destroy()
})
