import { describe, expect, test } from 'vitest'
import { checkRunSettings, parseModel, type RunSettings } from '../../src/model/validate.ts'
import { refusal, refused, valid, withLayers } from './model-refusal.ts'

describe('what float32 cannot hold is refused, wherever it would reach a kernel', () => {
  const of = (type: string, key: string) => (value: number) => ({ ...valid, optimizer: { type, learningRate: 0.1, [key]: value } })
  const layerOf = (type: string, key: string) => (value: number) => withLayers({ type: 'dense', units: 3 }, { type, [key]: value })
  const initializer = (value: object) => withLayers({ type: 'dense', units: 3, initializer: value })
  const numbers: [path: string, make: (value: number) => object][] = [
    ...['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad'].flatMap((type): [string, (value: number) => object][] => [
      ['optimizer.learningRate', of(type, 'learningRate')],
      ['optimizer.weightDecay', of(type, 'weightDecay')],
    ]),
    ...['adam', 'adamw', 'rmsprop', 'adagrad'].map((type): [string, (value: number) => object] => ['optimizer.eps', of(type, 'eps')]),
    ['optimizer.momentum', of('sgd', 'momentum')],
    ['optimizer.beta1', of('adam', 'beta1')],
    ['optimizer.beta2', of('adamw', 'beta2')],
    ['optimizer.decay', of('rmsprop', 'decay')],
    ['layers.1.eps', layerOf('batchNorm', 'eps')],
    ['layers.1.momentum', layerOf('batchNorm', 'momentum')],
    ['layers.1.eps', layerOf('layerNorm', 'eps')],
    ['layers.1.slope', layerOf('leakyRelu', 'slope')],
    ['layers.1.alpha', layerOf('elu', 'alpha')],
    ['layers.1.rate', layerOf('dropout', 'rate')],
    ['layers.0.initializer.deviation', (value) => initializer({ type: 'normal', deviation: value })],
    ['layers.0.initializer.maximum', (value) => initializer({ type: 'uniform', minimum: 0, maximum: value })],
    ['layers.0.initializer.minimum', (value) => initializer({ type: 'uniform', minimum: value, maximum: 1 })],
    ['clipNorm', (value) => ({ ...valid, clipNorm: value })],
    ['schedule.factor', (value) => ({ ...valid, schedule: { type: 'exponential', factor: value } })],
    ['schedule.minimum', (value) => ({ ...valid, schedule: { type: 'cosine', steps: 3, minimum: value } })],
  ]
  const single = 'in single precision, whose sizes go from 1.18e-38 to 3.4e+38'

  test.each(numbers)('%s', (path, make) => {
    // The second is one of float32's denormal numbers, which a GPU may take for 0.
    for (const value of [1e-60, 1e-40]) {
      const message = refused(make(value))
      expect(message).toContain(`m.json: ${path} is ${value}, expected a `)
      expect(message).toContain(single)
    }
    expect(refused(make(1e60))).toContain(`m.json: ${path} is 1e+60, expected a `)
    expect(() => parseModel(make(0.5), 'm.json')).not.toThrow()
    expect(() => parseModel(make(1e-37), 'm.json')).not.toThrow()
  })

  test('what rounds to 1 is not below 1', () => {
    for (const key of ['beta1', 'beta2'])
      expect(refused(of('adam', key)(0.9999999999))).toBe(
        `m.json: optimizer.${key} is 0.9999999999, expected a number from 0 to below 1 ${single}`,
      )
    expect(() => parseModel(of('adam', 'beta2')(0.9999999), 'm.json')).not.toThrow()
  })

  test('bounds of which float32 cannot hold the distance', () => {
    const bounds = { type: 'uniform', minimum: -3e38, maximum: 3e38 }
    expect(refused(initializer(bounds))).toBe(
      'm.json: layers.0.initializer goes from -3e+38 to 3e+38, expected bounds no farther apart than 3.4e+38, the largest number of single precision',
    )
  })

  test('settings that change while a run goes on', () => {
    const settings: RunSettings = {
      optimizer: { type: 'adam', learningRate: 0 },
      schedule: null,
      warmup: 0,
      clipNorm: null,
      perturbation: 0,
    }
    checkRunSettings(settings)
    const told = (change: object) => refusal(() => checkRunSettings({ ...settings, ...change } as RunSettings))
    expect(told({ optimizer: { type: 'adam', learningRate: 0.1, eps: 1e-60 } })).toBe(
      `set: optimizer.eps is 1e-60, expected a positive number ${single}`,
    )
    expect(told({ optimizer: { type: 'adam', learningRate: 0.1, momentum: 0.9 } })).toContain('set: unknown key "momentum" at optimizer')
    expect(told({ optimizer: { type: 'adam', learningRate: NaN } })).toBe(
      'set: optimizer.learningRate is NaN, expected a number of at least 0',
    )
    expect(told({ perturbation: 1e-60 })).toContain('set: perturbation is 1e-60')
    expect(told({ clipNorm: 1e60 })).toContain('set: clipNorm is 1e+60')
    expect(told({ schedule: { type: 'exponential', factor: 1e-60 } })).toContain('set: schedule.factor is 1e-60')
    expect(told({ warmup: 0.5 })).toBe('set: warmup is 0.5, expected an integer of at least 0')
  })
})
