import { wrongIn } from '../errors.ts'
import { randomStream, streams } from './random.ts'

export interface Split {
  /** Positions within the data, ascending. */
  train: Uint32Array<ArrayBuffer>
  test: Uint32Array<ArrayBuffer>
}

export interface SplitOptions {
  /** Share of the samples kept for testing, in [0, 1); 0.2 by default. */
  testFraction?: number
  seed?: number
}

/**
 * Chooses round(count · testFraction) samples for testing, those of the smallest hash of (seed, position); the same ones for the same seed on any machine.
 * @throws InputError when the fraction is no fraction or leaves nothing to train on
 */
export function splitSamples(name: string, count: number, { testFraction = 0.2, seed = 0 }: SplitOptions = {}): Split {
  if (!(testFraction >= 0 && testFraction < 1)) throw wrongIn(name, 'split.fraction', { found: testFraction })
  const positions = Uint32Array.from({ length: count }, (_, position) => position)
  const testCount = Math.round(count * testFraction)
  if (count - testCount < 1) throw wrongIn(name, 'split.nothing', { fraction: testFraction, count })
  if (testCount === 0) return { train: positions, test: new Uint32Array(0) }
  const random = randomStream(seed, streams.split)
  const hashes = positions.map((position) => random.bits(position))
  const order = positions.slice().sort((a, b) => hashes[a]! - hashes[b]! || a - b)
  return { train: order.subarray(testCount).slice().sort(), test: order.subarray(0, testCount).slice().sort() }
}

/** Rows `rows` of a matrix of `width` columns, in the array's own type. */
export function takeRows<T extends Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
  values: T,
  width: number,
  rows: Uint32Array,
): T {
  const taken = new (values.constructor as new (length: number) => T)(rows.length * width)
  rows.forEach((row, i) => taken.set(values.subarray(row * width, (row + 1) * width) as T & ArrayLike<number>, i * width))
  return taken
}
