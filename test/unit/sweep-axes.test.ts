import { describe, expect, test } from 'vitest'
import { axesFor, axisOf, changeFor, checkAxes, parseAxis, withValues, type Axis } from '../../src/answers/sweep/axes.ts'
import { thinned } from '../../src/answers/sweep/map.ts'
import { InputError } from '../../src/errors.ts'
import { modelFormat } from '../../src/model/types.ts'
import { adam, conv2d, dense, flatten, relu, residual, sgd, tanh, type ModelFile } from '../../src/index.ts'

const model: ModelFile = {
  format: modelFormat,
  input: [2],
  layers: [dense(8), tanh(), dense(4), tanh(), dense(1)],
  loss: 'mse',
  optimizer: sgd({ learningRate: 0.1, momentum: 0.5 }),
  batchSize: 8,
  seed: 3,
}

function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

describe('an axis as a call writes it', () => {
  test('has its values evenly spaced in its own way, integers distinct', () => {
    expect(parseAxis('learningRate=1e-3:1:4')).toEqual({ name: 'learningRate', values: [0.001, 0.01, 0.1, 1] })
    expect(parseAxis('seed=1:16:16').values).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
    expect(parseAxis('seed=10:20:3').values).toEqual([10, 15, 20])
    expect(parseAxis('batchSize=1:8:16').values).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(parseAxis('width=2:32:5').values).toEqual([2, 4, 8, 16, 32])
    expect(parseAxis('momentum=0:0.99:3').values).toEqual([0, 0.9, 0.99])
    expect(parseAxis('weightDecay=1e-4:1e-2:3').values).toEqual([0.0001, 0.001, 0.01])
    expect(parseAxis('seed=4:4:5').values).toEqual([4])
  })

  test('is refused in a sentence that names what there is', () => {
    const choices = 'seed, learningRate, momentum, weightDecay, batchSize, width'
    expect(refusal(() => parseAxis('rate=1:2:3'))).toBe(`sweep: there is no axis 'rate', only ${choices}`)
    for (const text of ['learningRate', 'learningRate=1:2', 'learningRate=1:2:3:4', 'learningRate=::'])
      expect(refusal(() => parseAxis(text))).toBe(`sweep: '${text}' is no axis, expected NAME=FROM:TO:COUNT, as in learningRate=1e-3:1:16`)
    expect(refusal(() => parseAxis('learningRate=0:1:3'))).toBe('sweep: learningRate is 0, expected a positive number')
    expect(refusal(() => parseAxis('learningRate=a:1:3'))).toBe('sweep: learningRate is NaN, expected a positive number')
    expect(refusal(() => parseAxis('momentum=0:1:3'))).toBe('sweep: momentum is 1, expected a number from 0 to below 1')
    expect(refusal(() => parseAxis('batchSize=1:2.5:3'))).toBe('sweep: batchSize is 2.5, expected a positive integer')
    expect(refusal(() => parseAxis('seed=5:1:3'))).toContain('seed goes from 5 to 1')
    expect(refusal(() => parseAxis('seed=1:5:0'))).toBe('sweep: seed has 0 values, expected a whole number from 1 to 64')
    expect(refusal(() => parseAxis('seed=1:5:x'))).toContain('seed has NaN values')
  })
})

const two = (...texts: string[]): Axis[] => texts.map(parseAxis)

describe('axes of a model', () => {
  test('are two different ones that it has', () => {
    const refused = (changed: Partial<ModelFile>, ...texts: string[]) => refusal(() => checkAxes({ ...model, ...changed }, two(...texts)))
    expect(refused({}, 'seed=1:2:2')).toContain('1 axis given, expected two of seed, learningRate')
    expect(refused({}, 'seed=1:2:2', 'width=1:2:2', 'momentum=0:0.5:2')).toContain('3 axes given')
    expect(refused({}, 'seed=1:2:2', 'seed=1:4:2')).toContain('seed is given twice')
    const adamRun = { optimizer: adam({ learningRate: 0.1 }) }
    expect(refused(adamRun, 'seed=1:2:2', 'momentum=0:0.5:2')).toBe(
      'sweep: adam has no momentum setting, so there is no such axis; there are seed, learningRate, weightDecay, batchSize, width',
    )
    expect(refused({ layers: [dense(1)] }, 'seed=1:2:2', 'width=1:2:2')).toContain('no hidden dense or convolution layer')
    expect(axesFor({ ...model, ...adamRun, layers: [dense(1)] })).toEqual(['seed', 'learningRate', 'weightDecay', 'batchSize'])
    expect(() => checkAxes(model, two('seed=1:2:2', 'momentum=0:0.5:2'))).not.toThrow()
  })

  test('change what they say and nothing else', () => {
    const axes = two('learningRate=0.1:1:2', 'momentum=0:0.9:2')
    expect(changeFor(model, axes, [0.2, 0.9])).toEqual({ optimizer: { learningRate: 0.2, momentum: 0.9 } })
    expect(withValues(model, axes, [0.2, 0.9])).toEqual({ ...model, optimizer: { ...model.optimizer, learningRate: 0.2, momentum: 0.9 } })
    expect(withValues(model, two('seed=1:2:2', 'batchSize=2:4:2'), [7, 4])).toEqual({ ...model, seed: 7, batchSize: 4 })
  })

  test('width is that of every hidden dense layer and convolution, the output left as it is', () => {
    const axes = two('width=2:32:5', 'seed=1:2:2')
    expect(withValues(model, axes, [16, 1]).layers).toEqual([dense(16), tanh(), dense(16), tanh(), dense(1)])
    const images: ModelFile = {
      ...model,
      input: [1, 8, 8],
      layers: [conv2d(4, 3, { padding: 1 }), relu(), residual([conv2d(4, 3, { padding: 1 }), relu()]), flatten(), dense(3)],
    }
    expect(withValues(images, axes, [8, 1]).layers).toEqual([
      conv2d(8, 3, { padding: 1 }),
      relu(),
      residual([conv2d(8, 3, { padding: 1 }), relu()]),
      flatten(),
      dense(3),
    ])
  })
})

test('a map that has no time for all keeps the ends of its axes', () => {
  const [rows, columns] = thinned([axisOf('learningRate', 1e-3, 1, 16), axisOf('seed', 1, 5, 5)], 12)
  expect(rows.values.length * columns.values.length).toBeLessThanOrEqual(12)
  expect([rows.values.at(0), rows.values.at(-1), columns.values.at(0), columns.values.at(-1)]).toEqual([0.001, 1, 1, 5])
  const few = thinned([axisOf('seed', 1, 9, 9), axisOf('width', 1, 9, 9)], 1)
  expect(few.map(({ values }) => values)).toEqual([
    [1, 9],
    [1, 9],
  ])
})
