import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  batchNorm,
  conv2d,
  createEngine,
  dense,
  flatten,
  layerNorm,
  sequential,
  tanh,
  type Dataset,
  type Engine,
  type Network,
  type Optimizer,
} from '../../src/index.ts'
import { modelFormat } from '../../src/model/types.ts'
import { trainReference } from '../reference/train.ts'
import { expectClose } from './harness.ts'

export const count = 24
const [batchSize, steps] = [12, 10]
export const noise = (length: number, from: number) => Float32Array.from({ length }, (_, i) => Math.sin((i + from) * 12.9898) * 0.9)
// A bias before batchNorm would have no gradient but rounding, which most optimizers blow up.
const large = sequential([2, 4, 4], [conv2d(3, 3, { padding: 1, bias: false }), batchNorm(), tanh(), layerNorm(), flatten(), dense(2)])
export const small = sequential([3], [dense(4), tanh(), dense(5), tanh(), dense(2)])

const optimizers: Optimizer[] = [
  { type: 'sgd', learningRate: 0.05, momentum: 0.9 },
  { type: 'adam', learningRate: 0.01 },
  { type: 'adamw', learningRate: 0.01 },
  { type: 'rmsprop', learningRate: 0.003 },
  { type: 'adagrad', learningRate: 0.02 },
]

/** Parameters after some steps on the GPU, and in float64. */
async function both(engine: Engine, network: Network, optimizer: Optimizer, plan: 'small' | 'ordinary') {
  const width = network.input.reduce((product, n) => product * n, 1)
  const x = noise(count * width, 1)
  const y = noise(count * 2, 500)
  const data: Dataset = { name: 'noise', inputShape: network.input, outputs: 2, train: { count, x, y } }
  const training = { loss: 'mse', optimizer, batchSize, seed: 3 } as const
  const trainer = await engine.trainer(network, data, { ...training, shuffle: false, plan })
  const read = async () =>
    Object.fromEntries(await Promise.all(trainer.parameterPaths.map(async (path) => [path, await trainer.parameter(path).read()] as const)))
  const initial = await read()
  for await (const _ of trainer.run({ steps }));
  const final = await read()
  trainer.destroy()
  const model = { format: modelFormat, ...network, ...training } as const
  const reference = trainReference(model, { samples: count, x: Float64Array.from(x), y: Float64Array.from(y) }, steps, initial)
  return { final, expected: reference.final }
}

const plans = [
  { of: 'a network with norms', network: large, plan: 'ordinary' },
  { of: 'a small network', network: small, plan: 'ordinary' },
  { of: 'a small network', network: small, plan: 'small' },
] as const
const cases = optimizers.flatMap((optimizer, i) =>
  plans.map((plan, j) => ({ ...plan, optimizer, name: optimizer.type, isKept: i % 3 === j })),
)

/** What `npm test` keeps: each optimizer once, in each plan some. */
export const ofEachKind = cases.filter(({ isKept }) => isKept)
export const others = cases.filter(({ isKept }) => !isKept)

export function testDecay(wanted: typeof cases): void {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine()
  })
  afterAll(() => engine.destroy())

  test.each(wanted)('weights alone decay, of $of, $plan plan: $name', async ({ network, plan, optimizer }) => {
    const decay = { ...optimizer, weightDecay: 0.2 }
    const spared = await both(engine, network, { ...decay, decayBiasAndNorm: false }, plan)
    for (const [path, expected] of Object.entries(spared.expected))
      expectClose(spared.final[path]!, expected, 2e-4, Math.max(...expected.map(Math.abs)), path)
    const all = await both(engine, network, decay, plan)
    const differs = (path: string) => Math.max(...all.expected[path]!.map((value, i) => Math.abs(value - spared.final[path]![i]!)))
    for (const path of Object.keys(spared.expected).filter((name) => name.endsWith('.weight')))
      expect(differs(path), path).toBeGreaterThan(1e-4)
  })
}
