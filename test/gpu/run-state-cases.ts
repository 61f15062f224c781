import { afterAll, beforeAll, expect, test } from 'vitest'
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

export const wave = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
/** Noise in 8 numbers with random targets; the last batch of 20 is short. */
export const noise: Dataset = {
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
export const deep = sequential([8], [dense(24), batchNorm(), tanh(), dropout(0.3), dense(16), layerNorm(), tanh(), dense(1)])
const convolutional = sequential([3, 8, 8], [conv2d(6, 3, { padding: 1 }), batchNorm(), relu(), avgPool2d(2), flatten(), dense(4)])

interface Case {
  network: Network
  data: Dataset
  options: TrainerOptions
  watch?: RunOptions
}
export const base: TrainerOptions = { loss: 'mse', optimizer: adam({ learningRate: 0.02 }), batchSize: 20, seed: 5, tuningTime: 1 }
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

/** What `npm test` keeps: each kind of state that a run has. */
export const ofEachKind = ['adamw, small', 'plateau by the test part', 'early stopping, the best kept', 'convolutions and augmentation']
export const others = Object.keys(cases).filter((name) => !ofEachKind.includes(name))

/** A test for each of these runs: saved and resumed, by a file on another device or by a snapshot, it is the run that was never stopped, to the bit. */
export function testResumed(names: readonly string[]): void {
  let engine: Engine
  const problems: string[] = []
  beforeAll(async () => {
    engine = await createEngine()
    engine.onError(({ message }) => problems.push(message))
  })
  afterAll(() => engine.destroy())

  test.for(names)('%s: a run that is saved and resumed, elsewhere or by a snapshot, is the run that was never stopped', async (name) => {
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
    expect({ ...saving.history, variants: {} }, 'its history').toEqual({ ...straight.history, variants: {} })

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
    expect(problems).toEqual([])
  })
}
