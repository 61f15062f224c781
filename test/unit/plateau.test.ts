import { expect, test } from 'vitest'
import { Plateau } from '../../src/model/plateau.ts'
import { learningRateAt } from '../../src/model/schedules.ts'
import type { PlateauSchedule } from '../../src/model/types.ts'
import { EarlyStop } from '../../src/train/early-stop.ts'

const base = 0.1
/** The rate after each of these losses. */
function ratesAfter(losses: readonly number[], schedule: PlateauSchedule): number[] {
  const plateau = new Plateau(schedule)
  return losses.map((loss) => {
    plateau.report(loss, base)
    return +learningRateAt(base, schedule, 1000, { reduced: plateau.reduced }).toPrecision(6)
  })
}

// torch.optim.lr_scheduler.ReduceLROnPlateau on the same losses, PyTorch 1.13.0a0
test.each([
  [
    { factor: 0.5, patience: 1 },
    [1, 0.9, 0.95, 0.91, 0.89995, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9],
    [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125],
  ],
  [{ factor: 0.1, patience: 0, minimum: 0.004 }, [1, 1, 1, 0.5, 0.6, NaN, 0.4, 0.7], [0.1, 0.01, 0.004, 0.004, 0.004, 0.004, 0.004, 0.004]],
  [
    { factor: 0.1, patience: 0 },
    Array.from({ length: 12 }, () => 2),
    [0.1, 0.01, 0.001, 0.0001, 1e-5, 1e-6, 1e-7, 1e-8, 1e-8, 1e-8, 1e-8, 1e-8],
  ],
])('a plateau reduces the rate as PyTorch does: %j', (schedule, losses, expected) => {
  expect(ratesAfter(losses as number[], { type: 'plateau', ...(schedule as object) } as PlateauSchedule)).toEqual(expected)
})

test('the warm-up rises in a line, and the schedule begins after it', () => {
  const rates = (schedule: Parameters<typeof learningRateAt>[1]) =>
    Array.from({ length: 7 }, (_, i) => +learningRateAt(0.8, schedule, i + 1, { warmup: 4 }).toFixed(6))
  expect(rates(undefined)).toEqual([0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8])
  expect(rates({ type: 'exponential', factor: 0.5 })).toEqual([0.2, 0.4, 0.6, 0.8, 0.8, 0.4, 0.2])
  expect(rates({ type: 'cosine', steps: 2 })).toEqual([0.2, 0.4, 0.6, 0.8, 0.8, 0.4, 0])
})

test('early stopping counts evaluations without improvement in a row', () => {
  const stop = new EarlyStop({ patience: 2, minimumImprovement: 0.1 })
  const better = [1, 0.95, 0.8, NaN, 0.75, 0.75].map((loss, i) => [stop.report(10 * (i + 1), loss), stop.exhausted])
  expect(better).toEqual([
    [true, false],
    [false, false],
    [true, false],
    [false, false],
    [false, true],
    [false, true],
  ])
  expect(stop.best).toEqual({ step: 30, loss: 0.8 })
  stop.goOn()
  expect([stop.exhausted, stop.report(70, 0.5), stop.best.step]).toEqual([false, true, 70])
  expect(() => new EarlyStop({ patience: 0 })).toThrow('earlyStopping.patience is 0, expected a positive integer')
  expect(() => new EarlyStop({ patience: 1, minimumImprovement: -1 })).toThrow('minimumImprovement is -1')
})
