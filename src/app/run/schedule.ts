/** Schedules as the rail makes them: spread over the run that is planned. */
import { spreadSchedule } from '../../model/catalogue/schedules.ts'
import type { Schedule } from '../../model/types.ts'
import type { Description } from './state.ts'

/** Epochs that a schedule is spread over when the run has no end. */
const endless = 10

/** Steps of the whole run on so many training samples. */
export function stepsOfRun({ epochs, training }: Description, samples: number): number {
  const { batchSize, accumulate = 1 } = training
  return Math.max(1, Math.round((epochs ?? endless) * Math.ceil(samples / (batchSize * accumulate))))
}

/** Steps of the run after its warm-up. */
const scheduledSteps = (description: Description, samples: number): number =>
  Math.max(1, stepsOfRun(description, samples) - (description.training.warmup ?? 0))

export function changeSchedule(next: Description, type: Schedule['type'] | 'none', samples: number): void {
  delete next.training.schedule
  const steps = scheduledSteps(next, samples)
  if (type !== 'none') next.training.schedule = spreadSchedule(type, steps)
}

/** Makes a change to a description; a cosine that spanned the whole run before it spans the whole run after it. */
export function withSpan(change: (description: Description) => void, samples: number): (description: Description) => void {
  return (description) => {
    const { schedule } = description.training
    const before = scheduledSteps(description, samples)
    const spans = schedule?.type === 'cosine' && schedule.steps === before
    change(description)
    const steps = scheduledSteps(description, samples)
    const untouched = schedule === description.training.schedule && spans && schedule.steps === before
    if (untouched && Number.isFinite(steps)) schedule.steps = steps
  }
}
