import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { watchHealth, type HealthOptions } from '../../src/answers/health-watch.ts'
import {
  activation,
  adam,
  adamw,
  batchNorm,
  concat,
  conv2d,
  createEngine,
  dense,
  dropout,
  elu,
  flatten,
  gelu,
  layerNorm,
  maxPool2d,
  relu,
  residual,
  sequential,
  sgd,
  sigmoid,
  tanh,
  type Dataset,
  type Engine,
  type Layer,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'
import type { Health } from '../../src/inspect/health.ts'
import { HealthReference } from './health-reference.ts'
import { another, test } from '../kinds.ts'
import { bitsOf, run } from './run-fixture.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

let made: { destroy(): void }[] = []
afterEach(() => {
  for (const thing of made.toReversed()) thing.destroy()
  made = []
})
const own = <Thing extends { destroy(): void }>(thing: Thing): Thing => {
  made.push(thing)
  return thing
}

/** Samples whose last batch is short at most batch sizes. */
function waves(input: number[], outputs: number, count = 45): Dataset {
  const width = input.reduce((product, n) => product * n, 1)
  const x = Float32Array.from({ length: count * width }, (_, i) => Math.sin(i * 12.9898) * 1.4)
  const y = Float32Array.from({ length: count * outputs }, (_, i) => Math.cos(i * 78.233))
  return { name: 'waves', inputShape: input, outputs, train: { count, x, y } }
}

async function trainerOf(input: number[], layers: Layer[], options: Partial<TrainerOptions> = {}, dataset?: Dataset): Promise<Trainer> {
  const last = layers.findLast((layer) => layer.type === 'dense')!
  const data = dataset ?? waves(input, last.units)
  const settings = { loss: 'mse', optimizer: sgd({ learningRate: 0.05 }), batchSize: 16, seed: 3, tuningTime: 1, ...options } as const
  return own(await engine.trainer(sequential(input, layers), data, settings))
}

async function watched(trainer: Trainer, options: HealthOptions) {
  const watch = own(await watchHealth(engine.device, trainer, options))
  const readings: Health[] = []
  watch.onReading((health) => readings.push(health))
  return { watch, readings }
}

/** Trains step by step and compares every reading with the tensors of its step. */
async function checked(trainer: Trainer, steps: number, count = 45) {
  const { watch, readings } = await watched(trainer, { every: 1 })
  const reference = new HealthReference(engine.device, trainer)
  const { batch } = trainer.observation()
  const whole = trainer.model.batchSize
  const each = whole * (trainer.model.accumulate ?? 1)
  for (let step = 1; step <= steps; step++) {
    const before = await reference.parameters()
    await run(trainer, { steps: 1 })
    await watch.settled()
    const inStep = Math.min(each, count - ((step - 1) % trainer.stepsPerEpoch) * each)
    await reference.check(readings.at(-1)!, before, Math.min(batch, inStep % whole || whole))
  }
  expect(readings.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1))
  const { loss, learningRate } = trainer.history
  expect(readings.map((health) => health.loss)).toEqual(loss.map((value) => value ?? NaN))
  expect(readings.map((health) => health.learningRate)).toEqual(learningRate)
  return readings
}

/** Other numbers in some places of a parameter. */
async function plant(trainer: Trainer, path: string, change: (value: number, i: number) => number) {
  await trainer.load({ [path]: (await trainer.parameter(path).read()).map(change) })
}

test('of ReLU: every number of every layer, and a neuron that is planted dead, in a network of odd sizes with short batches', async () => {
  const trainer = await trainerOf([7], [dense(37), relu(), dense(70), relu(), dense(3)])
  await plant(trainer, 'layers.0.bias', (value, i) => (i === 5 || i === 33 ? -100 : value))
  const readings = await checked(trainer, 8)
  const { layers, window, input } = readings.at(-1)!
  expect(window).toEqual({ samples: 45, of: 45 })
  expect(input.dead).toBe(null)
  expect(layers.map(({ path, type, outputPath }) => [path, type, outputPath])).toEqual([
    ['layers.0', 'dense', 'layers.1'],
    ['layers.2', 'dense', 'layers.3'],
    ['layers.4', 'dense', 'layers.4'],
  ])
  expect(layers[0]!.output.dead).toEqual(expect.arrayContaining([5, 33]))
  expect(layers[0]!.output.deadShare).toBeLessThan(0.2)
  expect(layers[0]!.output.saturated).toBe(null)
  expect(layers[2]!.output.dead).toEqual([])
  expect(layers[2]!.gradientShare).toBe(1)
})

async function ofActivation(layer: Layer) {
  const trainer = await trainerOf([5], [dense(33), layer, dense(2)], { optimizer: adam({ learningRate: 0.01 }) })
  await plant(trainer, 'layers.0.bias', (value, i) => [-40, 40, value][i % 3]!)
  const { output } = (await checked(trainer, 4)).at(-1)!.layers[0]!
  if (output.saturatedNeurons) expect(output.saturatedNeurons.length).toBeGreaterThan(5)
  else expect(layer.type === 'leakyRelu' ? output.dead!.length === 0 : output.dead!.length > 5).toBe(true)
}

test('of tanh: saturated neurons', () => ofActivation(tanh()))
another.each<Layer>([sigmoid(), elu(), gelu(), activation('silu'), activation('softplus'), activation('leakyRelu')])(
  'of $type: saturated neurons, and silent ones',
  ofActivation,
)

test('of a network in one kernel, with momentum, clipping and weight decay', async () => {
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 })
  const trainer = await trainerOf([3], [dense(6), tanh(), dense(3), sigmoid(), dense(2)], { plan: 'small', optimizer })
  await checked(trainer, 5)
})

test('of convolutions, norms, pooling and dropout: channels are neurons', async () => {
  const layers = [conv2d(6, 3, { padding: 1 }), batchNorm(), relu(), maxPool2d(2), conv2d(5, 3), tanh(), dropout(0.3), flatten(), dense(4)]
  const trainer = await trainerOf([2, 9, 11], layers, { optimizer: adamw({ learningRate: 0.01, weightDecay: 0.1 }), clipNorm: 0.1 })
  await plant(trainer, 'layers.1.bias', (value, i) => (i === 4 ? -50 : value))
  const found = (await checked(trainer, 5)).at(-1)!
  expect(found.layers.map(({ path, parts }) => [path, parts.length])).toEqual([
    ['layers.0', 3],
    ['layers.3', 1],
    ['layers.4', 3],
    ['layers.7', 1],
    ['layers.8', 1],
  ])
  expect(found.layers[0]!.output).toMatchObject({ neurons: 6, dead: [4] })
  expect(found.layers[1]!.output.dead).toBe(null)
})

test('of containers, with batches that are added up', async () => {
  const layers = [
    dense(9),
    residual([layerNorm(), relu(), dense(9), tanh(), dense(9)]),
    relu(),
    concat([[dense(4), tanh()], [], [dense(3), relu()]]),
    dense(2),
  ]
  const trainer = await trainerOf([4], layers, {
    optimizer: adam({ learningRate: 0.02 }),
    accumulate: 2,
    batchSize: 8,
    perturbation: 0.001,
  })
  const found = (await checked(trainer, 5)).at(-1)!
  expect(found.layers.map(({ path, container }) => [path, container])).toEqual([
    ['layers.0', undefined],
    ['layers.1.layers.0', 'layers.1'],
    ['layers.1.layers.2', 'layers.1'],
    ['layers.1.layers.4', 'layers.1'],
    ['layers.3.branches.0.0', 'layers.3'],
    ['layers.3.branches.2.0', 'layers.3'],
    ['layers.3', 'layers.3'],
    ['layers.4', undefined],
  ])
  expect(found.layers[3]!.parts).toEqual(['layers.1.layers.4', 'layers.1', 'layers.2'])
})

test.each<Partial<TrainerOptions>>([{ plan: 'ordinary' }, { plan: 'small' }])('where numbers are not finite: %o', async (options) => {
  const trainer = await trainerOf([3], [dense(7), relu(), dense(4), tanh(), dense(2)], options)
  await plant(trainer, 'layers.0.weight', (value, i) => (i === 4 ? Infinity : value))
  await plant(trainer, 'layers.2.weight', (value, i) => (i === 9 ? NaN : i === 17 ? -Infinity : value))
  const [{ layers } = { layers: [] }] = await checked(trainer, 2)
  expect(layers[0]!.output.nonFinite.infinite).toBeGreaterThan(0)
  expect(layers[1]!.output.nonFinite.nan).toBeGreaterThan(0)
  expect(layers[0]!.weight!.updateRatio).toBe(NaN)
})

const magnitudes = async (magnitude: number) => {
  const trainer = await trainerOf([6], [dense(40), relu(), dense(3)], { optimizer: sgd({ learningRate: 1e-3 }) })
  for (const path of ['layers.0.weight', 'layers.2.weight']) await plant(trainer, path, (value) => value * magnitude)
  await checked(trainer, 1)
}
test.each([1e-25, 1e15])('of weights of the magnitude %f', magnitudes)
another('of weights of the magnitude 1e-12', () => magnitudes(1e-12))

test('of a network that keeps a few samples only: of those, and what is not kept is not told', async () => {
  const layers = [dense(20), relu(), dropout(0.2), dense(9), tanh(), dense(2)]
  const trainer = await trainerOf([5], layers, { activations: 'samples', plan: 'ordinary' })
  const found = (await checked(trainer, 4)).at(-1)!
  expect(found.batch).toBe(8)
  expect(found.window).toEqual({ samples: 32, of: 45 })
  expect(found.layers.map(({ output }) => output.beyondFive)).toEqual([null, null, null])
  expect(found.layers[1]!.output.saturated).not.toBe(null)
})

test.each<Partial<TrainerOptions>>([{ plan: 'small' }, { plan: 'ordinary' }, { plan: 'ordinary', accumulate: 3 }])(
  'readings are the same in every run, and training is the same with and without them: %o',
  async (options) => {
    const train = async (every: number | undefined, stepsPerSubmit: number | undefined) => {
      const trainer = await trainerOf([3], [dense(8), tanh(), dense(2)], options)
      const seen = every === undefined ? undefined : await watched(trainer, { every })
      await run(trainer, { steps: 40, ...(stepsPerSubmit && { stepsPerSubmit }) })
      await seen?.watch.settled()
      return { bits: await bitsOf(trainer), readings: seen?.readings, loss: trainer.history.loss }
    }
    const plain = await train(undefined, undefined)
    const first = await train(3, 17)
    const second = await train(3, 5)
    expect(first.readings!.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39])
    expect(second.readings).toEqual(first.readings)
    expect([first.bits, first.loss]).toEqual([plain.bits, plain.loss])
    expect(second.bits).toEqual(plain.bits)
  },
)

test('a run that waits for its readings ends at the step whose reading made a listener pause it; a run that begins anew is watched anew', async () => {
  const trainer = await trainerOf([3], [dense(40), tanh(), dense(2)])
  const { watch, readings } = await watched(trainer, { every: 7, waits: true })
  const leave = watch.onReading(({ step }) => {
    if (step === 21) trainer.pause()
  })
  await run(trainer, { steps: 100 })
  expect(trainer.step).toBe(21)
  leave()
  const first = readings.splice(0)
  await trainer.reset()
  expect(watch.last).toBe(null)
  await run(trainer, { steps: 21 })
  await watch.settled()
  expect(readings).toEqual(first)
})

test('at a pace: some of the steps, the newest ones, until nobody wants them', async () => {
  const trainer = await trainerOf([3], [dense(8), tanh(), dense(2)])
  let isWanted = true
  const { watch, readings } = await watched(trainer, { paced: { interval: 0, isWanted: () => isWanted } })
  await run(trainer, { steps: 3000, stepsPerSubmit: 50 })
  await watch.settled()
  const seen = readings.length
  expect(seen).toBeGreaterThan(1)
  expect(seen).toBeLessThan(30)
  expect(watch.last).toBe(readings.at(-1))
  expect(readings.every(({ step }, i) => i === 0 || step > readings[i - 1]!.step)).toBe(true)
  isWanted = false
  await run(trainer, { steps: 1000 })
  await watch.settled()
  expect(readings.length).toBe(seen)
})
