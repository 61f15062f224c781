import { expect, test } from 'vitest'
import { mergePatch, patchBetween, patched } from '../../src/model/patch.ts'
import { parseModel } from '../../src/model/validate.ts'

const model = parseModel({
  format: 'gradscope-model/1',
  input: [2],
  layers: [{ type: 'dense', units: 3 }, { type: 'tanh' }, { type: 'dense', units: 1 }],
  loss: 'mse',
  optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
  clipNorm: 1,
  batchSize: 4,
  seed: 1,
})

// RFC 7396, appendix A.
test.each<[target: unknown, patch: unknown, result: unknown]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'foo' }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched by %j', (target, patch, result) => expect(mergePatch(target, patch)).toEqual(result))

test('another optimizer keeps rate and weight decay and begins with its own settings; null takes a key away', () => {
  const after = patched(model, { optimizer: { type: 'adam' }, clipNorm: null })
  expect(after.optimizer).toEqual({ type: 'adam', learningRate: 0.1, weightDecay: 0.01 })
  expect('clipNorm' in after).toBe(false)
  expect(patched(model, { optimizer: { learningRate: 0.2 } }).optimizer).toEqual({ ...model.optimizer, learningRate: 0.2 })
})

test('the patch between two models makes the one of the other', () => {
  const after = patched(model, {
    optimizer: { type: 'adam', beta1: 0.8 },
    schedule: { type: 'cosine', steps: 10 },
    layers: [{ type: 'dense', units: 1 }],
    clipNorm: null,
  })
  const patch = patchBetween(model, after)
  expect(patched(model, patch)).toEqual(after)
  expect(patch).toMatchObject({ clipNorm: null, optimizer: { type: 'adam', beta1: 0.8 } })
  expect(patchBetween(model, model)).toEqual({})
})

test('what two optimizers have in common is stated again, since another type begins with its own settings', () => {
  const adam = patched(model, { optimizer: { type: 'adam', beta1: 0.8 } })
  const adamw = patched(model, { optimizer: { type: 'adamw', beta1: 0.8 } })
  expect(patched(adam, patchBetween(adam, adamw))).toEqual(adamw)
  expect(patched(adamw, patchBetween(adamw, model))).toEqual(model)
  const cosine = patched(model, { schedule: { type: 'cosine', steps: 10 } })
  const constant = patched(model, { schedule: { type: 'step', every: 5, factor: 0.5 } })
  for (const [from, to] of [
    [cosine, constant],
    [model, cosine],
    [cosine, model],
  ] as const)
    expect(patched(from, patchBetween(from, to))).toEqual(to)
})

test('a change that makes no sense is refused by its path', () => {
  expect(() => patched(model, { optimizer: { type: 'nadam' } })).toThrow(/nadam/)
  expect(() => patched(model, { loss: 'binaryCrossEntropy' })).toThrow(/sigmoid/)
})
