import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Dataset } from '../../src/data/types.ts'
import {
  adagrad,
  adam,
  adamw,
  createEngine,
  dense,
  relu,
  rmsprop,
  sequential,
  sgd,
  sigmoid,
  tanh,
  type Engine,
  type LossName,
  type Network,
  type TrainerOptions,
} from '../../src/index.ts'

export const count = 70
/** Random numbers without a pattern, the same in every run. */
export const noise = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
/** 70 samples of 3 numbers: the last batch of 16 is short. */
export function samples(loss: LossName): Dataset {
  const x = noise(count * 3, 1)
  const y =
    loss === 'crossEntropy'
      ? Int32Array.from({ length: count }, (_, i) => (x[3 * i]! > 0 ? 1 : 0) + (x[3 * i + 1]! > 0.5 ? 1 : 0))
      : noise(count * 3, 500).map((value) => (loss === 'binaryCrossEntropy' ? Number(value > 0) : value))
  return { name: 'noise', inputShape: [3], outputs: 3, train: { count, x, y } }
}
export const network = sequential([3], [dense(6), tanh(), dense(4), relu(), dense(3)])
export const options = { loss: 'mse', optimizer: sgd({ learningRate: 0.1 }), batchSize: 16, seed: 3 } satisfies TrainerOptions

/** Losses of each step, then parameters, gradients and what the layers put out, after `steps`. */
export async function trained(
  engine: Engine,
  plan: 'small' | 'ordinary',
  change: Partial<TrainerOptions>,
  of: Network = network,
  steps = 43,
) {
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

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) {
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs))
  expect(actual.length, what).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!), `${what} ${i}`).toBeLessThan(2e-4 * scale)
}

async function expectSame(engine: Engine, { of, ...change }: Partial<TrainerOptions> & { of?: Network }) {
  const [small, ordinary] = [await trained(engine, 'small', change, of), await trained(engine, 'ordinary', change, of)]
  expect(Object.keys(small.variants)).toContain('smallNetwork')
  expect(Object.keys(ordinary.variants)).not.toContain('smallNetwork')
  expectClose(small.loss, ordinary.loss, 'loss')
  expect(small.accuracy).toEqual(ordinary.accuracy)
  small.numbers.forEach((numbers, i) => expectClose(numbers, ordinary.numbers[i]!, `tensor ${i}`))
}

const runs: Record<string, Partial<TrainerOptions> & { of?: Network }> = {
  sgd: { optimizer: sgd({ learningRate: 0.1 }) },
  'sgd with momentum': { optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 }) },
  'sgd, Nesterov': { optimizer: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }) },
  adam: { optimizer: adam({ learningRate: 0.01 }) },
  adamw: { optimizer: adamw({ learningRate: 0.01, weightDecay: 0.01 }) },
  rmsprop: { optimizer: rmsprop({ learningRate: 0.003 }) },
  adagrad: { optimizer: adagrad({ learningRate: 0.05 }) },
  mae: { loss: 'mae' },
  huber: { loss: 'huber' },
  crossEntropy: { loss: 'crossEntropy' },
  binaryCrossEntropy: { loss: 'binaryCrossEntropy', of: sequential([3], [dense(5), tanh(), dense(3), sigmoid()]) },
  sigmoid: { of: sequential([3], [dense(5), sigmoid(), dense(3), sigmoid()]) },
  'clipped gradients': { clipNorm: 0.05 },
  'samples in order': { shuffle: false },
  'perturbed parameters': { perturbation: 0.01 },
  'a schedule': { schedule: { type: 'cosine', steps: 40 } },
}
/** What `npm test` keeps: an optimizer with one moment and one with two, losses of classes, and all that is not a repeat. */
export const ofEachKind = ['adamw', 'crossEntropy', 'binaryCrossEntropy', 'clipped gradients', 'perturbed parameters']
export const others = Object.keys(runs).filter((name) => !ofEachKind.includes(name))

export function testSame(names: readonly string[]): void {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine()
  })
  afterAll(() => engine.destroy())

  test.each(names)('one workgroup trains as the ordinary plan does: losses, parameters, gradients and what layers put out: %s', (name) =>
    expectSame(engine, runs[name]!),
  )
}
