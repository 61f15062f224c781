import type { Progress, Trainer } from '../../train/types.ts'

/** What happened in a trainer whose turn it was not. */
export const standing = ({ step, epoch }: Trainer): Progress => ({
  step,
  epoch,
  loss: NaN,
  accuracy: null,
  losses: new Float32Array(),
  evaluations: [],
  stepsPerSecond: 0,
})
