import { sizeOf } from './shape.ts'
import { layoutOfSample, type Layout } from './tensor.ts'
import type { Network } from './types.ts'

/** The input's shape in the graph: a network that flattens its images at once never sees them as images, and its rows keep the data's order. */
export const inputShape = ({ input, layers }: Network): number[] => (layers[0]?.type === 'flatten' ? [sizeOf(input)] : input)

/** One sample as it lies in memory. */
export function inputTensor(network: Network): { shape: number[]; layout: Layout } {
  const shape = inputShape(network)
  return { shape, layout: layoutOfSample(shape) }
}
