/** What is wrong with the data, or with how they are dealt out. */
import type { Dataset } from '../../../src/data/types.ts'
import { clouds, first, shuffled, withInputs } from '../data.ts'
import { he, sgd } from '../network.ts'
import { bce, ce, circle, cloud, moons, wave, type Written } from './written.ts'

export const inData: Written[] = [
  {
    name: 'one feature a thousand times the others',
    kinds: 'unscaledInput',
    layers: 'input',
    within: 1,
    data: cloud,
    loss: ce,
    both: { activation: 'tanh', optimizer: sgd(0.1) },
    broken: { data: withInputs(cloud, (value, feature) => (feature === 2 ? 1000 * value : value)) },
  },
  {
    name: 'inputs in kelvin',
    kinds: 'unscaledInput',
    layers: 'input',
    within: 1,
    data: wave,
    loss: 'mse',
    both: { activation: 'relu', initializer: he, optimizer: sgd(0.03) },
    broken: { data: withInputs(wave, (value) => 293 + 5 * value) },
  },
  {
    name: 'inputs of a ten-thousandth',
    kinds: 'unscaledInput',
    layers: 'input',
    within: 1,
    data: cloud,
    loss: ce,
    both: { activation: 'tanh', optimizer: sgd(0.3) },
    broken: { data: withInputs(cloud, (value) => 1e-4 * value) },
  },
  {
    name: 'shuffled labels',
    kinds: ['baseline', 'stalled', 'overfitting'],
    within: 400,
    data: clouds({ samples: 1600, seed: 3 }),
    loss: ce,
    both: { hidden: [8], activation: 'tanh' },
    broken: { data: shuffled(clouds({ samples: 1600, seed: 3 })) },
  },
  {
    name: 'targets that have nothing to do with the inputs',
    kinds: ['baseline', 'stalled', 'overfitting'],
    within: 400,
    data: wave,
    loss: 'mse',
    both: { hidden: [4], activation: 'tanh' },
    broken: { data: shuffled(wave) },
  },
  {
    name: 'one class in thirty of a fourth',
    kinds: 'imbalance',
    within: 300,
    data: clouds({ seed: 2 }),
    loss: ce,
    both: { hidden: [8], activation: 'tanh', optimizer: sgd(0.02) },
    broken: { data: clouds({ seed: 2, counts: [30, 30, 30, 1] }) },
  },
  {
    name: 'forty samples of thirty features',
    kinds: 'overfitting',
    within: 400,
    data: clouds({ features: 30, spread: 1.6, seed: 4, samples: 1200 }),
    loss: ce,
    both: { hidden: [64, 64], activation: 'relu' },
    broken: { data: first(shuffledOrder(clouds({ features: 30, spread: 1.6, seed: 4, samples: 1200 })), 40) },
    twin: { data: shuffledOrder(clouds({ features: 30, spread: 1.6, seed: 4, samples: 1200 })) },
    judgedBy: 'test',
  },
  {
    name: 'batches of one',
    kinds: ['noisyBatch', 'oscillating'],
    within: 300,
    data: circle,
    loss: bce,
    both: { activation: 'tanh', optimizer: sgd(0.5) },
    broken: { batchSize: 1 },
    twin: { batchSize: 32 },
  },
  {
    name: 'batches of two',
    kinds: ['noisyBatch', 'oscillating'],
    within: 300,
    data: moons,
    loss: bce,
    both: { activation: 'relu', initializer: he, optimizer: sgd(0.5) },
    broken: { batchSize: 2 },
    twin: { batchSize: 32 },
  },
]

/** Samples in an order that mixes the classes. */
function shuffledOrder(dataset: Dataset): Dataset {
  const { count, x, y } = dataset.train
  const size = x.length / count
  const step = 401 // coprime to the counts here
  const order = Array.from({ length: count }, (_, i) => (i * step) % count)
  const mixed = new Float32Array(x.length)
  order.forEach((from, to) => mixed.set(x.subarray(from * size, (from + 1) * size), to * size))
  return { ...dataset, train: { count, x: mixed, y: Int32Array.from(order, (from) => y[from]!) } }
}
