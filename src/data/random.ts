/**
 * Stateless random numbers: Philox4x32-10 of J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
 * A number depends on (seed, stream, element) alone, so that adding one draw changes no other.
 */

/** The four 32-bit words of Philox4x32-10 for a counter and a key. */
export function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): Uint32Array<ArrayBuffer> {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0)
    const high1 = multiplyHigh(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2)
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1 >>> 0
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0 >>> 0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return Uint32Array.of(c0, c1, c2, c3)
}

/** The upper 32 bits of a product of two 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = aLow * bHigh + (middle & 0xffff)
  return aHigh * bHigh + Math.floor(middle / 0x10000) + (carry >>> 16)
}

/** What a stream of numbers is for; two uses never share one. */
export const streams = { split: 1, position: 2, noise: 3, articleSamples: 4, articleTargets: 5 } as const

export interface RandomStream {
  /** 32 random bits. */
  bits(element: number): number
  /** Uniform in [0, 1), a multiple of 2⁻²⁴ and so exact in float32. */
  uniform(element: number): number
  /** Standard normal, by Box and Muller. */
  normal(element: number): number
}

/** The numbers of one stream of a seed (a whole number up to 2⁵³). */
export function randomStream(seed: number, stream: number): RandomStream {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] as const
  const words = (element: number) => philox([element >>> 0, Math.floor(element / 2 ** 32) >>> 0, stream, 0], key)
  const uniform = (word: number) => (word >>> 8) / 2 ** 24
  return {
    bits: (element) => words(element)[0]!,
    uniform: (element) => uniform(words(element)[0]!),
    normal: (element) => {
      const [first, second] = words(element)
      return Math.sqrt(-2 * Math.log(1 - uniform(first!))) * Math.cos(2 * Math.PI * uniform(second!))
    },
  }
}
