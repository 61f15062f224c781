import { said } from '../../src/app/words/language.ts'
import { expect, test } from 'vitest'
import { changeWords } from '../../src/app/run/change-words.ts'
import { edited } from '../../src/app/run/experiments.ts'
import { compiledPart } from '../../src/app/run/describe.ts'
import type { Choice, Description } from '../../src/app/run/state.ts'
import { presetRun } from './fake-engine.ts'

const choiceOf = (preset: 'one' | 'compared', change: (description: Description) => unknown = () => {}): Choice => {
  const { dataset, description: before } = structuredClone(presetRun(preset))
  const description = structuredClone(before)
  change(description)
  return { preset, dataset, drawn: 1, description: edited(before, description) }
}
const words = (change: (description: Description) => unknown, preset: 'one' | 'compared' = 'one') => {
  const before = choiceOf(preset)
  const after = { ...choiceOf(preset, change), dataset: before.dataset }
  const told = changeWords(before, after)
  // What is compiled anew has words, and nothing else has.
  expect(told !== null).toBe(compiledPart(before.description) !== compiledPart(after.description))
  return told === null ? '' : said(told)
}

test('what begins a run anew is told in the rail’s words, and nothing else is', () => {
  expect(words(({ training }) => (training.batchSize = 64))).toBe('batch size 64')
  expect(words(({ training }) => Object.assign(training, { seed: 7, loss: 'mae' }))).toBe('loss mean absolute error, seed 7')
  expect(words(({ training }) => (training.optimizer = { type: 'sgd', learningRate: 1, momentum: 0.9 }))).toBe(
    'optimizer SGD, momentum 0.9',
  )
  expect(words(({ training }) => (training.optimizer.decayBiasAndNorm = false))).toBe('weight decay of weights alone')
  expect(words(({ training }) => (training.accumulate = 4))).toBe('gradient accumulation 4')
  expect(words(({ training }) => (training.augmentation = { flip: true }))).toBe('image augmentation')
  expect(words((own) => (own.shuffle = false))).toBe('samples in order')
  expect(words((own) => own.layers.pop())).toBe('network')
  expect(words((own) => own.layers.pop(), 'compared')).toBe('network')
  expect(words(({ training }) => Object.assign(training.optimizer, { learningRate: 1, weightDecay: 0.1 }))).toBe('')
  expect(words(({ training }) => (training.clipNorm = 1))).toBe('')
  expect(said(changeWords(choiceOf('one'), choiceOf('compared'))!)).toBe('compared')
})
