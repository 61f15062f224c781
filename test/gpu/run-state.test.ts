import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts'
import {
  adagrad,
  adam,
  adamw,
  avgPool2d,
  batchNorm,
  conv2d,
  createEngine,
  dense,
  dropout,
  flatten,
  InputError,
  layerNorm,
  relu,
  rmsprop,
  sequential,
  sgd,
  tanh,
  type Dataset,
  type Engine,
  type Network,
  type RunOptions,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts'
import { bitsOf, network as small, run, sines } from './run-fixture.ts'

let engine: Engine
/** Another device, as another process would have. */
let elsewhere: Engine
const problems: string[] = []
beforeAll(async () => {
  ;[engine, elsewhere] = await Promise.all([createEngine(), createEngine()])
  for (const one of [engine, elsewhere]) one.onError(({ message }) => problems.push(message))
})
afterAll(() => {
  engine.destroy()
  elsewhere.destroy()
})

const wave = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
/** Noise in 8 numbers with random targets; the last batch of 20 is short. */
const noise: Dataset = {
  name: 'noise',
  inputShape: [8],
  outputs: 1,
  train: { count: 70, x: wave(70 * 8, 1), y: wave(70, 7920) },
  test: { count: 30, x: wave(240, 10_007), y: wave(30, 17_926) },
}
const { test: _, ...untested } = noise
const images: Dataset = {
  name: 'patches',
  inputShape: [3, 8, 8],
  outputs: 4,
  train: {
    count: 40,
    x: Uint8Array.from({ length: 40 * 192 }, (_, i) => (i * 7919) % 256),
    y: Int32Array.from({ length: 40 }, (_, i) => i % 4),
  },
  test: {
    count: 8,
    x: Uint8Array.from({ length: 8 * 192 }, (_, i) => (i * 104_729) % 256),
    y: Int32Array.from({ length: 8 }, (_, i) => i % 4),
  },
}
const deep = sequential([8], [dense(24), batchNorm(), tanh(), dropout(0.3), dense(16), layerNorm(), tanh(), dense(1)])
const convolutional = sequential([3, 8, 8], [conv2d(6, 3, { padding: 1 }), batchNorm(), relu(), avgPool2d(2), flatten(), dense(4)])

interface Case {
  network: Network
  data: Dataset
  options: TrainerOptions
  watch?: RunOptions
}
const base: TrainerOptions = { loss: 'mse', optimizer: adam({ learningRate: 0.02 }), batchSize: 20, seed: 5, tuningTime: 1 }
const plain = (change: Partial<TrainerOptions>): Case => ({ network: deep, data: noise, options: { ...base, ...change } })
const inOne = (change: Partial<TrainerOptions>): Case => ({
  network: small,
  data: sines(),
  options: { ...base, batchSize: 16, plan: 'small', ...change },
})
const optimizers = {
  sgd: sgd({ learningRate: 0.05 }),
  momentum: sgd({ learningRate: 0.02, momentum: 0.9 }),
  nesterov: sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  adam: adam({ learningRate: 0.02 }),
  adamw: adamw({ learningRate: 0.02, weightDecay: 0.1, decayBiasAndNorm: false }),
  rmsprop: rmsprop({ learningRate: 0.005 }),
  adagrad: adagrad({ learningRate: 0.05 }),
}
const schedules = {
  step: { type: 'step', every: 4, factor: 0.5 },
  exponential: { type: 'exponential', factor: 0.97 },
  cosine: { type: 'cosine', steps: 18, minimum: 0.001 },
} as const
const plateau = { type: 'plateau', factor: 0.5, patience: 1 } as const

const cases: Record<string, Case> = {
  ...Object.fromEntries(Object.entries(optimizers).map(([name, optimizer]) => [`${name}, ordinary`, plain({ optimizer })])),
  ...Object.fromEntries(Object.entries(optimizers).map(([name, optimizer]) => [`${name}, small`, inOne({ optimizer })])),
  ...Object.fromEntries(Object.entries(schedules).map(([name, schedule]) => [`${name} after a warm-up`, plain({ schedule, warmup: 5 })])),
  'plateau by the test part': { ...plain({ schedule: plateau }), watch: { evaluateEvery: 3 } },
  'plateau by the training loss': { ...plain({ schedule: plateau }), data: untested, watch: { evaluateEvery: 3 } },
  'plateau, small': { ...inOne({ schedule: plateau }), watch: { evaluateEvery: 2 } },
  'early stopping, the best kept': { ...plain({}), watch: { evaluateEvery: 3, earlyStopping: { patience: 4, restoreBest: true } } },
  'accumulation and clipping': plain({ accumulate: 2, clipNorm: 0.5 }),
  perturbation: plain({ perturbation: 0.01 }),
  'perturbation, small': inOne({ perturbation: 0.01, clipNorm: 0.3 }),
  'in order': plain({ shuffle: false }),
  'convolutions and augmentation': {
    network: convolutional,
    data: images,
    options: { ...base, loss: 'crossEntropy', batchSize: 8, augmentation: { shift: 2, flip: true } },
  },
}

/** Steps of the whole run, and before the save: in the midst of an epoch, and of the steps between two evaluations. */
const [whole, half] = [29, 14]

/** The run from here to its end in uneven pieces. */
async function toEnd(trainer: Trainer, watch: RunOptions = {}) {
  while (trainer.step < whole) {
    const before = trainer.step
    const all = await run(trainer, { ...watch, steps: Math.min(5, whole - before), goal: whole })
    if (all.at(-1)?.stopped) break
  }
}

async function outcome(trainer: Trainer) {
  const { step, loss, learningRate, testLoss } = trainer.history
  const from = step.findIndex((one) => one > half)
  return {
    bits: await bitsOf(trainer),
    gradient: [...(await trainer.gradient('layers.0.weight').read())],
    loss: loss.slice(from),
    learningRate: learningRate.slice(from),
    testLoss: testLoss.slice(from),
  }
}

test.for(Object.keys(cases))(
  '%s: a run that is saved and resumed, elsewhere or by a snapshot, is the run that was never stopped',
  async (name) => {
    const { network, data, options, watch } = cases[name]!
    const straight = await engine.trainer(network, data, options)
    await run(straight, { ...watch, steps: whole })
    const expected = await outcome(straight)
    expect(expected.loss.length).toBeGreaterThan(0)

    const saving = await engine.trainer(network, data, options)
    await run(saving, { ...watch, steps: half, goal: whole })
    const [file, snapshot] = [await saving.save(), await saving.snapshot()]
    await toEnd(saving, watch)
    expect(await outcome(saving), 'the one that was saved').toEqual(expected)

    await saving.restore(snapshot)
    expect(saving.step).toBe(half)
    await toEnd(saving, watch)
    expect(await outcome(saving), 'back by a snapshot').toEqual(expected)

    const other = await createEngine()
    const resumed = await other.trainer(network, data, { state: file })
    expect(resumed.resumed).toEqual({ step: half, sameVariants: true, sameAdapter: true })
    expect(resumed.step).toBe(half)
    expect(await resumed.save()).toEqual(file)
    await toEnd(resumed, watch)
    expect(await outcome(resumed), 'resumed').toEqual(expected)
    other.destroy()
    snapshot.destroy()
    for (const trainer of [straight, saving]) trainer.destroy()
  },
)

test('saving and copying while it trains is of whole steps, and changes nothing', async () => {
  const options = { ...base, accumulate: 3 }
  const straight = await engine.trainer(deep, noise, options)
  await run(straight, { steps: 60 })
  const made = await engine.trainer(deep, noise, options)
  const running = run(made, { steps: 60 })
  const files: Uint8Array[] = []
  while (made.step < 50) files.push(await made.save())
  await running
  expect(await bitsOf(made)).toEqual(await bitsOf(straight))
  expect(files.length).toBeGreaterThan(1)
  for (const state of [files[0]!, files.at(-1)!]) {
    const resumed = await engine.trainer(deep, noise, { state })
    await run(resumed, { steps: 60 - resumed.step })
    expect(await bitsOf(resumed)).toEqual(await bitsOf(straight))
    resumed.destroy()
  }
  for (const trainer of [straight, made]) trainer.destroy()
})

test('settings that changed on the way are in the file; others given with it count from the next step on', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 5 })
  made.set({ learningRate: 0.3, clipNorm: 0.1 })
  const state = await made.save()
  const [same, other] = [
    await engine.trainer(deep, noise, { state }),
    await engine.trainer(deep, noise, { state, optimizer: adam({ learningRate: 0.001 }) }),
  ]
  expect([same.learningRate, other.learningRate]).toEqual([0.3, 0.001])
  for (const trainer of [made, same, other]) await run(trainer, { steps: 5 })
  expect(await bitsOf(same)).toEqual(await bitsOf(made))
  expect(await bitsOf(other)).not.toEqual(await bitsOf(made))
  for (const trainer of [made, same, other]) trainer.destroy()
})

test('a state is refused in a sentence where it does not fit, and where it is damaged', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 5 })
  const state = await made.save()
  const refused = async (change: object, network: Network = deep, data: Dataset = noise) =>
    engine.trainer(network, data, { state, ...change }).then(
      () => 'taken',
      (error: unknown) => (error instanceof InputError ? error.message : `no InputError: ${String(error)}`),
    )
  expect(await refused({}, sequential([8], [dense(1)]))).toContain('another network')
  expect(await refused({}, deep, { ...noise, train: { count: 30, x: wave(240, 1), y: wave(30, 1) } })).toContain(
    'samples 70, and noise has 30',
  )
  expect(await refused({ batchSize: 10 })).toBe('state: it was saved with batchSize 20, which 10 does not continue')
  expect(await refused({ seed: 6 })).toContain('seed 5')
  expect(await refused({ optimizer: sgd({ learningRate: 0.1 }) })).toContain('set: the optimizer is adam')
  expect(await refused({ parameters: {} })).toContain('parameters of its own')
  expect(await refused({ state: state.subarray(0, state.length / 2) })).toMatch(/outside|cut off|data/)
  const { tensors, metadata } = readSafetensors(state, 'state')
  const { 'moment1:layers.0.weight': _moment, ...fewer } = tensors
  expect(await refused({ state: writeSafetensors(fewer, metadata) })).toBe(
    'state: tensor moment1:layers.0.weight is missing, expected one of shape [24, 8]',
  )
  expect(await refused({ state: writeSafetensors(tensors, { ...metadata, run: '{' }) })).toContain('its run is no JSON')
  expect(await refused({ state: writeSafetensors(tensors, { format: 'gradscope-model/1' }) })).toContain('expected gradscope-state/1')
  made.destroy()
})

test('the file is a safetensors file whose parameters other programs read', async () => {
  const made = await engine.trainer(deep, noise, base)
  await run(made, { steps: 3 })
  const { tensors, metadata } = readSafetensors(await made.save(), 'state')
  expect(metadata).toMatchObject({ format: 'gradscope-state/1', step: '3', seed: '5' })
  expect(JSON.parse(metadata['model']!)).toMatchObject({ format: 'gradscope-model/1', input: [8], batchSize: 20 })
  for (const path of made.parameterPaths) expect([...tensors[path]!.data]).toEqual([...(await made.parameter(path).read())])
  expect(tensors['moment2:layers.0.weight']!.shape).toEqual([24, 8])
  made.destroy()
})

test('a snapshot of another trainer, or one that was destroyed, is refused', async () => {
  const [one, other] = [await engine.trainer(deep, noise, base), await engine.trainer(deep, noise, base)]
  const snapshot = await one.snapshot()
  expect(snapshot.bytes).toBeGreaterThan(3 * one.cost.parameterBytes)
  await expect(other.restore(snapshot)).rejects.toThrow("another trainer's")
  snapshot.destroy()
  await expect(one.restore(snapshot)).rejects.toThrow('was destroyed')
  for (const trainer of [one, other]) trainer.destroy()
})

test('of all that the device had nothing to complain', () => {
  expect(problems).toEqual([])
})
