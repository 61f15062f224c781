/** Numbers that are the same in every run and in every engine, torch_cuda.py's included. */

/** Mulberry32: uniform in [0, 1). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` numbers in [−scale, scale). */
export function randomNumbers(count: number, seed: number, scale = 1): Float32Array<ArrayBuffer> {
  const next = randomSource(seed)
  return Float32Array.from({ length: count }, () => (2 * next() - 1) * scale)
}
