import { describe, expect, test } from 'vitest'
import { initialize } from '../../src/kernels/reference/initialize.ts'
import { orderBits, orderKeys, permute, permuteInBlocks } from '../../src/kernels/permutation.ts'
import { keyOf, normal, philox, randomNormal, randomUniform, streams, uniform, type Words4 } from '../../src/kernels/philox.ts'
import { mean, norm } from '../../src/kernels/reference/statistics.ts'

describe('philox', () => {
  test.each<[Words4, [number, number], Words4]>([
    // Random123's known answers for philox4x32-10
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('known answer %#', (counter, key, answer) => expect(philox(counter, key)).toEqual(answer))

  test('seeds beyond 32 bits reach the whole key', () => {
    expect(keyOf(2 ** 32 + 5)).toEqual([5, 1])
    expect(keyOf(2 ** 53)).toEqual([0, 2 ** 21])
  })

  test('uniform lies in [0, 1), normal is finite at its extremes', () => {
    expect([uniform(0), uniform(0xffffffff)]).toEqual([0, 1 - 2 ** -24])
    expect(normal(0, 0)).toBeCloseTo(Math.sqrt(48 * Math.LN2), 12)
    expect(normal(0xffffffff, 0)).toBeCloseTo(0, 12)
  })

  test('mean and deviation of many draws', () => {
    const length = 20_000
    const flat = Float64Array.from({ length }, (_, i) => randomUniform(1, streams.initial, 0, i))
    const bell = Float64Array.from({ length }, (_, i) => randomNormal(1, streams.initial, 1, i))
    expect(Math.abs(mean(flat) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(mean(bell))).toBeLessThan(0.03)
    expect(Math.abs(norm(bell) / Math.sqrt(length) - 1)).toBeLessThan(0.02)
  })
})

const order = (n: number, seed: number, epoch: number): number[] => {
  const keys = orderKeys(seed, epoch)
  return Array.from({ length: n }, (_, i) => permute(i, n, keys))
}
/** χ² of counts that ought to be equal, over its degrees of freedom: 1 where they are as equal as chance makes them. */
const unevenness = (counts: number[]): number => {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / (counts.length - 1)
}

describe('permutation', () => {
  test.each([1, 2, 3, 4, 5, 16, 17, 100, 1000, 4097, 60_000])('of %i visits everything once', (n) => {
    const seen = new Set(order(n, 7, 2))
    expect(seen.size).toBe(n)
    expect(Math.max(...seen)).toBe(n - 1)
  })

  test('of the largest domain stays within it', () => {
    const keys = orderKeys(3, 1)
    const seen = new Set(Array.from({ length: 1000 }, (_, i) => permute(2 ** 32 - 1 - i, 2 ** 32, keys)))
    expect(seen.size).toBe(1000)
    for (const value of seen) expect(value).toBeLessThan(2 ** 32)
  })

  test('its domain is the smallest power of two that holds n', () => {
    expect([1, 2, 4, 5, 16, 17, 60_000, 2 ** 32].map(orderBits)).toEqual([1, 1, 2, 3, 4, 5, 16, 32])
  })

  test('depends on seed and epoch', () => {
    expect(order(50, 1, 0)).toEqual(order(50, 1, 0))
    expect(order(50, 1, 0)).not.toEqual(order(50, 1, 1))
    expect(order(50, 1, 0)).not.toEqual(order(50, 2, 0))
  })

  test.each([3, 6, 10, 100, 150])('over many epochs brings every one of %i samples to every place as often, and any after any', (n) => {
    const epochs = 200 * n
    const places = Array.from({ length: n * n }, () => 0)
    const steps = Array.from({ length: n - 1 }, () => 0)
    const pairs = Array.from({ length: n * n }, () => 0)
    for (let epoch = 0; epoch < epochs; epoch++) {
      const drawn = order(n, 5, epoch)
      drawn.forEach((sample, place) => places[place * n + sample]!++)
      steps[((drawn[1]! - drawn[0]! + n) % n) - 1]!++
      pairs[drawn[0]! * n + drawn[n - 1]!]!++
    }
    expect(unevenness(places)).toBeLessThan(n < 100 ? 1.5 : 1.1)
    expect(unevenness(steps)).toBeLessThan(n < 100 ? 2.5 : 1.5)
    expect(unevenness(pairs.filter((_, i) => i % (n + 1) !== 0))).toBeLessThan(n < 100 ? 1.8 : 1.2)
  })

  test.each([
    [60, 20],
    [50, 20], // the last block is shorter
    [7, 1],
    [10, 16],
    [10, 0],
  ])('of %i samples in blocks of %i shuffles each block by itself', (n, block) => {
    const size = block || n
    const keys = orderKeys(5, 0)
    const drawn = Array.from({ length: n }, (_, position) => permuteInBlocks(position, n, block, keys))
    expect(drawn.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
    drawn.forEach((sample, position) => expect(Math.floor(sample / size)).toBe(Math.floor(position / size)))
    if (size >= n) expect(drawn).toEqual(order(n, 5, 0))
  })

  test('of a large domain leaves neighbours apart', () => {
    const n = 60_000
    const keys = orderKeys(1, 0)
    const gaps = Array.from({ length: 500 }, (_, i) => Math.abs(permute(i, n, keys) - permute(i + 1, n, keys)))
    expect(Math.abs(mean(gaps) / n - 1 / 3)).toBeLessThan(0.05)
  })
})

test('initial values follow their recipe', () => {
  const flat = initialize({ kind: 'uniform', minimum: -0.5, maximum: 1.5 }, 5000, 3, 0)
  expect(Math.min(...flat)).toBeGreaterThanOrEqual(-0.5)
  expect(Math.max(...flat)).toBeLessThan(1.5)
  expect(Math.abs(mean(flat) - 0.5)).toBeLessThan(0.03)
  const bell = initialize({ kind: 'normal', deviation: 0.2 }, 5000, 3, 1)
  expect(Math.abs(norm(bell) / Math.sqrt(5000) - 0.2)).toBeLessThan(0.01)
  expect([...initialize({ kind: 'constant', value: 1 }, 3, 3, 2)]).toEqual([1, 1, 1])
})
