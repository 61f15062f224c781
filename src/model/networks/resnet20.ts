import { batchNorm, conv2d, dense, globalAvgPool2d, relu, residual, sequential } from '../layers.ts'
import type { Layer, Network } from '../types.ts'

const initializer = { type: 'heNormal' } as const
const convNorm = (filters: number, kernel: number, stride = 1): Layer[] => [
  conv2d(filters, kernel, {
    ...(stride > 1 && { stride }),
    ...(kernel > 1 && { padding: (kernel - 1) / 2 }),
    bias: false,
    initializer,
  }),
  batchNorm(),
]

/** Two convolutions beside the identity, or beside a projection of 1 × 1 where the size changes. */
const block = (filters: number, stride: number): Layer[] => [
  residual([...convNorm(filters, 3, stride), relu(), ...convNorm(filters, 3)], stride > 1 ? convNorm(filters, 1, stride) : undefined),
  relu(),
]

/**
 * ResNet-20 (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2015, section 4.2): a convolution, three stages of three blocks with
 * 16, 32 and 64 filters, the mean of each channel and a dense layer. Where the paper pads a shortcut with zeros (its option A), a projection stands (B).
 * @param input `[channels, height, width]`
 */
export function resnet20(input: number[], classes: number): Network {
  return sequential(input, [
    ...convNorm(16, 3),
    relu(),
    ...[16, 32, 64].flatMap((filters, stage) => [...block(filters, stage === 0 ? 1 : 2), ...block(filters, 1), ...block(filters, 1)]),
    globalAvgPool2d(),
    dense(classes),
  ])
}
