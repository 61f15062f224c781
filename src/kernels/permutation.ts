import { keyOf, philox, streams, type Words4 } from './philox.ts'

/** Bits of the smallest power of two that counts to n, at least 1. */
export function orderBits(n: number): number {
  let bits = 1
  while (2 ** bits < n) bits++
  return bits
}

/** Whether samples need a random order: where every batch holds all of them, it changes nothing that is computed of it. */
export const orderMatters = (batchSize: number, samples: number): boolean => batchSize < samples

/**
 * The sample at a position of an epoch's order, below `samples`; with `block` each block of so many is permuted by itself, and one comes after the other.
 */
export function permuteInBlocks(position: number, samples: number, block: number, keys: Words4): number {
  const first = block > 0 ? position - (position % block) : 0
  return first + permute(position - first, block > 0 ? Math.min(block, samples - first) : samples, keys)
}

/** What an epoch's order is drawn by: a word for each round. */
export const orderKeys = (seed: number, epoch: number): Words4 => philox([0, epoch, streams.shuffle, 0], keyOf(seed))

/**
 * Where sample `index`, below n, of an epoch's order lies in the data: a keyed permutation of [0, n), n ≤ 2^32, computed element by element, for a
 * few operations each. Four rounds of steps that can each be undone within a power of two: x ← (x + key) · odd, x ← x ⊕ x >> half the bits (in the
 * manner of Kensler, "Correlated multi-jittered sampling", 2013); a result beyond n is permuted again until it falls inside (cycle walking: Black and
 * Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
export function permute(index: number, n: number, keys: Words4): number {
  const bits = orderBits(n)
  const mask = 2 ** bits - 1
  const shift = (bits + 1) >> 1
  let value = index
  do {
    for (const key of keys) {
      value = (Math.imul(value + key, (key >>> 16) | 1) & mask) >>> 0
      value = (value ^ (value >>> shift)) >>> 0
    }
  } while (value >= n)
  return value
}
