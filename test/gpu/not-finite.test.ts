import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { NotFiniteWatch, type Diagnosed } from '../../src/answers/not-finite-watch.ts'
import { overrideShader, shaderSource } from '../../src/gpu/shader.ts'
import {
  adam,
  batchNorm,
  conv2d,
  createEngine,
  dense,
  flatten,
  maxPool2d,
  relu,
  sequential,
  sgd,
  tanh,
  type Dataset,
  type Engine,
  type Network,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'
import { inEnglish } from '../../src/words/english.ts'
import { bitsOf, run } from './run-fixture.ts'

let engine: Engine
const problems: string[] = []
beforeAll(async () => {
  engine = await createEngine()
  engine.onError(({ message }) => problems.push(message))
})
afterAll(() => {
  expect(problems).toEqual([])
  engine.destroy()
})
const faulty = new Set<string>()
afterEach(() => {
  for (const shader of faulty) overrideShader(shader, undefined)
})

const count = 24
const wave = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
const numbers: Dataset = { name: 'waves', inputShape: [4], outputs: 1, train: { count, x: wave(count * 4, 3), y: wave(count, 900) } }
const classes: Dataset = { ...numbers, outputs: 3, train: { ...numbers.train, y: Int32Array.from({ length: count }, (_, i) => i % 3) } }
const images: Dataset = { name: 'images', inputShape: [2, 6, 6], outputs: 3, train: { count, x: wave(count * 72, 5), y: classes.train.y } }
const network = sequential([4], [dense(5), tanh(), dense(3), tanh(), dense(1)])
const plans = ['small', 'ordinary'] as const

const trainerOf = (of: Network, data: Dataset, options: Partial<TrainerOptions>): Promise<Trainer> =>
  engine.trainer(of, data, {
    loss: 'mse',
    optimizer: sgd({ learningRate: 0.05 }),
    batchSize: 8,
    seed: 2,
    shuffle: false,
    tuningTime: 1,
    ...options,
  })

/** Trains until a loss is not finite, or to the end; `plant` does something to the run after some steps. */
async function diagnosed(trainer: Trainer, { steps = 400, every = 1e6 } = {}): Promise<Diagnosed> {
  const watch = new NotFiniteWatch(trainer, { every })
  await watch.begin()
  for await (const progress of trainer.run({ steps })) if (watch.see(progress)) break
  const [before, step] = [await bitsOf(trainer), trainer.step]
  const result = await watch.diagnose()
  expect(trainer.step).toBe(step)
  expect(await bitsOf(trainer)).toEqual(before)
  watch.destroy()
  return result
}

/** The run goes on from the last good step, and what it has then is finite. */
async function backIn(trainer: Trainer, { lastGood }: Diagnosed, step: number) {
  expect(lastGood?.step).toBe(step)
  await trainer.restore(lastGood!)
  expect(trainer.step).toBe(step)
  for (const path of trainer.parameterPaths) expect((await trainer.parameter(path).read()).every(Number.isFinite), path).toBe(true)
  lastGood!.destroy()
}

test.for(plans)('an infinite weight: the product that reads it passes it on (%s)', async (plan) => {
  const trainer = await trainerOf(network, numbers, { plan })
  await run(trainer, { steps: 7 })
  const weight = await trainer.parameter('layers.2.weight').read()
  weight[6] = -Infinity
  await trainer.load({ 'layers.2.weight': weight })
  const { found, lastGood } = await diagnosed(trainer)
  expect(lastGood).toBe(null)
  expect(found).toMatchObject({ step: 8, operation: 'linear', layer: 'layers.2', direction: 'forward', origin: 'passedOn' })
  expect(found!.element[1]).toBe(1)
  expect(found!.inputs[0]).toEqual({ name: 'layers.2.weight', index: [1, 1], value: -Infinity })
  expect(inEnglish(found!.sentence)).toMatch(
    /^Step 8, forward: linear of layers.2 passed on -?Infinity at \[\d, 1\], which it was given: layers.2.weight\[1, 1\] = -Infinity, x\[/,
  )
  trainer.destroy()
})

test.for(plans)('a rate far too high: the product of two large numbers makes the first infinity (%s)', async (plan) => {
  const linear = sequential([4], [dense(3), dense(1)])
  const trainer = await trainerOf(linear, numbers, { plan, optimizer: sgd({ learningRate: 1e25 }) })
  const result = await diagnosed(trainer)
  expect(result.found).toMatchObject({
    step: 2,
    operation: 'linear',
    layer: 'layers.1',
    direction: 'forward',
    origin: 'made',
    value: expect.any(Number),
  })
  const [x, weight] = result.found!.inputs
  expect([x!.name, weight!.name]).toEqual(['x', 'layers.1.weight'])
  expect(Math.abs(x!.value * weight!.value)).toBeGreaterThan(3.4e38)
  await backIn(trainer, result, 0)
  await run(trainer, { steps: 1 })
  trainer.destroy()
})

test.for(plans)('a step that overflows: the loss of large numbers, after training as it was (%s)', async (plan) => {
  const linear = sequential([4], [dense(1)])
  const trainer = await trainerOf(linear, numbers, { plan, optimizer: sgd({ learningRate: 40 }) })
  const straight = await trainerOf(linear, numbers, { plan, optimizer: sgd({ learningRate: 40 }) })
  const result = await diagnosed(trainer)
  expect(result.found).toMatchObject({ operation: 'mse', layer: 'layers.0', origin: 'made', value: Infinity })
  expect(result.found!.step).toBeGreaterThan(5)
  expect(result.found!.inputs.map(({ name }) => name).toSorted()).toEqual(['prediction', 'target'])
  // The loss rises from the first step on.
  await backIn(trainer, result, 0)
  for (const one of [trainer, straight]) await run(one, { steps: 3 })
  expect(await bitsOf(trainer)).toEqual(await bitsOf(straight))
  for (const one of [trainer, straight]) one.destroy()
})

test.for(plans)('data that overflow as they are scaled: the sample and its feature (%s)', async (plan) => {
  const x = wave(count * 4, 3)
  x[4 * 13 + 2] = -100
  const scaling = { mean: new Float32Array(4), deviation: Float32Array.of(1, 1, 1e-37, 1) }
  const data = { ...numbers, scaling, train: { ...numbers.train, x } }
  const trainer = await trainerOf(network, data, { plan })
  const result = await diagnosed(trainer, { every: 0 })
  expect(result.found).toMatchObject({
    step: 2,
    operation: 'input',
    layer: 'input',
    direction: 'forward',
    element: [5, 2],
    value: -Infinity,
    origin: 'made',
    infinite: 1,
  })
  expect(inEnglish(result.found!.sentence)).toBe('Step 2: the data hold -Infinity, in sample 5 of the batch at [2].')
  await backIn(trainer, result, 1)
  trainer.destroy()
})

test.for(plans)('the logarithm of 0 in a loss (%s)', async (plan) => {
  const text = shaderSource('crossEntropyRow')
  const from = 'logarithmOnePlus(others)'
  expect(text).toContain(from)
  faulty.add('crossEntropyRow')
  // -log(0) as hardware has it, of a row whose largest number is far above the others
  overrideShader(
    'crossEntropyRow',
    text.replace(from, 'select(logarithmOnePlus(others), bitcast<f32>(0x7f800000u | u32(others > 1.0)), others < 0.5)'),
  )
  const trainer = await trainerOf(sequential([4], [dense(5), tanh(), dense(3)]), classes, {
    plan,
    loss: 'crossEntropy',
    optimizer: adam({ learningRate: 0.2 }),
  })
  const result = await diagnosed(trainer)
  expect(result.found).toMatchObject({ operation: 'crossEntropy', layer: 'layers.2', direction: 'forward', origin: 'made' })
  expect(Math.abs(result.found!.value)).toBe(Infinity)
  trainer.destroy()
})

test('clipping, batchNorm, pooling, convolution and batches that add up: an infinite filter weight', async () => {
  const convolutional = sequential(
    [2, 6, 6],
    [conv2d(4, 3, { padding: 1 }), batchNorm(), relu(), maxPool2d(2), conv2d(3, 2), tanh(), flatten(), dense(3)],
  )
  const trainer = await trainerOf(convolutional, images, {
    loss: 'crossEntropy',
    clipNorm: 1,
    accumulate: 2,
    optimizer: adam({ learningRate: 0.01 }),
  })
  await run(trainer, { steps: 2 })
  const weight = await trainer.parameter('layers.4.weight').read()
  weight[19] = Infinity // filter 1, channel 0, row 1, column 1
  await trainer.load({ 'layers.4.weight': weight })
  const { found } = await diagnosed(trainer, { every: 0 })
  expect(found).toMatchObject({ step: 3, operation: 'conv2d', layer: 'layers.4', direction: 'forward', origin: 'passedOn' })
  expect(found!.element[1]).toBe(1)
  expect(found!.inputs[0]).toEqual({ name: 'layers.4.weight', index: [1, 0, 1, 1], value: Infinity })
  trainer.destroy()
})

test('a gradient that overflows where the loss does not, and an update that does', async () => {
  const text = shaderSource('tanh')
  faulty.add('tanh')
  overrideShader('tanh', text.replace('1.0 - y * y', '(1.0 - y * y) * 3e38 * 4.0'))
  const trainer = await trainerOf(network, numbers, { plan: 'ordinary' })
  const result = await diagnosed(trainer)
  expect(result.found).toMatchObject({ step: 1, operation: 'tanh', layer: 'layers.3', direction: 'backward', origin: 'made' })
  expect(result.found!.inputs.map(({ name }) => name).toSorted()).toEqual(['dy', 'saved'])
  trainer.destroy()
  overrideShader('tanh', undefined)

  const other = await trainerOf(
    sequential([4], [dense(1)]),
    { ...numbers, train: { ...numbers.train, y: numbers.train.y.map((y) => 1e4 * y) } },
    { optimizer: sgd({ learningRate: 3e38 }) },
  )
  const update = await diagnosed(other)
  expect(update.found).toMatchObject({ step: 1, operation: 'sgd', direction: 'update', layer: 'layers.0', origin: 'made' })
  expect(update.found!.inputs.map(({ name }) => name)).toEqual(['parameter', 'gradient'])
  other.destroy()
})

test('a healthy run has nothing to tell, and is the run without a watch', async () => {
  const [watched, plain] = [await trainerOf(network, numbers, {}), await trainerOf(network, numbers, {})]
  await run(plain, { steps: 50 })
  expect(await diagnosed(watched, { steps: 50, every: 0 })).toEqual({ found: null, lastGood: null })
  expect(await bitsOf(watched)).toEqual(await bitsOf(plain))
  for (const trainer of [watched, plain]) trainer.destroy()
})

/** Trains with settings that change on the way, watched from the first step on, until a loss is not finite. */
async function changing(trainer: Trainer, changes: Record<number, Parameters<Trainer['set']>[0]>, every = 1e6): Promise<NotFiniteWatch> {
  const watch = new NotFiniteWatch(trainer, { every })
  await watch.begin()
  for (let isOver = false; !isOver && trainer.step < 400;) {
    const change = changes[trainer.step]
    if (change) trainer.set(change)
    for await (const progress of trainer.run({ steps: 1 })) isOver ||= watch.see(progress)
  }
  return watch
}

test.for(plans)('a rate raised while it trains: the steps are done again by the settings of each (%s)', async (plan) => {
  const linear = sequential([4], [dense(6), dense(1)])
  const [trainer, straight] = [await trainerOf(linear, numbers, { plan }), await trainerOf(linear, numbers, { plan })]
  const watch = await changing(trainer, { 11: { learningRate: 0.02 }, 30: { learningRate: 1e25, clipNorm: 5 }, 31: { clipNorm: null } })
  const { found, lastGood } = await watch.diagnose()
  expect(found).toMatchObject({ operation: 'linear', direction: 'forward', origin: 'made', step: 32 })
  expect(trainer.settings.optimizer.learningRate).toBe(1e25)
  expect(trainer.settingsChanges.map(({ step }) => step)).toEqual([11, 30, 31])

  // Before the rate was raised, with the rate of then.
  expect(lastGood!.step).toBe(30)
  await trainer.restore(lastGood!)
  expect(trainer.settings).toMatchObject({ optimizer: { learningRate: 0.02 }, clipNorm: null })
  expect(trainer.settingsChanges.map(({ step }) => step)).toEqual([11])
  await run(straight, { steps: 11 })
  straight.set({ learningRate: 0.02 })
  await run(straight, { steps: 29 })
  await run(trainer, { steps: 10 })
  expect(await bitsOf(trainer)).toEqual(await bitsOf(straight))
  lastGood!.destroy()
  watch.destroy()
  for (const one of [trainer, straight]) one.destroy()
})

test('a watch that begins after the step in question says that it is too late', async () => {
  const trainer = await trainerOf(sequential([4], [dense(3), dense(1)]), numbers, { optimizer: sgd({ learningRate: 1e25 }) })
  await run(trainer, { steps: 5 })
  const watch = new NotFiniteWatch(trainer)
  await watch.begin()
  watch.see({ step: 3, losses: Float32Array.of(NaN) })
  expect(await watch.diagnose()).toEqual({ found: null, unfound: 'tooLate', lastGood: null })
  watch.destroy()
  trainer.destroy()
})
