import { concat, conv2d, dense, globalAvgPool2d, maxPool2d, relu, sequential } from '../layers.ts'
import type { Layer, Network } from '../types.ts'

const initializer = { type: 'heNormal' } as const
const conv = (filters: number, kernel: number): Layer[] => [
  conv2d(filters, kernel, { ...(kernel > 1 && { padding: (kernel - 1) / 2 }), initializer }),
  relu(),
]
const halve = (): Layer => maxPool2d(3, { stride: 2, padding: 1 })

/** Filters of an Inception module's four branches, the reducing convolutions of 1 × 1 before those of 3 × 3 and 5 × 5 named after them. */
interface Widths {
  one: number
  reduceThree: number
  three: number
  reduceFive: number
  five: number
  pool: number
}

/** An Inception module with its reductions: 1 × 1, 3 × 3, 5 × 5 and pooling side by side. */
const inception = ({ one, reduceThree, three, reduceFive, five, pool }: Widths): Layer =>
  concat([
    conv(one, 1),
    [...conv(reduceThree, 1), ...conv(three, 3)],
    [...conv(reduceFive, 1), ...conv(five, 5)],
    [maxPool2d(3, { stride: 1, padding: 1 }), ...conv(pool, 1)],
  ])

/**
 * GoogLeNet (Szegedy et al., "Going deeper with convolutions", 2014) up to its third Inception module (3a, 3b and 4a), at a quarter of the paper's width;
 * the stem keeps the size but for one pooling, since these images are small.
 * @param input `[channels, height, width]`
 */
export function googlenet(input: number[], classes: number): Network {
  return sequential(input, [
    ...conv(16, 3),
    ...conv(16, 1),
    ...conv(48, 3),
    halve(),
    inception({ one: 16, reduceThree: 24, three: 32, reduceFive: 4, five: 8, pool: 8 }),
    inception({ one: 32, reduceThree: 32, three: 48, reduceFive: 8, five: 24, pool: 16 }),
    halve(),
    inception({ one: 48, reduceThree: 24, three: 52, reduceFive: 4, five: 12, pool: 16 }),
    globalAvgPool2d(),
    dense(classes),
  ])
}
