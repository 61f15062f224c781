/** Networks with which nothing is wrong: the small presets, and one of each kind of layer, loss and optimizer. */
import type { Dataset } from '../../src/data/types.ts'
import { loadPreset } from '../../src/data/presets.ts'
import type { DataSource } from '../../src/data/source.ts'
import type { Layer, LossName, ModelFile, Optimizer } from '../../src/model/types.ts'
import { bars, clouds, figure, waves } from './data.ts'
import { adam, glorot, he, layersOf, modelOf, sgd, times, type HealthyCase, type Shape } from './network.ts'

type Part = Partial<Omit<Shape, 'input' | 'outputs'>> & {
  layers?: Layer[]
  optimizer?: Optimizer
  batchSize?: number
  steps?: number
  more?: Partial<ModelFile>
}

const [circle, moons, xor, gaussians, cloud, wave, bar] = [
  figure('circle', 11),
  figure('moons', 12),
  figure('xor', 13),
  figure('gaussians', 14),
  clouds({ seed: 11, samples: 1200 }),
  waves(12),
  bars(13),
]

function made(
  name: string,
  data: Dataset,
  loss: LossName,
  { layers, optimizer = adam(), batchSize = 32, steps = 400, more = {}, ...shape }: Part,
): HealthyCase {
  const end: Layer[] = loss === 'binaryCrossEntropy' ? [{ type: 'sigmoid' }] : []
  const list = layers ?? layersOf({ hidden: [16, 16], activation: 'relu', outputs: data.outputs, end, ...shape })
  return { name, data, steps, model: modelOf(data, list, { loss, optimizer, batchSize, ...more }) }
}

const conv = (filters: number, more: object = {}): Layer => ({ type: 'conv2d', filters, kernel: 3, padding: 1, ...more })
const block = (units: number, inner: Layer[]): Layer => ({
  type: 'residual',
  layers: [{ type: 'dense', units, initializer: glorot }, ...inner, { type: 'dense', units, initializer: glorot }],
})
const repeated = (count: number, of: () => Layer[]): Layer[] => Array.from({ length: count }, of).flat()
const [bce, ce] = ['binaryCrossEntropy', 'crossEntropy'] as const
const end: Layer[] = [{ type: 'dense', units: 1 }, { type: 'sigmoid' }]

const written: readonly HealthyCase[] = [
  made('two layers of ReLU, SGD', cloud, ce, { optimizer: sgd(0.1) }),
  made('two layers of tanh, momentum', moons, bce, { activation: 'tanh', optimizer: sgd(0.05, 0.9) }),
  made('Nesterov', gaussians, bce, { optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true } }),
  made('RMSprop', cloud, ce, { activation: 'silu', optimizer: { type: 'rmsprop', learningRate: 0.003 } }),
  made('Adagrad', wave, 'mse', { activation: 'tanh', optimizer: { type: 'adagrad', learningRate: 0.05 } }),
  made('AdamW with decay', circle, bce, { activation: 'gelu', optimizer: { type: 'adamw', learningRate: 0.01, weightDecay: 0.01 } }),
  made('one sigmoid layer', xor, bce, { hidden: [16], activation: 'sigmoid', optimizer: adam(0.03) }),
  made('three sigmoid layers', gaussians, bce, { hidden: [16, 16, 16], activation: 'sigmoid', initializer: glorot }),
  made('ReLU six deep with He', circle, bce, { hidden: times(6, 16), initializer: he, optimizer: adam(0.003) }),
  made('tanh six deep with Glorot', moons, bce, { hidden: times(6, 16), activation: 'tanh', initializer: glorot, optimizer: adam(0.003) }),
  made('ELU ten deep with LeCun', cloud, ce, {
    hidden: times(10, 16),
    activation: 'elu',
    initializer: { type: 'lecunNormal' },
    optimizer: adam(0.002),
  }),
  made('sigmoids eight deep with batch norm', circle, bce, { hidden: times(8, 16), activation: 'sigmoid', norm: 'batchNorm' }),
  made('ReLU ten deep with batch norm', cloud, ce, { hidden: times(10, 16), norm: 'batchNorm' }),
  made('ReLU eight deep with layer norm', moons, bce, { hidden: times(8, 16), norm: 'layerNorm', optimizer: adam(0.003) }),
  made('residual blocks of sigmoids', circle, bce, {
    layers: [
      { type: 'dense', units: 16, initializer: glorot },
      { type: 'sigmoid' },
      ...repeated(6, () => [block(16, [{ type: 'sigmoid' }])]),
      ...end,
    ],
    optimizer: adam(0.003),
  }),
  made('residual blocks with batch norm', cloud, ce, {
    layers: [
      { type: 'dense', units: 24 },
      ...repeated(6, () => [
        { type: 'residual', layers: [{ type: 'batchNorm' }, { type: 'relu' }, { type: 'dense', units: 24 }] } as Layer,
      ]),
      { type: 'dense', units: 4 },
    ],
  }),
  made('concatenated branches', wave, 'mse', {
    layers: [
      {
        type: 'concat',
        branches: [
          [{ type: 'dense', units: 8 }, { type: 'tanh' }],
          [{ type: 'dense', units: 8 }, { type: 'relu' }],
        ],
      },
      { type: 'dense', units: 16 },
      { type: 'relu' },
      { type: 'dense', units: 1 },
    ],
  }),
  made('wide and sparse ReLU', cloud, ce, { hidden: [128, 128], initializer: he, optimizer: adam(0.002) }),
  made('narrow ReLU', gaussians, bce, { hidden: [4, 4] }),
  made('dropout of a third', cloud, ce, {
    layers: [
      { type: 'dense', units: 32 },
      { type: 'relu' },
      { type: 'dropout', rate: 0.33 },
      { type: 'dense', units: 32 },
      { type: 'relu' },
      { type: 'dense', units: 4 },
    ],
  }),
  made('convolutions and pooling', bar, ce, {
    steps: 150,
    layers: [
      conv(8),
      { type: 'relu' },
      { type: 'maxPool2d', size: 2 },
      conv(16),
      { type: 'relu' },
      { type: 'globalAvgPool2d' },
      { type: 'dense', units: 3 },
    ],
  }),
  made('convolutions with batch norm, momentum', bar, ce, {
    steps: 150,
    layers: [
      conv(8, { bias: false }),
      { type: 'batchNorm' },
      { type: 'relu' },
      conv(8, { bias: false }),
      { type: 'batchNorm' },
      { type: 'relu' },
      { type: 'flatten' },
      { type: 'dense', units: 3 },
    ],
    optimizer: sgd(0.05, 0.9),
  }),
  made('LeNet-like, tanh', bar, ce, {
    steps: 150,
    layers: [
      conv(6),
      { type: 'tanh' },
      { type: 'avgPool2d', size: 2 },
      { type: 'flatten' },
      { type: 'dense', units: 32 },
      { type: 'tanh' },
      { type: 'dense', units: 3 },
    ],
  }),
  made('Huber loss', wave, 'huber', { activation: 'softplus' }),
  made('mean absolute error', wave, 'mae', { activation: 'elu' }),
  made('leaky ReLU, whole data in a batch', moons, bce, { activation: 'leakyRelu', batchSize: 400, optimizer: adam(0.02), steps: 150 }),
  made('batches of eight', cloud, ce, { batchSize: 8, optimizer: adam(0.003) }),
  made('warm-up and cosine', wave, 'mse', {
    activation: 'tanh',
    more: { warmup: 40, schedule: { type: 'cosine', steps: 360 } },
    optimizer: adam(0.02),
  }),
  made('clipped gradients', cloud, ce, { more: { clipNorm: 0.5 }, optimizer: sgd(0.3) }),
  made('accumulated batches', gaussians, bce, { batchSize: 8, more: { accumulate: 4 } }),
  made('linear regression', wave, 'mse', { hidden: [], optimizer: sgd(0.05) }),
]

const figures = ['xor', 'circle', 'gaussians', 'spiral', 'moons', 'depth-comparison'] as const
const tables = ['iris', 'penguins'] as const
const noSource: DataSource = async (name) => {
  throw new Error(`no ${name} here`)
}

/** The small presets as they come, for a part of their epochs. */
const ofPresets = (names: readonly string[], source: DataSource): Promise<HealthyCase[]> =>
  Promise.all(
    names.map(async (name) => {
      const { model, dataset } = await loadPreset(name, source, 1)
      return { name: `preset ${name}`, model, data: dataset, steps: name === 'spiral' ? 1000 : 500 }
    }),
  )

/** With a source of the project's files those of the presets that are made of some, too. */
export const healthy = async (source?: DataSource): Promise<HealthyCase[]> => [
  ...(await ofPresets(figures, noSource)),
  ...(source ? await ofPresets(tables, source) : []),
  ...written,
]
