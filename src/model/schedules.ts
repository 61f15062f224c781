import type { Schedule } from './types.ts'

/** The learning rate that step `step` (from 1) uses, as torch.optim.lr_scheduler steps it once per training step; cosine stays at its minimum afterwards. */
export function learningRateAt(learningRate: number, schedule: Schedule | undefined, step: number): number {
  const done = step - 1
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
  }
}
