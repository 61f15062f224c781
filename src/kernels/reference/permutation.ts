import { keyOf, philox, streams } from './philox.ts'

const rounds = 4

/** Bits of one half: half of the smallest even number of bits, at least 2, that count to n. */
export function halfBits(n: number): number {
  let half = 1
  while (2 ** (2 * half) < n) half++
  return half
}

/**
 * Where sample `index` of an epoch's order lies in the data: a keyed permutation of [0, n), n ≤ 2^32, computed element by element.
 * A balanced Feistel network whose round function is Philox; a result beyond n is permuted again until it falls inside (cycle walking:
 * Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
export function permute(index: number, n: number, seed: number, epoch: number): number {
  const bits = halfBits(n)
  const mask = 2 ** bits - 1
  const key = keyOf(seed)
  let value = index
  do {
    let left = value >>> bits
    let right = value & mask
    for (let round = 0; round < rounds; round++) {
      const [word] = philox([right, epoch, streams.shuffle, round], key)
      ;[left, right] = [right, (left ^ word) & mask]
    }
    value = ((left << bits) | right) >>> 0
  } while (value >= n)
  return value
}
