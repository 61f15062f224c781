import { expect, test } from 'vitest'
import { changeOf } from '../../src/answers/changes.ts'
import { patched } from '../../src/model/patch.ts'
import { parseModel } from '../../src/model/validate.ts'

const model = parseModel({
  format: 'gradscope-model/1',
  input: [2],
  layers: [
    { type: 'dense', units: 4 },
    { type: 'tanh' },
    { type: 'residual', layers: [{ type: 'dense', units: 4 }, { type: 'tanh' }] },
    { type: 'dense', units: 1 },
    { type: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9 },
  clipNorm: 1,
  batchSize: 4,
  seed: 1,
})
const after = (text: string) => patched(model, changeOf(model, text))

test('a line states settings of the run and of its optimizer', () => {
  expect(changeOf(model, 'optimizer=adam,learningRate=1e-3,beta1=0.8')).toEqual({
    optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.8 },
  })
  expect(after('nesterov=true').optimizer).toEqual({ type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true })
  expect(after('batchSize=8,clipNorm=null')).toMatchObject({ batchSize: 8 })
  expect('clipNorm' in after('clipNorm=null')).toBe(false)
})

test('an activation is for all between the layers, the output’s stays; an initializer for every layer with weights', () => {
  const types = (layers: object[]): unknown[] =>
    layers.flatMap((layer) => ('layers' in layer ? types(layer.layers as object[]) : (layer as { type: string }).type))
  expect(types(after('activation=relu').layers)).toEqual(['dense', 'relu', 'dense', 'relu', 'dense', 'sigmoid'])
  const { layers } = after('initializer=heNormal')
  expect(JSON.stringify(layers).match(/"heNormal"/g)).toHaveLength(3)
})

test.each([
  ['momentum', 'momentum: expected NAME=VALUE, found "momentum"'],
  ['units=4', 'units=4: unknown key "units", expected one of batchSize, '],
  ['optimizer=adam,momentum=0.9', 'unknown key "momentum"'],
  ['activation=swishy', 'swishy'],
  ['learningRate=fast', 'learningRate=fast: optimizer.learningRate is "fast", expected a positive number'],
  ['initializer=he', 'unknown initializer he'],
])('%s is refused', (text, expected) => expect(() => changeOf(model, text)).toThrow(expected))
