import { avgPool2d, conv2d, dense, flatten, sequential, tanh } from '../layers.ts'
import type { Network } from '../types.ts'

/**
 * LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998) with a dense layer of `classes` in place
 * of its radial basis functions. The paper's images are 32 × 32; smaller ones are padded to that by the first convolution.
 * @param input `[channels, height, width]`, at least 12 × 12
 */
export function lenet5(input: number[], classes: number): Network {
  const padding = Math.max(0, Math.ceil((32 - Math.min(...input.slice(1))) / 2))
  return sequential(input, [
    conv2d(6, 5, { ...(padding > 0 && { padding }) }),
    tanh(),
    avgPool2d(2),
    conv2d(16, 5),
    tanh(),
    avgPool2d(2),
    flatten(),
    dense(120),
    tanh(),
    dense(84),
    tanh(),
    dense(classes),
  ])
}
