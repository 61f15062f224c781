import { expect, test } from 'vitest'
import { changed } from '../../src/cli/training-change.ts'
import { modelFormat, type ModelFile } from '../../src/model/types.ts'
import { aidsOf } from '../../tools/cli/training-aids.mjs'

const model: ModelFile = {
  format: modelFormat,
  input: [4],
  layers: [{ type: 'dense', units: 2 }],
  loss: 'mse',
  optimizer: { type: 'adam', learningRate: 0.01 },
  schedule: { type: 'cosine', steps: 30 },
  batchSize: 10,
  seed: 1,
}

test('options become a change of the training and a way to watch the run', () => {
  expect(aidsOf({ out: 'o' })).toEqual({})
  const words = { accumulate: 4, plateau: 0.5, 'weight-decay': 0.1, 'decay-weights-only': true, shift: 4, flip: true, warmup: 7 }
  expect(aidsOf({ ...words, patience: 3, 'restore-best': true, 'evaluate-every': 50 })).toEqual({
    change: {
      accumulate: 4,
      warmup: 7,
      schedule: { type: 'plateau', factor: 0.5, patience: 10 },
      weightDecay: 0.1,
      decayBiasAndNorm: false,
      augmentation: { shift: 4, flip: true },
    },
    watch: { evaluateEvery: 50, earlyStopping: { patience: 3, restoreBest: true } },
  })
  expect(() => aidsOf({ 'restore-best': true })).toThrow('--restore-best goes with --patience.')
})

test('a change is checked as a model file is, and a cosine over the epochs stays over them', () => {
  expect(changed(model, undefined, 'm', 100)).toBe(model)
  const { schedule, optimizer } = changed(
    model,
    { batchSize: 5, accumulate: 4, warmup: 3, weightDecay: 0.1, decayBiasAndNorm: false },
    'm',
    100,
  )
  expect(schedule).toEqual({ type: 'cosine', steps: 12 })
  expect(optimizer).toEqual({ ...model.optimizer, weightDecay: 0.1, decayBiasAndNorm: false })
  expect(changed({ ...model, schedule: { type: 'cosine', steps: 31 } }, { batchSize: 5 }, 'm', 100).schedule).toEqual({
    type: 'cosine',
    steps: 31,
  })
  expect(() => changed(model, { augmentation: { flip: true } }, 'm', 100)).toThrow('m: augmentation moves images, but the input is [4]')
})

test('a cosine over the planned epochs goes over those asked for, any other stays', () => {
  const stepsOf = (steps: number, epochs: { planned?: number; asked?: number }) =>
    (changed({ ...model, schedule: { type: 'cosine', steps } }, undefined, 'm', 100, epochs).schedule as { steps: number }).steps
  expect(stepsOf(30, { planned: 3, asked: 10 })).toBe(100)
  expect(stepsOf(30, { planned: 3, asked: 1 })).toBe(10)
  expect(stepsOf(30, { planned: 3 })).toBe(30)
  expect(stepsOf(40, { planned: 3, asked: 10 })).toBe(40)
  expect(stepsOf(30, { asked: 10 })).toBe(30)
})

test('of an augmentation the call changes what it names', () => {
  const images: ModelFile = {
    ...model,
    input: [1, 4, 4],
    layers: [{ type: 'flatten' }, ...model.layers],
    augmentation: { shift: 4, flip: true },
  }
  expect(changed(images, { augmentation: { shift: 2 } }, 'm', 100).augmentation).toEqual({ shift: 2, flip: true })
})
