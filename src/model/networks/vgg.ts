import { conv2d, dense, flatten, maxPool2d, relu, sequential } from '../layers.ts'
import type { Layer, Network } from '../types.ts'

const initializer = { type: 'heNormal' } as const

/** Two convolutions of 3 × 3, then half the size. */
const block = (filters: number): Layer[] => [
  ...[0, 1].flatMap(() => [conv2d(filters, 3, { padding: 1, initializer }), relu()]),
  maxPool2d(2),
]

/**
 * VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2014) with 8 weight layers: three of its blocks and
 * two dense layers, of half the paper's width and without its dropout.
 * @param input `[channels, height, width]`, at least 8 × 8
 */
export function vgg(input: number[], classes: number): Network {
  return sequential(input, [...[32, 64, 128].flatMap(block), flatten(), dense(256, { initializer }), relu(), dense(classes)])
}
