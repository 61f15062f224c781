import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, dense, sequential, sgd, tanh, type Dataset, type Engine, type Evaluation, type Trainer } from '../../src/index.ts'

let engine: Engine
const problems: string[] = []
beforeAll(async () => {
  engine = await createEngine()
  engine.onError(({ message }) => problems.push(message))
})
afterAll(() => engine.destroy())

const samples = (count: number) => ({
  count,
  x: Float32Array.from({ length: count * 4 }, (_, i) => Math.sin(i)),
  y: Float32Array.from({ length: count }, (_, i) => Math.cos(i)),
})
const dataset: Dataset = { name: 'waves', inputShape: [4], outputs: 1, train: samples(256), test: samples(40_000) }
const network = sequential([4], [dense(64), tanh(), dense(64), tanh(), dense(1)])
const options = { loss: 'mse', optimizer: sgd({ learningRate: 0.01 }), batchSize: 16, plan: 'ordinary' } as const
const make = (): Promise<Trainer> => engine.trainer(network, dataset, options)

test('a reset while the test part is evaluated leaves the new run nothing of the old', async () => {
  const trainer = await make()
  for await (const { step } of trainer.run({ steps: 500, evaluateEvery: 5 })) if (step >= 5) break
  await trainer.reset()
  const evaluations: Evaluation[] = []
  for await (const progress of trainer.run({ steps: 3 })) evaluations.push(...progress.evaluations)
  await new Promise((resolve) => setTimeout(resolve, 500))
  for await (const progress of trainer.run({ steps: 3, evaluateEvery: 6 })) evaluations.push(...progress.evaluations)
  expect(evaluations.map(({ step }) => step)).toEqual([6])
  expect(evaluations[0]!.loss).toBeGreaterThan(0)
  expect(trainer.history.testLoss.filter((loss) => loss !== null)).toEqual([evaluations[0]!.loss])
  trainer.destroy()
})

test('a trainer that is destroyed in the midst of its work is no error of another', async () => {
  const [gone, other] = await Promise.all([make(), make()])
  const predicting = gone.predict(dataset.test!.x as Float32Array).catch((error: Error) => error.message)
  const running = (async () => {
    for await (const progress of gone.run({ steps: 10_000 })) if (progress.step > 3) gone.destroy()
  })().catch((error: Error) => error.message)
  for await (const progress of other.run({ steps: 200 })) expect(progress.loss).toBeGreaterThan(0)
  expect(await predicting).toContain('destroyed')
  await running
  expect(problems).toEqual([])
  other.destroy()
})

test('what lies in the gradients between submits is of a whole step, where one fits a submit', async () => {
  const steps = 40
  const make = () => engine.trainer(network, dataset, { ...options, accumulate: 4 })
  const gradient = async (trainer: Trainer) => (await trainer.gradient('layers.0.weight').read()).join()
  const one = await make()
  const whole = new Set<string>()
  for (let step = 0; step < steps; step++) {
    for await (const _ of one.run({ steps: 1 }));
    whole.add(await gradient(one))
  }
  const many = await make()
  for await (const _ of many.run({ steps: 8 })); // by then the submits are as long as they become
  const seen: string[] = []
  for await (const { step } of many.run({ steps: steps - 8, stepsPerSubmit: 3 })) if (step < steps) seen.push(await gradient(many))
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.filter((numbers) => !whole.has(numbers))).toEqual([])
  one.destroy()
  many.destroy()
})
