import { avgPool2d, batchNorm, concat, conv2d, dense, globalAvgPool2d, relu, sequential } from '../layers.ts'
import type { Layer, Network } from '../types.ts'

const growth = 12
const layersPerBlock = 12
const firstFilters = 16
const initializer = { type: 'heNormal' } as const

const normConv = (filters: number, kernel: number): Layer[] => [
  batchNorm(),
  relu(),
  conv2d(filters, kernel, { ...(kernel > 1 && { padding: (kernel - 1) / 2 }), bias: false, initializer }),
]

/** Every layer sees what all before it have made. */
const block = (): Layer[] => Array.from({ length: layersPerBlock }, () => concat([[], normConv(growth, 3)]))

/**
 * DenseNet-40 of growth 12 (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", 2016) as the paper trains it on CIFAR:
 * three blocks of twelve layers, between them a convolution of 1 × 1 that keeps the channels and a halving of the size.
 * @param input `[channels, height, width]`, at least 4 × 4
 */
export function densenet40(input: number[], classes: number): Network {
  const afterBlock = (blocks: number) => firstFilters + blocks * layersPerBlock * growth
  const transition = (blocks: number): Layer[] => [...normConv(afterBlock(blocks), 1), avgPool2d(2)]
  return sequential(input, [
    conv2d(firstFilters, 3, { padding: 1, bias: false, initializer }),
    ...block(),
    ...transition(1),
    ...block(),
    ...transition(2),
    ...block(),
    batchNorm(),
    relu(),
    globalAvgPool2d(),
    dense(classes),
  ])
}
