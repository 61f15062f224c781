import { expect, test } from 'vitest'
import { name } from '../gpu/added-activation.ts'
import type { Layer } from '../../src/model/types.ts'

const { activationNames, formulaOf } = await import('../../src/model/catalogue/activations.ts')
const { familyOf } = await import('../../src/model/catalogue/layers.ts')
const { activation } = await import('../../src/model/layers.ts')
const { parseModel } = await import('../../src/model/validate.ts')
const { fieldsOf } = await import('../../src/app/network/fields.ts')
const { offersAt } = await import('../../src/app/network/offers.ts')
const { layerTitle, settingWords } = await import('../../src/app/words/layer-words.ts')
const { placeName } = await import('../../src/app/words/place-names.ts')

const mish = (settings = {}) => ({ type: name, ...settings }) as Layer
const layers: Layer[] = [{ type: 'dense', units: 4 }, mish({ beta: 2 }), { type: 'dense', units: 1 }]
const model = (own: Layer[]) => ({
  format: 'gradscope-model/1',
  input: [3],
  layers: own,
  loss: 'mse',
  optimizer: { type: 'sgd', learningRate: 0.1 },
  batchSize: 2,
  seed: 1,
})

test('an activation with a row is one of all: model file, builder, derivative', () => {
  expect(activationNames.at(-1)).toBe(name)
  expect(parseModel(model(layers), 'm').layers).toEqual(layers)
  expect(() => parseModel(model([layers[0]!, mish({ beta: -1 }), layers[2]!]), 'm')).toThrow(
    'm: layers.1.beta is -1, expected a positive number',
  )
  expect(() => parseModel(model([layers[0]!, mish({ slope: 1 }), layers[2]!]), 'm')).toThrow(
    'unknown key "slope" at layers.1, expected one of beta',
  )
  expect(activation(name)).toEqual({ type: name })
  const { forward, derivative } = formulaOf(name, 2)
  for (const x of [-3, -0.4, 0.1, 2]) expect((forward(x + 1e-5) - forward(x - 1e-5)) / 2e-5).toBeCloseTo(derivative(x), 8)
})

test('and one of all on the page: its choice, its field, its words, what is offered beside it', () => {
  expect(familyOf(mish())).toContain('relu')
  expect(familyOf({ type: 'relu' })).toContain(name)
  expect(layerTitle(name)).toBe('Mish')
  expect(fieldsOf(mish())).toMatchObject([{ key: 'beta', label: 'β', kind: 'number', fallback: 1 }])
  expect(settingWords(mish({ beta: 2 }))).toBe('β 2')
  expect(placeName('layers.1.beta', layers)).toBe('beta of layer 2 (Mish)')
  expect(offersAt(layers, [3], { list: 'layers', index: 1 }).map(({ title }) => title)).toContain('Mish')
})
