/** What of a weight colours and ranks its edge: a row here, and any tensor of the weights' shape will do. */
import type { ObservedBlock, TensorView } from '../graph/observation.ts'

export const edgeQuantities = {
  gradient: ({ gradient }) => gradient,
  weight: ({ weight }) => weight,
} satisfies Record<string, (block: ObservedBlock) => TensorView>

export type EdgeQuantity = keyof typeof edgeQuantities
