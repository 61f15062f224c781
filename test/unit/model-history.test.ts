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

test('a run that is longer than its history keeps every 2nd, 4th, … step, the last one, and what was measured between them', () => {
  const recorder = new HistoryRecorder(about, { limit: 8 })
  for (let step = 1; step <= 37; step++) recorder.add(step, step / 10, 1 / step, 0.1, null)
  recorder.measure(21, 0.5, 0.75)
  const history = recorder.toJSON()
  expect(history).toMatchObject({ every: 8, step: [8, 16, 21, 24, 32, 37] })
  expect(history.loss).toEqual([1 / 8, 1 / 16, null, 1 / 24, 1 / 32, 1 / 37])
  expect(history.epoch[2]).toBeCloseTo(2.1)
  expect(history.testLoss).toEqual([null, null, 0.5, null, null, null])
  expect(new Set(Object.values(history).flatMap((value) => (Array.isArray(value) ? [value.length] : [])))).toEqual(new Set([6]))
})

test('however long a run, its history stays within its bounds and goes on', () => {
  const recorder = new HistoryRecorder(about, { limit: 64, measuredLimit: 10 })
  for (let step = 1; step <= 10_000; step++) {
    recorder.add(step, step, step, 0.1, 0.5)
    if (step % 7 === 0) recorder.measure(step, step, null)
  }
  const { step, loss, testLoss, every } = recorder.toJSON()
  expect(every).toBe(256)
  expect(step.length).toBeLessThanOrEqual(64 + 10 + 1)
  expect(step.at(-1)).toBe(10_000)
  step.forEach((number, i) => expect([number, null]).toContain(loss[i]!))
  expect(testLoss.filter((value) => value !== null).length).toBeGreaterThanOrEqual(5)
  expect(testLoss.findLast((value) => value !== null)).toBe(9996)
})

test('a run that goes back to a step goes on from there', () => {
  const first = new HistoryRecorder(about, { limit: 8 })
  for (let step = 1; step <= 20; step++) first.add(step, step, step === 15 ? NaN : step, 0.1, null)
  first.measure(4, 1, null)
  first.measure(18, 1, null)
  const recorder = HistoryRecorder.from(first.upTo(10))
  expect(recorder.step).toBe(10)
  expect(recorder.toJSON()).toMatchObject({ step: [4, 8, 10], loss: [4, 8, null], testLoss: [1, null, null] })
  expect(recorder.toJSON().nonFiniteStep).toBeUndefined()
  recorder.add(11, 11, 11, 0.1, null)
  recorder.add(12, 12, 12, 0.1, null)
  expect(recorder.toJSON()).toMatchObject({ step: [4, 8, 12], loss: [4, 8, 12] })
  const again = HistoryRecorder.from(recorder.upTo(0))
  again.add(1, 1, 1, 0.1, null)
  expect(again.toJSON().step).toEqual([1])
})

test('what a mark holds stays as it is, whatever the run does afterwards: two courses of a run do not mix', () => {
  const recorder = new HistoryRecorder(about, { limit: 2000 })
  for (let step = 1; step <= 1020; step++) recorder.add(step, step, step, 0.1, null)
  recorder.measure(500, 0.5, null)
  const early = recorder.upTo(1000)
  // Beyond the columns' first length, and until they are thinned.
  for (let step = 1021; step <= 5000; step++) recorder.add(step, step, -step, 0.1, null)
  recorder.measure(1500, NaN, null)
  const late = recorder.upTo(5000)
  const other = HistoryRecorder.from(early)
  for (let step = 1001; step <= 1100; step++) other.add(step, step, 0, 0.2, null)
  const { step, loss, testLoss } = HistoryRecorder.from(early).toJSON()
  expect(step).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  expect(loss).toEqual(step)
  expect(testLoss.filter((value) => value !== null)).toEqual([0.5])
  expect(other.toJSON().loss.slice(998, 1002)).toEqual([999, 1000, 0, 0])
  expect(HistoryRecorder.from(late).toJSON()).toEqual(recorder.toJSON())
  expect(HistoryRecorder.from(recorder.upTo(7000)).toJSON()).toEqual(recorder.toJSON())
})
