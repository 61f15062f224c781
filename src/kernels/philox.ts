export type Words4 = [number, number, number, number]

/**
 * What a random number is for: the third counter word. Key: (seed low, seed high). Counter: (element, step, stream, ordinal), where
 * - initial: step is the parameter's ordinal in model order, ordinal 0;
 * - dropout: step is the training step, element the place in all of the step's batches one behind the other, ordinal that of the dropout layer in model order;
 * - shuffle: see permutation.ts;
 * - perturbation: step is the training step, element the place in the parameter arena, ordinal 0;
 * - augmentation: step is the training step, element the sample's position in the epoch's order, ordinal 0.
 */
export const streams = { dropout: 1, initial: 2, shuffle: 3, perturbation: 4, augmentation: 5 } as const

const rounds = 10
const multipliers = [0xd2511f53, 0xcd9e8d57] as const
const keySteps = [0x9e3779b9, 0xbb67ae85] as const

/** The high 32 bits of the 64-bit product of two 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16]
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(((middle % 0x10000) + aLow * bHigh) / 0x10000)
}

/** Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */
export function philox(counter: Words4, key: [number, number]): Words4 {
  let [a, b, c, d] = counter
  let [low, high] = key
  for (let round = 0; round < rounds; round++) {
    const [first, second] = [multiplyHigh(multipliers[0], a), multiplyHigh(multipliers[1], c)]
    ;[a, b, c, d] = [
      (second ^ b ^ low) >>> 0,
      Math.imul(multipliers[1], c) >>> 0,
      (first ^ d ^ high) >>> 0,
      Math.imul(multipliers[0], a) >>> 0,
    ]
    low = (low + keySteps[0]) >>> 0
    high = (high + keySteps[1]) >>> 0
  }
  return [a, b, c, d]
}

/** The key of a seed, a non-negative integer up to 2^53. */
export function keyOf(seed: number): [number, number] {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
}

/** Uniform in [0, 1), on 24 bits: float32 holds it exactly. */
export const uniform = (word: number): number => (word >>> 8) * 2 ** -24

/** Standard normal from two words by Box and Muller's transform; the logarithm's argument lies in (0, 1]. */
export function normal(word0: number, word1: number): number {
  return Math.sqrt(-2 * Math.log(((word0 >>> 8) + 1) * 2 ** -24)) * Math.cos(2 * Math.PI * uniform(word1))
}

export function randomUniform(seed: number, stream: number, step: number, element: number, ordinal = 0): number {
  return uniform(philox([element, step, stream, ordinal], keyOf(seed))[0])
}

export function randomNormal(seed: number, stream: number, step: number, element: number, ordinal = 0): number {
  const [word0, word1] = philox([element, step, stream, ordinal], keyOf(seed))
  return normal(word0, word1)
}
