import { expect, test } from 'vitest'
import { HistoryRecorder } from '../../src/model/history.ts'

const about = { seed: 7, adapter: 'an adapter', variants: { matmul: 'tiled' } }

test('one entry a step, null where nothing was measured', () => {
  const recorder = new HistoryRecorder(about)
  recorder.measure(2, 0.25, 0.9)
  recorder.add(1, 0.5, 2, 0.1, 0.4)
  recorder.add(2, 1, 1, 0.05, null)
  expect(recorder.step).toBe(2)
  expect(recorder.toJSON()).toEqual({
    format: 'gradscope-history/1',
    ...about,
    step: [1, 2],
    epoch: [0.5, 1],
    loss: [2, 1],
    learningRate: [0.1, 0.05],
    trainAccuracy: [0.4, null],
    testLoss: [null, 0.25],
    testAccuracy: [null, 0.9],
  })
  expect(JSON.parse(JSON.stringify(recorder))).toEqual(recorder.toJSON())
})

test('a number that is not finite becomes null and its first step is named', () => {
  const recorder = new HistoryRecorder(about)
  recorder.add(1, 1, 1, 0.1, null)
  recorder.add(2, 2, NaN, 0.1, null)
  recorder.add(3, 3, Infinity, 0.1, null)
  expect(recorder.toJSON()).toMatchObject({ loss: [1, null, null], nonFiniteStep: 2 })
  recorder.measure(1, Infinity, null)
  expect(recorder.toJSON()).toMatchObject({ testLoss: [null, null, null], nonFiniteStep: 1 })
})

test('steps follow one another', () => {
  const recorder = new HistoryRecorder(about)
  recorder.add(1, 1, 1, 0.1, null)
  expect(() => recorder.add(3, 1, 1, 0.1, null)).toThrow('history ends at step 1, so step 3 cannot follow')
})
