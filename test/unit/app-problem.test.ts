/** What is refused, beside the field where it was entered, on a page without a browser. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { placeOf, refusalOf, suggested } from '../../src/app/run/describe.ts'
import type { Session } from '../../src/app/run/session.ts'
import { createState, type Problem } from '../../src/app/run/state.ts'
import { problemOf } from '../../src/app/ui/problem.ts'
import { speak } from '../../src/app/words/language.ts'
import type { Dataset } from '../../src/data/types.ts'
import { wrong, wrongAt } from '../../src/errors.ts'
import { drawn, fakeDom, type FakeElement } from './fake-dom.ts'

const dataset: Dataset = {
  name: 'points.csv',
  inputShape: [2],
  outputs: 1,
  train: { count: 4, x: new Float32Array(8), y: Float32Array.of(0, 1, 2, 0) },
}

let state: ReturnType<typeof createState>
let shown: Record<Problem['place'], FakeElement>
beforeEach(() => {
  fakeDom()
  vi.stubGlobal('requestAnimationFrame', () => 0)
  vi.stubGlobal('cancelAnimationFrame', () => {})
  state = createState()
  const of = (place: Problem['place']) => problemOf({ state } as unknown as Session, place) as unknown as FakeElement
  shown = { data: of('data'), network: of('network'), training: of('training') }
})
afterEach(async () => {
  await speak('en')
  vi.unstubAllGlobals()
})
const texts = async () => {
  await drawn()
  return Object.values(shown).map((element) => (element.hidden ? null : element.textContent))
}

test('is said where it belongs by readers’ words, in the language that is read', async () => {
  const draft = suggested(dataset)
  draft.layers[2] = { type: 'dense', units: 0 }
  const error = refusalOf(draft, dataset)!
  const place = placeOf(error)
  expect(place).toEqual({ place: 'network', field: 'layers.2.units' })
  state.set({ draft, problem: { place: 'network', ...place, told: error } })
  expect(await texts()).toEqual([null, 'Units of layer 3 (Dense 2) is 0, expected a positive integer', null])
  await speak('zh')
  expect(await texts()).toEqual([null, '第 3 层（全连接 2）的单元数是 0，应为正整数', null])
  state.set({ problem: null })
  expect(await texts()).toEqual([null, null, null])
})

test('of a file is said with the file’s name and paths', async () => {
  const told = wrongAt('layers.0.weight', 'tensors.shape', { found: '[2]', shape: '[3]' }).of('a.safetensors')
  state.set({ problem: { place: 'data', told } })
  expect(await texts()).toEqual(['a.safetensors: tensor layers.0.weight has shape [2], expected [3]', null, null])
  state.set({ problem: { place: 'data', told: wrong('problem.notLoaded', { path: 'data/x', status: 404 }) } })
  expect((await texts())[0]).toBe('data/x could not be loaded: the server answered 404.')
})

test.each([
  ['optimizer.learningRate', { place: 'training', field: 'learningRate' }],
  ['optimizer', { place: 'training', field: 'optimizer' }],
  ['schedule.patience', { place: 'training', field: 'plateauPatience' }],
  ['earlyStopping.patience', { place: 'training', field: 'patience' }],
  ['augmentation.shift', { place: 'training', field: 'shift' }],
  ['batchSize', { place: 'training', field: 'batchSize' }],
  ['data.train', { place: 'data' }],
  ['layers.0.kernel', { place: 'network', field: 'layers.0.kernel' }],
])('an error at %s', (path, place) => expect(placeOf(wrongAt(path, 'model.noParameters'))).toEqual(place))

test('an error that no path leads to stays where it arose', () => expect(placeOf(wrong('problem.noData'))).toBeUndefined())

test('the setting that a layer’s shape refuses is the one that is marked', () => {
  const draft = suggested({ ...dataset, inputShape: [1, 10, 10] })
  draft.layers[0] = { type: 'conv2d', filters: 2, kernel: 20 }
  const error = refusalOf(draft, { ...dataset, inputShape: [1, 10, 10] })!
  expect(placeOf(error)).toEqual({ place: 'network', field: 'layers.0.kernel' })
  expect(error.message).toBe('conv2d at layers.0 has a kernel of 20 on a padded input of 10 × 10, expected one that fits')
})
