import type { Schedule } from './types.ts'

/**
 * The learning rate that step `step` (from 1) uses. First `warmup` steps in a line, step k of n at k / n of the rate; then the schedule, as
 * torch.optim.lr_scheduler steps it once per training step (SequentialLR of a LinearLR and the schedule); cosine stays at its minimum afterwards. `reduced` is what a plateau has multiplied the
 * rate by so far.
 */
export function learningRateAt(
  learningRate: number,
  schedule: Schedule | undefined,
  step: number,
  { warmup = 0, reduced = 1 } = {},
): number {
  if (step <= warmup) return (learningRate * step) / warmup
  const done = step - 1 - warmup
  switch (schedule?.type) {
    case undefined:
      return learningRate
    case 'step':
      return learningRate * schedule.factor ** Math.floor(done / schedule.every)
    case 'exponential':
      return learningRate * schedule.factor ** done
    case 'cosine': {
      const minimum = schedule.minimum ?? 0
      if (done >= schedule.steps) return minimum
      return minimum + ((learningRate - minimum) * (1 + Math.cos((Math.PI * done) / schedule.steps))) / 2
    }
    case 'plateau':
      return Math.min(learningRate, Math.max(reduced * learningRate, schedule.minimum ?? 0))
  }
}
