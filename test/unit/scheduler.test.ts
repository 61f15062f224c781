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
    const scheduler = new Scheduler(queue as unknown as GPUQueue)
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

test('where waiting takes a core, most of the work’s time is slept before anybody asks', async () => {
  vi.useFakeTimers()
  try {
    const [perStep, rounds] = [5, 40]
    const queue = queueOf(perStep, 0.1)
    let waited = 0
    const asked = {
      ...queue,
      async onSubmittedWorkDone() {
        const begun = performance.now()
        await queue.onSubmittedWorkDone()
        waited += performance.now() - begun
      },
    }
    const scheduler = new Scheduler(asked as unknown as GPUQueue, { naps: true })
    let [first, steps] = [0, 0]
    const run = (async () => {
      for (let i = 0; i < rounds; i++) {
        if (i === rounds / 2) [first, steps, waited] = [performance.now(), 0, 0]
        const next = scheduler.next(10_000)
        steps += next
        queue.submit(next)
        await scheduler.submitted(next)
      }
      await scheduler.idle()
      return performance.now() - first
    })()
    await vi.advanceTimersByTimeAsync(1_000_000)
    const taken = await run
    expect(taken).toBeLessThan(1.02 * steps * perStep) // the queue is not left idle
    expect(waited).toBeLessThan(0.2 * taken)
  } finally {
    vi.useRealTimers()
  }
})
