import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/data/types.ts'
import {
  adam,
  createEngine,
  dense,
  InputError,
  relu,
  sequential,
  sgd,
  sigmoid,
  tanh,
  type Engine,
  type LossName,
  type Network,
  type Optimizer,
  type TrainerOptions,
  type Variation,
} from '../../src/index.ts'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})
afterAll(() => engine.destroy())

const count = 70
/** Random numbers without a pattern, the same in every run. */
const noise = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
/** 70 samples of 3 numbers: the last batch of 16 is short. */
function samples(loss: LossName): Dataset {
  const x = noise(count * 3, 1)
  const y =
    loss === 'crossEntropy'
      ? Int32Array.from({ length: count }, (_, i) => (x[3 * i]! > 0 ? 1 : 0) + (x[3 * i + 1]! > 0.5 ? 1 : 0))
      : noise(count * 3, 500).map((value) => (loss === 'binaryCrossEntropy' ? Number(value > 0) : value))
  return { name: 'noise', inputShape: [3], outputs: 3, train: { count, x, y } }
}
const network = sequential([3], [dense(6), tanh(), dense(4), relu(), dense(3)])
const options = { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: 16, seed: 3 } satisfies TrainerOptions

/** Losses of each step, then parameters, gradients and what the layers put out, after `steps`. */
async function trained(plan: 'small' | 'ordinary', change: Partial<TrainerOptions>, of: Network = network, steps = 43) {
  const dataset = samples(change.loss ?? options.loss)
  const trainer = await engine.trainer(of, dataset, { ...options, ...change, plan } as TrainerOptions)
  for await (const _ of trainer.run({ steps }));
  const { loss, trainAccuracy } = trainer.history
  const tensors = trainer.parameterPaths.flatMap((path) => [trainer.parameter(path), trainer.gradient(path)])
  const layers = of.layers.map((_, i) => trainer.activation(`layers.${i}`))
  const numbers = await Promise.all([...tensors, ...layers].map((tensor) => tensor.read()))
  const { variants } = trainer.history
  trainer.destroy()
  return { loss: loss as number[], accuracy: trainAccuracy, numbers, variants }
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) {
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs))
  expect(actual.length, what).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!), `${what} ${i}`).toBeLessThan(2e-4 * scale)
}

async function expectSame(change: Partial<TrainerOptions>, of?: Network) {
  const [small, ordinary] = [await trained('small', change, of), await trained('ordinary', change, of)]
  expect(Object.keys(small.variants)).toContain('smallNetwork')
  expect(Object.keys(ordinary.variants)).not.toContain('smallNetwork')
  expectClose(small.loss, ordinary.loss, 'loss')
  expect(small.accuracy).toEqual(ordinary.accuracy)
  small.numbers.forEach((numbers, i) => expectClose(numbers, ordinary.numbers[i]!, `tensor ${i}`))
}

const optimizers: Optimizer[] = [
  { type: 'sgd', learningRate: 0.1 },
  { type: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
  { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
  { type: 'adam', learningRate: 0.01 },
  { type: 'adamw', learningRate: 0.01, weightDecay: 0.01 },
  { type: 'rmsprop', learningRate: 0.003 },
  { type: 'adagrad', learningRate: 0.05 },
]
describe('one workgroup trains as the ordinary plan does: losses, parameters, gradients and what layers put out', () => {
  test.each(optimizers)('%o', (optimizer) => expectSame({ optimizer }))
  test.each(['mae', 'huber', 'crossEntropy'] as const)('%s', (loss) => expectSame({ loss }))
  test('binaryCrossEntropy', () => expectSame({ loss: 'binaryCrossEntropy' }, sequential([3], [dense(5), tanh(), dense(3), sigmoid()])))
  test('sigmoid', () => expectSame({}, sequential([3], [dense(5), sigmoid(), dense(3), sigmoid()])))
  test('clipped gradients', () => expectSame({ clipNorm: 0.05 }))
  test('samples in order', () => expectSame({ shuffle: false }))
  test('perturbed parameters', () => expectSame({ perturbation: 0.01 }))
  test('a schedule', () => expectSame({ schedule: { type: 'cosine', steps: 40 } as never }))
})

test('a network that is too large for a workgroup is refused where that was asked for, and trains otherwise', async () => {
  const wide = sequential([3], [dense(40), tanh(), dense(3)])
  await expect(engine.trainer(wide, samples('mse'), { ...options, plan: 'small' })).rejects.toThrow(
    'plan: this network does not train in one workgroup: it has 283 parameters, and a workgroup takes 128',
  )
  const { loss } = await trained('ordinary', {}, wide, 5)
  expect(loss).toHaveLength(5)
})

describe('sweep', () => {
  const variations = [{ seed: 1 }, { seed: 2, learningRate: 0.02 }, { optimizer: adam({ learningRate: 0.01 }) }, {}, { seed: 9 }]

  test('every network’s losses are those of training it alone', async () => {
    const results = await engine.sweep(network, samples('crossEntropy'), variations, { ...options, loss: 'crossEntropy', steps: 30 })
    expect(results.map(({ variation }) => variation)).toEqual(variations)
    for (const { variation, loss } of results) {
      const { learningRate, ...other } = { learningRate: 0.1, ...variation }
      const optimizer = 'optimizer' in other ? other.optimizer : sgd({ learningRate })
      const alone = await trained('small', { loss: 'crossEntropy', ...other, optimizer } as Partial<TrainerOptions>, network, 30)
      expectClose(loss, alone.loss, JSON.stringify(variation))
    }
    expect(new Set(results.map(({ loss }) => loss[5])).size).toBe(5)
  })

  test('of many networks every loss comes back, also in more steps than one readback holds', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ learningRate: 0.001 * (i + 1) }))
    const heard: number[] = []
    const results = await engine.sweep(
      sequential([3], [dense(1)]),
      { ...samples('mse'), outputs: 1, train: { count, x: noise(count * 3, 1), y: noise(count, 9) } },
      many,
      {
        ...options,
        batchSize: 4,
        steps: 900,
        onProgress: (done) => heard.push(done),
      },
    )
    expect(results).toHaveLength(300)
    for (const { loss } of results) expect(loss.every((value) => value > 0)).toBe(true)
    expect(heard.at(-1)).toBe(1)
  })

  test('bad calls are refused by name', async () => {
    const calls: [Promise<unknown>, string][] = [
      [
        engine.sweep(sequential([3], [dense(40), dense(3)]), samples('mse'), [{}], { ...options, steps: 1 }),
        'sweep: this network does not train in one workgroup: it has 283',
      ],
      [engine.sweep(network, samples('mse'), [{}], { ...options }), 'neither steps nor epochs is given'],
      [engine.sweep(network, samples('mse'), [], { ...options, steps: 3 }), 'sweep: no variation'],
      [engine.sweep(network, samples('mse'), [{}, { learningRate: -1 }], { ...options, steps: 3 }), 'variations[1]'],
      [engine.sweep(network, samples('mse'), [{ lr: 1 } as Variation], { ...options, steps: 3 }), 'variations[0]: lr does not vary'],
      [engine.sweep(network, samples('mse'), [{}], { ...options, steps: 2.5 }), 'steps is 2.5, expected a whole number'],
      [engine.sweep(network, samples('mse'), [{}], { ...options, steps: 1e12 }), 'more losses than'],
    ]
    for (const [call, sentence] of calls) {
      const error = await call.then(
        () => undefined,
        (caught: unknown) => caught,
      )
      expect(error).toBeInstanceOf(InputError)
      expect((error as Error).message).toContain(sentence)
    }
  })
})
