import { expect, test } from 'vitest'
import { suggested } from '../../src/app/run/describe.ts'
import { changeSchedule, stepsOfRun, withSpan } from '../../src/app/run/schedule.ts'
import type { Description } from '../../src/app/run/state.ts'

const samples = 1000
const described = (): Description => ({
  ...suggested({
    inputShape: [2],
    outputs: 1,
    train: { count: samples, y: new Float32Array(samples) },
  }),
  epochs: 3,
})

test('a cosine spans the run, and follows it when epochs or batch size change', () => {
  const description = described()
  changeSchedule(description, 'cosine', samples)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 3 * 32 })
  withSpan((own) => void (own.training.batchSize = 100), samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 3 * 10 })
  withSpan((own) => void (own.epochs = 7), samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 7 * 10 })
  expect(stepsOfRun(description, samples)).toBe(70)
})

test('a cosine begins after the warm-up, and counts steps of several batches', () => {
  const description = described()
  description.training.warmup = 10
  changeSchedule(description, 'cosine', samples)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 3 * 32 - 10 })
  withSpan((own) => void (own.training.accumulate = 4), samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 3 * 8 - 10 })
  withSpan((own) => void delete own.training.warmup, samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 3 * 8 })
})

test('a cosine of the reader’s own length keeps it', () => {
  const description = described()
  description.training.schedule = { type: 'cosine', steps: 50 }
  withSpan((own) => void (own.epochs = 7), samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 50 })
  changeSchedule(description, 'cosine', samples)
  withSpan((own) => void Object.assign(own.training.schedule!, { steps: 33 }), samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 33 })
})

test('what is no number is left for the check to refuse', () => {
  const description = described()
  changeSchedule(description, 'cosine', samples)
  withSpan((own) => void (own.training.batchSize = 'many' as unknown as number), samples)(description)
  expect(description.training.schedule).toEqual({ type: 'cosine', steps: 96 })
})
