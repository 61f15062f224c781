import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Beat } from '../../src/app/pacing/paint-gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('on hardware every frame may change the page, and changes are made at once', async () => {
  const beat = new Beat({ software: false })
  expect([beat.strikes(0, false), beat.strikes(1, false)]).toEqual([true, true])
  const change = vi.fn<() => void>()
  const painted = beat.paint(change)
  expect(change).toHaveBeenCalledOnce()
  await painted
})

test('on a software adapter changes gather for one frame in 200 ms, unless somebody is eager', async () => {
  const beat = new Beat({ software: true })
  expect(beat.strikes(0, false)).toBe(true)
  const order: string[] = []
  const painted = [beat.paint(() => order.push('figures')), beat.paint(() => order.push('legend'))]
  expect([beat.strikes(16, false), beat.strikes(199, false), order]).toEqual([false, false, []])
  expect(beat.strikes(200, false)).toBe(true)
  expect(order).toEqual(['figures', 'legend'])
  await Promise.all(painted)
  void beat.paint(() => order.push('moved'))
  expect(beat.strikes(216, true)).toBe(true)
  expect(order.at(-1)).toBe('moved')
  beat.strikes(500, false)
  expect(order).toHaveLength(3)
})

test('what waits is done without a frame where none comes, or when it is let go', async () => {
  const beat = new Beat({ software: true })
  const change = vi.fn<() => void>()
  const unseen = beat.paint(change)
  vi.advanceTimersByTime(399)
  expect(change).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  await unseen
  const released = beat.paint(change)
  beat.release()
  await released
  expect(change).toHaveBeenCalledTimes(2)
  vi.runAllTimers()
  expect(change).toHaveBeenCalledTimes(2)
})

test('a change that fails is heard of by who asked for it, and keeps no other', async () => {
  const beat = new Beat({ software: true })
  const failing = beat.paint(() => {
    throw new Error('no canvas')
  })
  const change = vi.fn<() => void>()
  const other = beat.paint(change)
  beat.release()
  await expect(failing).rejects.toThrow('no canvas')
  await other
  expect(change).toHaveBeenCalledOnce()
})
