import { describe, expect, test } from 'vitest'
import { activationNames } from '../../src/model/catalogue/activations.ts'
import {
  activation,
  batchNorm,
  concat,
  dense,
  dropout,
  elu,
  flatten,
  gelu,
  layerNorm,
  leakyRelu,
  relu,
  residual,
  sequential,
  sigmoid,
  silu,
  softplus,
  tanh,
} from '../../src/model/layers.ts'
import { adagrad, adam, adamw, completeOptimizer, rmsprop, sgd } from '../../src/model/optimizers.ts'
import { learningRateAt } from '../../src/model/schedules.ts'
import { networkOutput, outputShape, parametersOf, placedLayers } from '../../src/model/shapes.ts'
import type { Initializer, Layer } from '../../src/model/types.ts'

describe('builders', () => {
  test('write layers as the model file has them', () => {
    expect(dense(5)).toEqual({ type: 'dense', units: 5 })
    expect(dense(5, { bias: false, initializer: { type: 'heNormal' } })).toEqual({
      type: 'dense',
      units: 5,
      bias: false,
      initializer: { type: 'heNormal' },
    })
    expect([leakyRelu(), leakyRelu(0.2), elu(2)]).toEqual([
      { type: 'leakyRelu' },
      { type: 'leakyRelu', slope: 0.2 },
      { type: 'elu', alpha: 2 },
    ])
    expect(batchNorm({ momentum: 0.2 })).toEqual({ type: 'batchNorm', momentum: 0.2 })
    expect(residual([relu()])).toEqual({ type: 'residual', layers: [{ type: 'relu' }] })
    expect(concat([[], [dropout(0.5)]])).toEqual({ type: 'concat', branches: [[], [{ type: 'dropout', rate: 0.5 }]] })
  })

  test('there is one for every activation, by its name', () => {
    expect(activationNames.map((name) => activation(name))).toEqual(activationNames.map((type) => ({ type })))
    for (const own of [relu(), leakyRelu(), elu(), gelu(), silu(), tanh(), sigmoid(), softplus()]) expect(own).toEqual(activation(own.type))
  })

  test('sequential refuses shapes that do not chain, by the path', () => {
    expect(sequential([10], [dense(5), tanh()])).toEqual({ input: [10], layers: [{ type: 'dense', units: 5 }, { type: 'tanh' }] })
    expect(() => sequential([10], [dense(5), residual([dense(4)])])).toThrow(
      'residual at layers.1 adds two shapes that differ: its layers give [4], its shortcut [5]',
    )
  })
})

describe('shapes', () => {
  test.each<[Layer, number[], number[]]>([
    [dense(5), [10], [5]],
    [flatten(), [3, 4, 5], [60]],
    [batchNorm(), [3, 4, 5], [3, 4, 5]],
    [dropout(0.1), [7], [7]],
    [residual([dense(4)], [dense(4)]), [9], [4]],
    [concat([[], [dense(2)], []]), [9], [20]],
    [concat([[], [relu()]]), [2, 4, 5], [4, 4, 5]],
  ])('%j on %j gives %j', (layer, input, output) => expect(outputShape(layer, input, 'layers.0')).toEqual(output))

  test.each<[Layer, number[], RegExp]>([
    [dense(5), [1, 2, 3], /^dense at layers\.0 takes \[features\], found \[1, 2, 3\]/],
    [concat([]), [4], /^concat at layers\.0 has no branches/],
    [concat([[], [flatten()]]), [2, 3, 4], /^concat at layers\.0 joins shapes that differ beyond the first dimension/],
    [residual([tanh(), concat([[dense(1)], [residual([dense(2)])]])]), [4], /^residual at layers\.0\.layers\.1\.branches\.1\.0 adds/],
  ])('%j on %j is refused', (layer, input, message) => expect(() => outputShape(layer, input, 'layers.0')).toThrow(message))

  const network = sequential(
    [6],
    [
      dense(4, { bias: false }),
      batchNorm(),
      residual([dense(8), layerNorm(), dropout(0.2)], [dense(8)]),
      concat([[], [dense(3), tanh()], [dropout(0.1)]]),
      dense(2),
    ],
  )

  test("parameters in PyTorch's order, names and shapes", () => {
    expect(parametersOf(network).map(({ path, shape, trainable }) => `${path} ${shape} ${trainable}`)).toEqual([
      'layers.0.weight 4,6 true',
      'layers.1.weight 4 true',
      'layers.1.bias 4 true',
      'layers.1.running_mean 4 false',
      'layers.1.running_var 4 false',
      'layers.2.layers.0.weight 8,4 true',
      'layers.2.layers.0.bias 8 true',
      'layers.2.layers.1.weight 8 true',
      'layers.2.layers.1.bias 8 true',
      'layers.2.shortcut.0.weight 8,4 true',
      'layers.2.shortcut.0.bias 8 true',
      'layers.3.branches.1.0.weight 3,8 true',
      'layers.3.branches.1.0.bias 3 true',
      'layers.4.weight 2,19 true',
      'layers.4.bias 2 true',
    ])
    expect(parametersOf(sequential([2, 3, 4], [layerNorm(), batchNorm()])).map(({ shape }) => shape)).toEqual([
      [2, 3, 4],
      [2, 3, 4],
      [2],
      [2],
      [2],
      [2],
    ])
  })

  test('placed layers know their input and output', () => {
    const placed = placedLayers(network)
    expect(placed.map(({ path }) => path)).toEqual([
      'layers.0',
      'layers.1',
      'layers.2.layers.0',
      'layers.2.layers.1',
      'layers.2.layers.2',
      'layers.2.shortcut.0',
      'layers.2',
      'layers.3.branches.1.0',
      'layers.3.branches.1.1',
      'layers.3.branches.2.0',
      'layers.3',
      'layers.4',
    ])
    expect(placed.find(({ path }) => path === 'layers.3')).toMatchObject({ input: [8], output: [19] })
    expect(networkOutput(network)).toEqual([2])
  })
})

const initialOf = (initializer?: Initializer) =>
  parametersOf(sequential([24], [dense(8, initializer ? { initializer } : {})])).map(({ initial }) => initial)
const uniform = (bound: number) => ({ kind: 'uniform', minimum: -bound, maximum: bound })
const roughly = (range: { minimum: number; maximum: number }) => ({
  minimum: expect.closeTo(range.minimum, 14),
  maximum: expect.closeTo(range.maximum, 14),
})

describe('initial values', () => {
  const zero = { kind: 'constant', value: 0 }

  test.each<[Initializer | undefined, object, object]>([
    [undefined, uniform(Math.sqrt(1 / 24)), uniform(Math.sqrt(1 / 24))],
    [{ type: 'glorotUniform' }, uniform(Math.sqrt(6 / 32)), zero],
    [{ type: 'glorotNormal' }, { kind: 'normal', deviation: 0.25 }, zero],
    [{ type: 'heUniform' }, uniform(0.5), zero],
    [{ type: 'heNormal' }, { kind: 'normal', deviation: Math.sqrt(2 / 24) }, zero],
    [{ type: 'lecunNormal' }, { kind: 'normal', deviation: Math.sqrt(1 / 24) }, zero],
    [
      { type: 'uniform', minimum: 0, maximum: 1 },
      { kind: 'uniform', minimum: 0, maximum: 1 },
      { kind: 'uniform', minimum: 0, maximum: 1 },
    ],
    [
      { type: 'normal', deviation: 0.1 },
      { kind: 'normal', deviation: 0.1 },
      { kind: 'normal', deviation: 0.1 },
    ],
  ])('of dense under %j', (initializer, weight, bias) => {
    const [first, second] = initialOf(initializer)
    expect(first).toEqual({ ...weight, ...('minimum' in weight && roughly(weight as { minimum: number; maximum: number })) })
    expect(second).toEqual({ ...bias, ...('minimum' in bias && roughly(bias as { minimum: number; maximum: number })) })
  })

  test('norms begin as the identity', () => {
    const initial = parametersOf(sequential([3], [batchNorm(), layerNorm()]))
    expect(initial.map(({ path, initial: recipe }) => `${path} ${recipe.kind === 'constant' ? recipe.value : recipe.kind}`)).toEqual([
      'layers.0.weight 1',
      'layers.0.bias 0',
      'layers.0.running_mean 0',
      'layers.0.running_var 1',
      'layers.1.weight 1',
      'layers.1.bias 0',
    ])
  })
})

describe('optimizers', () => {
  test("defaults are torch.optim's, weightDecay 0 for all", () => {
    const rate = { learningRate: 0.1 }
    expect(completeOptimizer(sgd(rate))).toEqual({
      type: 'sgd',
      learningRate: 0.1,
      weightDecay: 0,
      decayBiasAndNorm: true,
      momentum: 0,
      nesterov: false,
    })
    const moments = { learningRate: 0.1, weightDecay: 0, decayBiasAndNorm: true, beta1: 0.9, beta2: 0.999, eps: 1e-8 }
    expect([adam(rate), adamw(rate)].map(completeOptimizer)).toEqual([
      { type: 'adam', ...moments },
      { type: 'adamw', ...moments },
    ])
    expect(completeOptimizer(rmsprop(rate))).toEqual({
      type: 'rmsprop',
      learningRate: 0.1,
      weightDecay: 0,
      decayBiasAndNorm: true,
      decay: 0.99,
      eps: 1e-8,
    })
    expect(completeOptimizer(adagrad({ ...rate, eps: 1 }))).toEqual({
      type: 'adagrad',
      learningRate: 0.1,
      weightDecay: 0,
      decayBiasAndNorm: true,
      eps: 1,
    })
  })
})

const rates = (schedule: Parameters<typeof learningRateAt>[1], steps: number[]): number[] =>
  steps.map((step) => +learningRateAt(0.1, schedule, step).toFixed(12))

describe('schedules', () => {
  test('none', () => expect(rates(undefined, [1, 100])).toEqual([0.1, 0.1]))
  test('step', () => expect(rates({ type: 'step', every: 5, factor: 0.5 }, [1, 5, 6, 11])).toEqual([0.1, 0.1, 0.05, 0.025]))
  test('exponential', () => expect(rates({ type: 'exponential', factor: 0.9 }, [1, 2, 3])).toEqual([0.1, 0.09, 0.081]))
  test('cosine, which stays at its minimum', () => {
    const cosine = { type: 'cosine', steps: 10, minimum: 0.02 } as const
    expect(rates(cosine, [1, 6, 11, 12, 500])).toEqual([0.1, 0.06, 0.02, 0.02, 0.02])
    expect(rates({ type: 'cosine', steps: 2 }, [2, 3])).toEqual([0.05, 0])
  })
})
