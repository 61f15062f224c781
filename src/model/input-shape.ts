import { sizeOf } from './shape.ts'
import type { Network } from './types.ts'

/** The input's shape in the graph: a network that flattens its images at once never sees them as images, and its rows keep the data's order. */
export const inputShape = ({ input, layers }: Network): number[] => (layers[0]?.type === 'flatten' ? [sizeOf(input)] : input)
