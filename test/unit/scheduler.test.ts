import { expect, test, vi } from 'vitest'
import { Scheduler } from '../../src/gpu/scheduler.ts'

/** A queue on which a step takes `perStep` ms, and that tells of finished submits only every `every` ms. */
function queueOf(perStep: number, every: number) {
  let busyUntil = 0
  return {
    submit(steps: number) {
      busyUntil = Math.max(busyUntil, performance.now()) + steps * perStep
    },
    onSubmittedWorkDone() {
      const heard = Math.ceil(busyUntil / every) * every
      return new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), heard - performance.now()))
    },
  }
}

async function steadySteps(perStep: number, every: number): Promise<number> {
  vi.useFakeTimers()
  try {
    const queue = queueOf(perStep, every)
    const scheduler = new Scheduler(queue as unknown as GPUQueue, 256)
    const sizes: number[] = []
    const run = (async () => {
      for (let i = 0; i < 60; i++) {
        const steps = scheduler.next(10_000)
        sizes.push(steps)
        queue.submit(steps)
        await scheduler.submitted(steps)
      }
    })()
    await vi.advanceTimersByTimeAsync(1_000_000)
    await run
    return Math.max(...sizes.slice(20))
  } finally {
    vi.useRealTimers()
  }
}

test('a submit takes about a frame, however long a step takes', async () => {
  expect(await steadySteps(1, 0.1)).toBeLessThanOrEqual(14)
  expect(await steadySteps(1, 0.1)).toBeGreaterThanOrEqual(9)
  expect(await steadySteps(0.1, 0.1)).toBeGreaterThan(80)
  expect(await steadySteps(50, 0.1)).toBe(1)
})

test('news of several submits at once do not make the next ones longer', async () => {
  expect(await steadySteps(5, 120)).toBeLessThanOrEqual(4)
})
