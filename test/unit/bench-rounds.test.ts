import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { interleave, type Contestant, type Measured } from '../../bench/rounds.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** Works by the fake clock: `first` ms once, then `each` ms a unit and `block` ms a block. */
class Worker implements Contestant {
  readonly asked: number[] = []
  #done = 0
  readonly #each: number
  readonly #block: number
  #first: number
  constructor(each: number, { first = 0, block = 0 } = {}) {
    this.#each = each
    this.#block = block
    this.#first = first
  }
  issue(count: number) {
    this.asked.push(count)
    this.#done = performance.now() + this.#first + this.#block + count * this.#each
    this.#first = 0
  }
  finish() {
    return new Promise((resolve) => setTimeout(resolve, Math.max(0, this.#done - performance.now())))
  }
}

async function measured(contestants: Contestant[], sleepFirst: boolean): Promise<Measured[]> {
  let result: Measured[] | undefined
  const work = interleave(contestants, { rounds: 5, blockMilliseconds: 50, sleepFirst }).then((value) => (result = value))
  while (!result) await vi.advanceTimersByTimeAsync(1)
  return work
}

test.each([false, true])('what the first unit compiles is in no block, whether blocks sleep first (%s) or not', async (sleepFirst) => {
  const [slow, quick] = await measured([new Worker(10, { first: 2000 }), new Worker(1)], sleepFirst)
  expect(slow).toEqual({ milliseconds: Array(5).fill(10), unitsPerBlock: expect.any(Number) })
  expect(quick).toEqual({ milliseconds: Array(5).fill(1), unitsPerBlock: expect.any(Number) })
})

test('what a block costs by itself makes none sleep past its work', async () => {
  const [measures] = await measured([new Worker(0.01, { block: 5 })], true)
  const { milliseconds, unitsPerBlock } = measures as { milliseconds: number[]; unitsPerBlock: number }
  // To the fake clock's whole milliseconds.
  for (const each of milliseconds) expect(Math.abs(each * unitsPerBlock - 5 - 0.01 * unitsPerBlock)).toBeLessThan(1)
})

test('a unit that takes longer than a block makes one alone; shorter ones fill it', async () => {
  const [long, short] = [new Worker(300), new Worker(2)]
  await measured([long, short], false)
  expect(long.asked.slice(-5)).toEqual([1, 1, 1, 1, 1])
  expect(short.asked.at(-1)! * 2).toBeGreaterThanOrEqual(50)
})

test('one that throws says why, and the others go on', async () => {
  const broken: Contestant = { issue: () => Promise.reject(new Error('no such kernel')), finish: () => Promise.resolve() }
  const [problem, rest] = await measured([broken, new Worker(3)], false)
  expect(problem).toEqual({ problem: 'no such kernel' })
  expect(rest).toMatchObject({ milliseconds: Array(5).fill(3) })
})
