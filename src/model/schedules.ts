import { completeSchedule, scheduleKind } from './catalogue/schedules.ts'
import type { Schedule } from './types.ts'

/**
 * The learning rate that step `step` (from 1) uses. First `warmup` steps in a line, step k of n at k / n of the rate; then the schedule, as
 * torch.optim.lr_scheduler steps it once per training step (SequentialLR of a LinearLR and the schedule). `reduced` is what a plateau has
 * multiplied the rate by so far.
 */
export function learningRateAt(
  learningRate: number,
  schedule: Schedule | undefined,
  step: number,
  { warmup = 0, reduced = 1 } = {},
): number {
  if (step <= warmup) return (learningRate * step) / warmup
  if (!schedule) return learningRate
  return scheduleKind(schedule).rate(completeSchedule(schedule) as never, learningRate, step - 1 - warmup, reduced)
}
