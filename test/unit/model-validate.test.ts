import { describe, expect, test } from 'vitest'
import { parseModel, parseModelText } from '../../src/model/validate.ts'
import { refusal, refused, valid, withLayers } from './model-refusal.ts'

describe('parseModel accepts', () => {
  test('a model, unchanged and copied', () => {
    const parsed = parseModel(valid, 'm.json')
    expect(parsed).toEqual(valid)
    expect(parsed.layers).not.toBe(valid.layers)
  })

  test('every layer, initializer, optimizer and schedule with all settings', () => {
    const initializers = [
      ...['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'lecunNormal'].map((type) => ({ type })),
      { type: 'uniform', minimum: -1, maximum: 1 },
      { type: 'normal', deviation: 0 },
    ]
    const layers = [
      { type: 'flatten' },
      ...initializers.map((initializer) => ({ type: 'dense', units: 4, bias: false, initializer })),
      ...['relu', 'gelu', 'silu', 'tanh', 'sigmoid', 'softplus', 'leakyRelu', 'elu'].map((type) => ({ type })),
      { type: 'leakyRelu', slope: 0.2 },
      { type: 'elu', alpha: 0.5 },
      { type: 'batchNorm', eps: 1e-3, momentum: 1 },
      { type: 'layerNorm', eps: 1e-3 },
      { type: 'dropout', rate: 0 },
      { type: 'residual', layers: [{ type: 'dense', units: 4 }] },
      { type: 'residual', layers: [{ type: 'dense', units: 5 }], shortcut: [{ type: 'dense', units: 5 }] },
      { type: 'concat', branches: [[], [{ type: 'tanh' }]] },
    ]
    for (const [optimizer, schedule] of [
      [
        { type: 'sgd', learningRate: 1, weightDecay: 0.1, momentum: 0.9, nesterov: true },
        { type: 'step', every: 3, factor: 0.5 },
      ],
      [
        { type: 'adam', learningRate: 1, beta1: 0, beta2: 0.5, eps: 1e-3 },
        { type: 'exponential', factor: 0.9 },
      ],
      [
        { type: 'adamw', learningRate: 1, weightDecay: 0.1 },
        { type: 'cosine', steps: 5, minimum: 0 },
      ],
      [
        { type: 'rmsprop', learningRate: 1, decay: 0.9 },
        { type: 'cosine', steps: 5 },
      ],
      [
        { type: 'adagrad', learningRate: 1, eps: 1 },
        { type: 'step', every: 1, factor: 2 },
      ],
    ]) {
      const model = { ...valid, input: [1, 2, 2], layers, optimizer, schedule, clipNorm: 2, seed: 2 ** 53 }
      expect(parseModel(model, 'm.json')).toEqual(model)
    }
  })

  test('a golden, of which it keeps the model alone, with seed 1', () => {
    const { seed: _, ...golden } = { ...valid, format: 'gradscope-golden/1', samples: 16, steps: 3, tolerance: {}, uniform: true }
    expect(parseModel(golden, 'g.json')).toEqual(valid)
  })

  test('undefined as absent', () => expect(parseModel({ ...valid, clipNorm: undefined }, 'm.json')).toEqual(valid))

  test('sigmoids under binaryCrossEntropy, also at the ends of branches', () => {
    const sigmoid = { type: 'sigmoid' }
    const dense = { type: 'dense', units: 1 }
    for (const layers of [
      [dense, sigmoid],
      [dense, sigmoid, { type: 'flatten' }],
      [dense, { type: 'concat', branches: [[sigmoid], [dense, sigmoid]] }],
    ]) {
      expect(parseModel({ ...valid, layers, loss: 'binaryCrossEntropy' }, 'm.json').layers).toEqual(layers)
    }
  })
})

describe('parseModel refuses', () => {
  test.each<[string, unknown, string]>([
    ['no object', [1], 'm.json: the model is [1], expected an object'],
    ['null', null, 'm.json: the model is null, expected an object'],
    [
      'another format',
      { ...valid, format: 'other/2' },
      'm.json: format is "other/2", expected one of gradscope-model/1, gradscope-golden/1',
    ],
    ['a missing key', { ...valid, batchSize: undefined }, 'm.json: batchSize is missing, expected a positive integer'],
    ['a golden key in a model', { ...valid, steps: 3 }, 'm.json: unknown key "steps", expected one of format, input, layers, loss'],
    ['an unknown layer', withLayers({ type: 'conv3d', filters: 3 }), 'm.json: unknown layer conv3d at layers.0, expected one of dense,'],
    ['an inherited name as layer', withLayers({ type: 'toString' }), 'm.json: unknown layer toString at layers.0'],
    ['a layer without type', withLayers({ units: 3 }), 'm.json: layer without a type at layers.0'],
    ['a layer that is no object', withLayers('dense'), 'm.json: layers.0 is "dense", expected an object'],
    [
      'an unknown layer in a container',
      withLayers({ type: 'residual', layers: [], shortcut: [{ type: 'tanh' }, { type: 'attention' }] }),
      'm.json: unknown layer attention at layers.0.shortcut.1',
    ],
    [
      'an unknown key of a layer',
      withLayers({ type: 'dense', units: 3, unit: 3 }),
      'm.json: unknown key "unit" at layers.0, expected one of units, bias, initializer',
    ],
    ['units 0', withLayers({ type: 'dense', units: 0 }), 'm.json: layers.0.units is 0, expected a positive integer'],
    ['units as text', withLayers({ type: 'dense', units: '3' }), 'm.json: layers.0.units is "3", expected a positive integer'],
    ['units missing', withLayers({ type: 'dense' }), 'm.json: layers.0.units is missing, expected a positive integer'],
    ['bias as number', withLayers({ type: 'dense', units: 3, bias: 1 }), 'm.json: layers.0.bias is 1, expected true or false'],
    [
      'an unknown initializer',
      withLayers({ type: 'dense', units: 3, initializer: { type: 'ones' } }),
      'm.json: unknown initializer ones at layers.0.initializer, expected one of glorotUniform',
    ],
    [
      'an empty range',
      withLayers({ type: 'dense', units: 3, initializer: { type: 'uniform', minimum: 1, maximum: 0 } }),
      'm.json: layers.0.initializer.minimum is 1, expected at most the maximum 0',
    ],
    ['dropout of all', withLayers({ type: 'dropout', rate: 1 }), 'm.json: layers.0.rate is 1, expected a number from 0 to below 1'],
    ['eps 0', withLayers({ type: 'layerNorm', eps: 0 }), 'm.json: layers.0.eps is 0, expected a positive number'],
    [
      'batchNorm momentum above 1',
      withLayers({ type: 'batchNorm', momentum: 1.5 }),
      'm.json: layers.0.momentum is 1.5, expected a number from 0 to 1',
    ],
    [
      'branches that are no lists',
      withLayers({ type: 'concat', branches: [3] }),
      'm.json: layers.0.branches.0 is 3, expected a list of layers',
    ],
    ['no branches', withLayers({ type: 'concat', branches: [] }), 'm.json: concat at layers.0 has no branches, expected at least one'],
    ['a two-dimensional input', { ...valid, input: [2, 2] }, 'm.json: input is [2,2], expected [features] or [channels, height, width]'],
    ['an input of 0', { ...valid, input: [0] }, 'm.json: input.0 is 0, expected a positive integer'],
    ['no parameters', withLayers({ type: 'tanh' }), 'm.json: layers hold no parameters, so there is nothing to train'],
    [
      'an unknown loss',
      { ...valid, loss: 'hinge' },
      'm.json: loss is "hinge", expected one of crossEntropy, binaryCrossEntropy, mse, mae, huber',
    ],
    [
      'a learning rate as text',
      { ...valid, optimizer: { type: 'sgd', learningRate: 'fast' } },
      'm.json: optimizer.learningRate is "fast", expected a positive number',
    ],
    [
      'a learning rate that is NaN',
      { ...valid, optimizer: { type: 'sgd', learningRate: NaN } },
      'm.json: optimizer.learningRate is NaN, expected a positive number',
    ],
    [
      'a learning rate beyond float32',
      { ...valid, optimizer: { type: 'sgd', learningRate: 1e40 } },
      'm.json: optimizer.learningRate is 1e+40, expected a positive number',
    ],
    [
      'an unknown optimizer',
      { ...valid, optimizer: { type: 'lion', learningRate: 1 } },
      'm.json: unknown optimizer lion at optimizer, expected one of sgd, adam, adamw, rmsprop, adagrad',
    ],
    [
      "another optimizer's key",
      { ...valid, optimizer: { type: 'adam', learningRate: 1, momentum: 0.9 } },
      'm.json: unknown key "momentum" at optimizer, expected one of learningRate, weightDecay, decayBiasAndNorm, beta1, beta2, eps',
    ],
    [
      'momentum 1',
      { ...valid, optimizer: { type: 'sgd', learningRate: 1, momentum: 1 } },
      'm.json: optimizer.momentum is 1, expected a number from 0 to below 1',
    ],
    [
      'nesterov without momentum',
      { ...valid, optimizer: { type: 'sgd', learningRate: 1, nesterov: true } },
      'm.json: optimizer.nesterov needs a momentum above 0, found none',
    ],
    [
      'a schedule of half steps',
      { ...valid, schedule: { type: 'cosine', steps: 1.5 } },
      'm.json: schedule.steps is 1.5, expected a positive integer',
    ],
    ['clipNorm 0', { ...valid, clipNorm: 0 }, 'm.json: clipNorm is 0, expected a positive number'],
    ['a negative batch', { ...valid, batchSize: -1 }, 'm.json: batchSize is -1, expected a positive integer'],
    ['a seed beyond 2^53', { ...valid, seed: 2 ** 54 }, 'm.json: seed is 18014398509481984, expected an integer from 0 to 2^53'],
    ['a dense layer on an image', { ...valid, input: [1, 2, 2] }, 'm.json: dense at layers.0 takes [features], found [1, 2, 2]'],
    [
      'a residual of two shapes',
      withLayers({ type: 'residual', layers: [{ type: 'dense', units: 3 }] }),
      'm.json: residual at layers.0 adds two shapes that differ: its layers give [3], its shortcut [4]',
    ],
    [
      'batchNorm of one value',
      { ...withLayers({ type: 'dense', units: 3 }, { type: 'batchNorm' }), batchSize: 1 },
      'm.json: batchNorm at layers.1 would see one value per channel at batchSize 1, expected a batchSize of at least 2',
    ],
    [
      'augmentation of what is no image',
      { ...valid, augmentation: { shift: 2 } },
      'm.json: augmentation moves images, but the input is [4], expected [channels, height, width]',
    ],
    [
      'a motion that nobody knows',
      { ...valid, augmentation: { rotate: 2 } },
      'm.json: unknown key "rotate" at augmentation, expected one of shift, flip',
    ],
    ['a warm-up that is no number of steps', { ...valid, warmup: 1.5 }, 'm.json: warmup is 1.5, expected an integer of at least 0'],
    ['steps of too many batches', { ...valid, accumulate: 2000 }, 'm.json: accumulate is 2000, expected an integer from 1 to 1024'],
    [
      'a plateau without patience',
      { ...valid, schedule: { type: 'plateau', factor: 0.5 } },
      'm.json: schedule.patience is missing, expected an integer of at least 0',
    ],
    [
      'binaryCrossEntropy without sigmoid',
      { ...valid, loss: 'binaryCrossEntropy' },
      'm.json: binaryCrossEntropy takes probabilities, but the output comes from dense at layers.2, expected sigmoid',
    ],
    [
      'dropout behind the sigmoid',
      { ...withLayers({ type: 'dense', units: 1 }, { type: 'sigmoid' }, { type: 'dropout', rate: 0.1 }), loss: 'binaryCrossEntropy' },
      'm.json: binaryCrossEntropy takes probabilities, but the output comes from dropout at layers.2, expected sigmoid',
    ],
  ])('%s', (_, json, message) => {
    expect(refused(json).slice(0, message.length)).toBe(message)
  })

  test('layers nested without end', () => {
    let layers: unknown[] = []
    for (let depth = 0; depth < 5000; depth++) layers = [{ type: 'residual', layers }]
    expect(refused({ ...valid, layers })).toBe('m.json: layers nest deeper than 32 containers')
  })

  test('long values in short', () => expect(refused({ ...valid, loss: 'x'.repeat(1000) }).length).toBeLessThan(200))

  test('a text that is not JSON', () => {
    expect(refusal(() => parseModelText('{"a":', 'm.json'))).toMatch(/^m\.json is not JSON: /)
    expect(parseModelText(JSON.stringify(valid), 'm.json')).toEqual(valid)
  })

  test('batchNorm of one sample but many pixels is fine', () => {
    const model = {
      ...valid,
      input: [2, 3, 3],
      layers: [{ type: 'batchNorm' }, { type: 'flatten' }, { type: 'dense', units: 2 }],
      batchSize: 1,
    }
    expect(parseModel(model, 'm.json')).toEqual(model)
  })
})
