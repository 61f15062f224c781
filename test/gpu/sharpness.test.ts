import { afterAll, beforeAll, expect } from 'vitest'
import { sharpness, sharpnessAlong, SharpnessMeter } from '../../src/answers/sharpness.ts'
import {
  adam,
  adamw,
  batchNorm,
  conv2d,
  createEngine,
  dense,
  flatten,
  rmsprop,
  sequential,
  sgd,
  sigmoid,
  tanh,
  type Dataset,
  type Engine,
  type Network,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'
import { readSafetensors } from '../../src/model/safetensors.ts'
import { another, test } from '../kinds.ts'
import { eigenvaluesOf, FlatModel } from '../reference/hessian.ts'
import { bitsOf, run } from './run-fixture.ts'

let engine: Engine
const problems: string[] = []
beforeAll(async () => {
  engine = await createEngine()
  engine.onError(({ message }) => problems.push(message))
})
afterAll(() => engine.destroy())

const count = 24
const wave = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
const rows = (features: number, y: Dataset['train']['y'], outputs = 1, inputShape = [features]): Dataset => ({
  name: 'waves',
  inputShape,
  outputs,
  train: { count, x: wave(count * features, 3), y },
})
const numbers = wave(count, 1007)
const yesNo = Float32Array.from(numbers, (value) => Number(value > 0))
const classes = Int32Array.from(numbers, (_, i) => (i * 7) % 3)

const below = {
  ...rows(1, new Float32Array(count).fill(-5)),
  train: { count, x: numbers.map((value) => 1 + value / 4), y: new Float32Array(count).fill(-5) },
}

interface Case {
  network: Network
  data: Dataset
  options?: Partial<TrainerOptions>
}
const cases: Record<string, Case> = {
  'dense and tanh, mse': { network: sequential([4], [dense(6), tanh(), dense(1)]), data: rows(4, numbers) },
  'sigmoids, binaryCrossEntropy': {
    network: sequential([4], [dense(5), sigmoid(), dense(1), sigmoid()]),
    data: rows(4, yesNo),
    options: { loss: 'binaryCrossEntropy' },
  },
  'crossEntropy of three batches': {
    network: sequential([4], [dense(8), tanh(), dense(3)]),
    data: rows(4, classes, 3),
    options: { loss: 'crossEntropy', batchSize: 10 },
  },
  'a convolution': {
    network: sequential([1, 5, 5], [conv2d(2, 3), tanh(), flatten(), dense(3)]),
    data: rows(25, classes, 3, [1, 5, 5]),
    options: { loss: 'crossEntropy' },
  },
  batchNorm: { network: sequential([4], [dense(6), batchNorm(), tanh(), dense(1)]), data: rows(4, numbers), options: { plan: 'ordinary' } },
}

async function trainerOf({ network, data, options }: Case, change: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const all = { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: count, seed: 3, shuffle: false, tuningTime: 1 } as const
  return engine.trainer(network, data, { ...all, ...options, ...change })
}

/** The Hessian at a trainer's parameters, in float64. */
async function hessianOf(trainer: Trainer, data: Dataset) {
  const { x, y } = data.train
  const flat = new FlatModel(trainer.model, { samples: count, x: Float64Array.from(x), y: Float64Array.from(y) })
  const read = trainer.parameterPaths.map(async (path) => [path, await trainer.parameter(path).read()] as const)
  return { flat, matrix: flat.hessian(flat.flat(Object.fromEntries(await Promise.all(read)))) }
}

const isLargest = '%s: the sharpness is the Hessian’s largest eigenvalue, before and after training'
const ofEachKind = ['crossEntropy of three batches', 'batchNorm']
test.for(ofEachKind)(isLargest, isEigenvalue)
another.for(Object.keys(cases).filter((name) => !ofEachKind.includes(name)))(isLargest, isEigenvalue)

async function isEigenvalue(name: string): Promise<void> {
  const trainer = await trainerOf(cases[name]!)
  for (const steps of [0, 30]) {
    if (steps) await run(trainer, { steps })
    const eigenvalues = eigenvaluesOf((await hessianOf(trainer, cases[name]!.data)).matrix)
    const found = await sharpness(trainer)
    const expected = eigenvalues.at(-1)!
    expect(found.converged).toBe(true)
    expect(Math.abs(found.value - expected)).toBeLessThan(0.01 * expected)
    expect(Math.abs(found.value - expected)).toBeLessThan(2 * found.error + 1e-3 * expected)
    expect(found).toMatchObject({ step: steps, samples: count, bound: { value: 20, formula: '2/rate' } })
  }
  trainer.destroy()
  expect(problems).toEqual([])
}

test('a negative eigenvalue of larger magnitude is not taken for the largest', async () => {
  // Far above its targets, and tanh bends down there.
  const own: Case = { network: sequential([1], [dense(1), tanh(), dense(1)]), data: below }
  const parameters = {
    'layers.0.weight': Float32Array.of(0.6),
    'layers.0.bias': Float32Array.of(0),
    'layers.2.weight': Float32Array.of(2),
    'layers.2.bias': Float32Array.of(0),
  }
  const trainer = await trainerOf(own, { parameters })
  const eigenvalues = eigenvaluesOf((await hessianOf(trainer, own.data)).matrix)
  const [smallest, largest] = [eigenvalues[0]!, eigenvalues.at(-1)!]
  expect(-smallest).toBeGreaterThan(3 * largest)
  const found = await sharpness(trainer)
  expect(Math.abs(found.value - largest)).toBeLessThan(0.01 * largest)
  trainer.destroy()
})

/** A moment of every parameter, from the run's file. */
async function momentOf(trainer: Trainer, which: 1 | 2): Promise<Record<string, ArrayLike<number>>> {
  const { tensors } = readSafetensors(await trainer.save(), 'state')
  return Object.fromEntries(trainer.parameterPaths.map((path) => [path, tensors[`moment${which}:${path}`]!.data]))
}

const steps = 20
const adaptive = {
  adam: {
    optimizer: adam({ learningRate: 0.01, weightDecay: 0.3 }),
    bound: 3.8 / (0.1 * 0.01),
    corrections: [1 - 0.9 ** (steps + 1), 1 - 0.999 ** steps],
    decay: 0.3,
  },
  adamw: {
    optimizer: adamw({ learningRate: 0.01, weightDecay: 0.3 }),
    bound: (199.7 * 1.9) / 0.1,
    corrections: [1 - 0.9 ** (steps + 1), 1 - 0.999 ** steps],
    decay: 0,
  },
  rmsprop: { optimizer: rmsprop({ learningRate: 0.01 }), bound: 200, corrections: [1, 1], decay: 0 },
} as const

const along = '%s: the Hessian along its own steps, and what its rate bears'
test.for(['adamw'] as const)(along, isAlong)
another.for(['adam', 'rmsprop'] as const)(along, isAlong)

async function isAlong(name: keyof typeof adaptive): Promise<void> {
  const { optimizer, bound, corrections, decay } = adaptive[name]
  const own = cases['dense and tanh, mse']!
  const trainer = await trainerOf(own, { optimizer })
  const before = await sharpness(trainer)
  expect(before.bound).toBe(null)
  expect(before.verdict.code).toBe('sharpness.noMoment')
  await run(trainer, { steps })
  const { flat, matrix } = await hessianOf(trainer, own.data)
  const second = flat.flat(await momentOf(trainer, 2))
  const stretch = second.map((value) => 1 / Math.sqrt(corrections[0] * (Math.sqrt(value / corrections[1]) + 1e-8)))
  const stretched = matrix.map((row, i) => row.map((value, j) => stretch[i]! * (value + (i === j ? decay : 0)) * stretch[j]!))
  const expected = eigenvaluesOf(stretched).at(-1)!
  const found = await sharpness(trainer)
  expect(Math.abs(found.value - expected)).toBeLessThan(0.01 * expected)
  expect(found.bound!.value / bound).toBeCloseTo(1, 6)
  expect(found.bound!.preconditioned).toBe(true)
  trainer.destroy()
}

test('weight decay is part of the loss that gradient descent minimises', async () => {
  const own = cases['dense and tanh, mse']!
  const trainer = await trainerOf(own, { optimizer: sgd({ learningRate: 0.1, weightDecay: 0.5, momentum: 0.9 }) })
  const expected = eigenvaluesOf((await hessianOf(trainer, own.data)).matrix).at(-1)! + 0.5
  const found = await sharpness(trainer)
  expect(Math.abs(found.value - expected)).toBeLessThan(0.01 * expected)
  expect(found.bound!.formula).toBe('(2+2β)/rate')
  expect(found.bound!.value).toBeCloseTo(38, 9)
  trainer.destroy()
})

test('gradient descent at a rate beyond 2/sharpness diverges, below it does not; the verdict says which', async () => {
  // A linear network: its loss is a quadratic, of one curvature everywhere.
  const own: Case = { network: sequential([4], [dense(1)]), data: rows(4, numbers) }
  const probing = await trainerOf(own)
  const { value } = await sharpness(probing)
  probing.destroy()
  for (const [factor, code] of [
    [0.9, 'sharpness.below'],
    [1.1, 'sharpness.above'],
  ] as const) {
    const trainer = await trainerOf(own, { optimizer: sgd({ learningRate: (factor * 2) / value }) })
    expect((await sharpness(trainer)).verdict.code).toBe(code)
    await run(trainer, { steps: 60 })
    const { loss } = trainer.history
    if (factor < 1) expect(loss.at(-1)!).toBeLessThan(loss[0]!)
    else expect(loss.at(-1)!).toBeGreaterThan(100 * loss[0]!)
    trainer.destroy()
  }
})

test('measuring every so many steps leaves the run what it is', async () => {
  const own = cases['dense and tanh, mse']!
  const [plain, measured] = [await trainerOf(own), await trainerOf(own)]
  await run(plain, { steps: 25 })
  const found: number[] = []
  for await (const { step, value } of sharpnessAlong(measured, { every: 10, steps: 25 })) {
    found.push(step)
    expect(value).toBeGreaterThan(0)
  }
  expect(found).toEqual([0, 10, 20, 25])
  expect(await bitsOf(measured)).toEqual(await bitsOf(plain))
  expect(measured.history.loss).toEqual(plain.history.loss)
  for (const trainer of [plain, measured]) trainer.destroy()
})

test('parameters that are not finite, bad options and a cancel', async () => {
  const trainer = await trainerOf(cases['dense and tanh, mse']!)
  await expect(sharpness(trainer, { tolerance: 0 })).rejects.toThrow('tolerance')
  await expect(sharpness(trainer, { samples: 0 })).rejects.toThrow('samples')
  const stop = new AbortController()
  await expect(sharpness(trainer, { signal: stop.signal, onProgress: (done) => void (done === 2 && stop.abort()) })).rejects.toThrow(
    'abort',
  )
  const meter = await SharpnessMeter.open(trainer)
  await trainer.load({ 'layers.2.bias': Float32Array.of(NaN) })
  expect((await meter.measure()).verdict.code).toBe('sharpness.notFinite')
  meter.destroy()
  trainer.destroy()
  expect(problems).toEqual([])
})
