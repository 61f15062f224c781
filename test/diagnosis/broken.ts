/** Networks that are each broken on purpose in one way, beside their healthy twins. */
import type { Kind } from '../../src/answers/findings/finding.ts'
import type { Dataset } from '../../src/data/types.ts'
import type { Initializer, Layer, LossName, ModelFile, Optimizer } from '../../src/model/types.ts'
import { bars, clouds, figure, first, shuffled, waves, withInputs, withTargets } from './data.ts'
import { adam, glorot, he, layersOf, modelOf, normal, sgd, times, uniform, type BrokenCase, type Shape } from './network.ts'

type Part = Partial<Omit<Shape, 'input' | 'outputs'>> & {
  data?: Dataset
  layers?: Layer[]
  optimizer?: Optimizer
  batchSize?: number
  more?: Partial<ModelFile>
}

interface Written {
  name: string
  kinds: Kind | readonly Kind[]
  layers?: readonly string[] | string
  within?: number
  steps?: number
  data: Dataset
  loss: LossName
  /** What twin and broken network share, and what each has for itself. */
  both?: Part
  broken: Part
  twin?: Part
  judgedBy?: 'train' | 'test'
}

const sigmoidEnd: Layer[] = [{ type: 'sigmoid' }]

function made({
  name,
  kinds,
  layers,
  within = 100,
  steps = 400,
  data,
  loss,
  both = {},
  broken,
  twin = {},
  judgedBy = 'train',
}: Written): BrokenCase {
  const trained = (own: Part) => {
    const { data: from = data, layers: whole, optimizer = adam(), batchSize = 32, more = {}, ...shape } = { ...both, ...own }
    const end = loss === 'binaryCrossEntropy' ? sigmoidEnd : []
    const list = whole ?? layersOf({ hidden: [16, 16], activation: 'relu', outputs: from.outputs, end, ...shape })
    return { data: from, model: modelOf(from, list, { loss, optimizer, batchSize, ...more }) }
  }
  return {
    name,
    kinds: typeof kinds === 'string' ? [kinds] : kinds,
    layers: layers === undefined ? null : typeof layers === 'string' ? [layers] : layers,
    within,
    steps,
    ...trained(broken),
    twin: trained(twin),
    judgedBy,
  }
}

const [circle, moons, cloud, wave, bar] = [figure('circle'), figure('moons'), clouds(), waves(), bars()]
const conv = (filters: number, more: object = {}): Layer => ({ type: 'conv2d', filters, kernel: 3, padding: 1, ...more })
const repeated = (count: number, block: () => Layer[]): Layer[] => Array.from({ length: count }, block).flat()
const block = (units: number, initializer: Initializer): Layer => ({
  type: 'residual',
  layers: [{ type: 'dense', units, initializer }, { type: 'relu' }, { type: 'dense', units, initializer }],
})
const bce = 'binaryCrossEntropy' as const
const ce = 'crossEntropy' as const

const vanishing: Written[] = [
  {
    name: 'sigmoids nine deep',
    kinds: 'vanishing',
    layers: 'layers.0',
    data: circle,
    loss: bce,
    both: { hidden: times(9, 16) },
    broken: { activation: 'sigmoid', initializer: glorot },
    twin: { activation: 'relu', initializer: he },
  },
  {
    name: 'tanh with first weights of 0.02',
    kinds: 'vanishing',
    layers: 'layers.0',
    data: cloud,
    loss: ce,
    both: { hidden: times(6, 16), activation: 'tanh', optimizer: sgd(0.1, 0.9) },
    broken: { initializer: normal(0.02) },
    twin: { initializer: glorot },
  },
  {
    name: "ReLU fourteen deep with PyTorch's first weights",
    kinds: 'vanishing',
    layers: 'layers.0',
    within: 200,
    data: moons,
    loss: bce,
    both: { hidden: times(14, 16), activation: 'relu', optimizer: sgd(0.05, 0.9) },
    broken: {},
    twin: { initializer: he },
  },
  {
    name: 'ReLU with first weights of 0.02',
    kinds: 'vanishing',
    layers: 'layers.0',
    data: wave,
    loss: 'mse',
    both: { hidden: times(5, 16), activation: 'relu', optimizer: sgd(0.02, 0.9) },
    broken: { initializer: normal(0.02) },
    twin: { initializer: he },
  },
  {
    name: 'convolutions with sigmoids',
    kinds: 'vanishing',
    layers: 'layers.0',
    data: bar,
    loss: ce,
    broken: { layers: [...repeated(6, () => [conv(6), { type: 'sigmoid' }]), { type: 'globalAvgPool2d' }, { type: 'dense', units: 3 }] },
    twin: {
      layers: [
        ...repeated(6, () => [conv(6, { initializer: he }), { type: 'relu' }]),
        { type: 'globalAvgPool2d' },
        { type: 'dense', units: 3 },
      ],
    },
  },
  {
    name: 'tanh saturated by large weights at each layer',
    kinds: ['vanishing', 'saturated', 'exploding'],
    layers: ['layers.0', 'layers.2', 'layers.4', 'layers.6', 'layers.8'],
    data: cloud,
    loss: ce,
    both: { hidden: times(5, 16), activation: 'tanh' },
    broken: { initializer: normal(2) },
    twin: { initializer: glorot },
  },
]

const exploding: Written[] = [
  {
    name: 'ReLU with first weights of 1',
    kinds: 'exploding',
    layers: 'layers.0',
    data: circle,
    loss: bce,
    both: { hidden: times(6, 32), activation: 'relu', optimizer: sgd(0.05) },
    broken: { initializer: normal(1) },
    twin: { initializer: he },
  },
  {
    name: 'all first weights between 0 and 1',
    kinds: 'exploding',
    layers: 'layers.0',
    data: wave,
    loss: 'mse',
    both: { hidden: times(5, 16), activation: 'relu' },
    broken: { initializer: uniform(0, 1) },
    twin: { initializer: he },
  },
  {
    name: 'GELU with first weights of 0.8',
    kinds: 'exploding',
    layers: 'layers.0',
    data: cloud,
    loss: ce,
    both: { hidden: times(6, 24), activation: 'gelu', optimizer: sgd(0.05) },
    broken: { initializer: normal(0.8) },
    twin: { initializer: he },
  },
  {
    name: 'residual blocks without a norm and with large weights',
    kinds: 'exploding',
    layers: ['layers.0', 'layers.1.layers.0'],
    data: circle,
    loss: bce,
    both: { optimizer: sgd(0.02) },
    broken: {
      layers: [{ type: 'dense', units: 16 }, ...repeated(8, () => [block(16, normal(0.6))]), { type: 'dense', units: 1 }, ...sigmoidEnd],
    },
    twin: {
      layers: [{ type: 'dense', units: 16 }, ...repeated(8, () => [block(16, normal(0.1))]), { type: 'dense', units: 1 }, ...sigmoidEnd],
    },
  },
  {
    name: 'leaky ReLU with first weights of 0.9',
    kinds: 'exploding',
    layers: 'layers.0',
    data: moons,
    loss: bce,
    both: { hidden: times(7, 24), activation: 'leakyRelu' },
    broken: { initializer: normal(0.9) },
    twin: { initializer: he },
  },
  {
    name: 'a regression at a rate that blows it up',
    kinds: ['exploding', 'notFinite', 'diverged'],
    layers: ['layers.0', 'layers.2', 'layers.4'],
    data: wave,
    loss: 'mse',
    both: { hidden: [32, 32], activation: 'relu', initializer: he },
    broken: { optimizer: sgd(3) },
    twin: { optimizer: sgd(0.03) },
  },
]

const units: Written[] = [
  {
    name: 'negative first weights behind ReLU',
    kinds: 'dead',
    layers: 'layers.2',
    within: 200,
    data: circle,
    loss: bce,
    both: { hidden: [16, 16, 16], activation: 'relu' },
    broken: { initializer: uniform(-0.6, -0.05) },
    twin: { initializer: he },
  },
  {
    name: 'ReLU killed by its rate',
    kinds: ['dead', 'updateTooLarge', 'diverged', 'exploding'],
    layers: ['layers.0', 'layers.2', 'layers.4'],
    within: 200,
    data: cloud,
    loss: ce,
    both: { hidden: [24, 24], activation: 'relu', initializer: he },
    broken: { optimizer: sgd(8) },
    twin: { optimizer: sgd(0.1) },
  },
  {
    name: 'convolutions dead behind negative weights',
    kinds: 'dead',
    layers: 'layers.2',
    within: 200,
    data: bar,
    loss: ce,
    broken: {
      layers: [
        conv(8, { initializer: uniform(-0.3, -0.02) }),
        { type: 'relu' },
        conv(8, { initializer: uniform(-0.3, -0.02) }),
        { type: 'relu' },
        { type: 'globalAvgPool2d' },
        { type: 'dense', units: 3 },
      ],
    },
    twin: {
      layers: [
        conv(8, { initializer: he }),
        { type: 'relu' },
        conv(8, { initializer: he }),
        { type: 'relu' },
        { type: 'globalAvgPool2d' },
        { type: 'dense', units: 3 },
      ],
    },
  },
  {
    name: 'tanh with first weights of 5',
    kinds: 'saturated',
    layers: ['layers.0', 'layers.2'],
    data: cloud,
    loss: ce,
    both: { hidden: [16, 16], activation: 'tanh', optimizer: sgd(0.1) },
    broken: { initializer: normal(5) },
    twin: { initializer: glorot },
  },
  {
    name: 'sigmoids with all weights between 0 and 6',
    kinds: 'saturated',
    layers: ['layers.0', 'layers.2'],
    data: moons,
    loss: bce,
    both: { hidden: [12, 12], activation: 'sigmoid' },
    broken: { initializer: uniform(0, 6) },
    twin: { initializer: glorot },
  },
]

const rates: Written[] = [
  {
    name: 'SGD at 30',
    kinds: ['updateTooLarge', 'diverged', 'oscillating', 'exploding'],
    data: circle,
    loss: bce,
    both: { activation: 'tanh' },
    broken: { optimizer: sgd(30) },
    twin: { optimizer: sgd(0.3) },
  },
  {
    name: 'Adam at 1',
    kinds: ['updateTooLarge', 'diverged', 'oscillating'],
    data: cloud,
    loss: ce,
    both: { activation: 'tanh' },
    broken: { optimizer: adam(1) },
    twin: { optimizer: adam(0.01) },
  },
  {
    name: 'momentum of 0.99 at 1',
    kinds: ['updateTooLarge', 'diverged', 'oscillating', 'exploding', 'notFinite'],
    within: 150,
    data: wave,
    loss: 'mse',
    both: { activation: 'tanh' },
    broken: { optimizer: sgd(1, 0.99) },
    twin: { optimizer: sgd(0.02, 0.9) },
  },
  {
    name: 'RMSprop at 0.5',
    kinds: ['updateTooLarge', 'diverged', 'oscillating'],
    data: moons,
    loss: bce,
    broken: { optimizer: { type: 'rmsprop', learningRate: 0.5 } },
    twin: { optimizer: { type: 'rmsprop', learningRate: 0.005 } },
  },
  {
    name: 'SGD at a millionth',
    kinds: ['updateTooSmall', 'stalled'],
    data: cloud,
    loss: ce,
    broken: { optimizer: sgd(1e-6) },
    twin: { optimizer: sgd(0.1) },
  },
  {
    name: 'Adam at a millionth',
    kinds: ['updateTooSmall', 'stalled'],
    data: circle,
    loss: bce,
    both: { activation: 'tanh' },
    broken: { optimizer: adam(1e-6) },
    twin: { optimizer: adam(0.01) },
  },
  {
    name: 'Adagrad at a millionth',
    kinds: ['updateTooSmall', 'stalled'],
    within: 200,
    data: wave,
    loss: 'mse',
    both: { activation: 'tanh' },
    broken: { optimizer: { type: 'adagrad', learningRate: 1e-6 } },
    twin: { optimizer: { type: 'adagrad', learningRate: 0.05 } },
  },
]

const inData: Written[] = [
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

const inModel: Written[] = [
  {
    name: 'all weights zero at first',
    kinds: ['lint', 'dead', 'vanishing'],
    layers: ['layers.0'],
    within: 1,
    data: cloud,
    loss: ce,
    both: { activation: 'tanh' },
    broken: { initializer: normal(0) },
    twin: { initializer: glorot },
  },
  {
    name: 'two linear layers in a row',
    kinds: 'lint',
    layers: 'layers.1',
    within: 1,
    data: circle,
    loss: bce,
    broken: { layers: [{ type: 'dense', units: 16 }, { type: 'dense', units: 16 }, { type: 'dense', units: 1 }, ...sigmoidEnd] },
    twin: {
      layers: [
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dense', units: 1 },
        ...sigmoidEnd,
      ],
    },
  },
  {
    name: 'ReLU before the cross entropy',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: cloud,
    loss: ce,
    broken: { end: [{ type: 'relu' }] },
  },
  {
    name: 'sigmoid before the cross entropy',
    kinds: 'lint',
    layers: 'layers.4',
    within: 1,
    data: bar,
    loss: ce,
    broken: {
      layers: [{ type: 'flatten' }, { type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 3 }, { type: 'sigmoid' }],
    },
    twin: { layers: [{ type: 'flatten' }, { type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 3 }] },
  },
  {
    name: 'ReLU before the last sigmoid',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: moons,
    loss: bce,
    broken: { end: [{ type: 'relu' }, { type: 'sigmoid' }] },
  },
  {
    name: 'tanh before targets as large as three',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: withTargets(wave, (value) => 2 * value),
    loss: 'mse',
    broken: { end: [{ type: 'tanh' }] },
  },
  {
    name: 'dropout of nine tenths',
    kinds: 'lint',
    layers: 'layers.2',
    within: 1,
    data: cloud,
    loss: ce,
    broken: {
      layers: [
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dropout', rate: 0.9 },
        { type: 'dense', units: 16 },
        { type: 'relu' },
        { type: 'dropout', rate: 0.9 },
        { type: 'dense', units: 4 },
      ],
    },
    twin: {
      layers: [{ type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 16 }, { type: 'relu' }, { type: 'dense', units: 4 }],
    },
  },
  {
    name: 'a norm of a single value',
    kinds: 'lint',
    layers: 'layers.5',
    within: 1,
    data: circle,
    loss: bce,
    broken: { end: [{ type: 'layerNorm' }, { type: 'sigmoid' }] },
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

export const broken: readonly BrokenCase[] = [...vanishing, ...exploding, ...units, ...rates, ...inData, ...inModel].map(made)
