/** Every loss: a row here and a shader of its name. Its formula in double precision: src/kernels/reference/loss.ts. */

export interface LossKind {
  title: string
  /** Whether targets are classes, so that accuracy means something. */
  ofClasses: boolean
  /** What turns outputs into probabilities and is computed within the loss, from what it takes. */
  holds?: 'sigmoid' | 'softmax'
}

export const losses = {
  crossEntropy: { title: 'cross entropy', ofClasses: true, holds: 'softmax' },
  binaryCrossEntropy: { title: 'binary cross entropy', ofClasses: true, holds: 'sigmoid' },
  mse: { title: 'mean squared error', ofClasses: false },
  mae: { title: 'mean absolute error', ofClasses: false },
  huber: { title: 'Huber', ofClasses: false },
} satisfies Record<string, LossKind>

/** `binaryCrossEntropy` and `crossEntropy` are computed from logits: the first holds the sigmoids that the network ends in, the second a softmax. */
export type LossName = keyof typeof losses
export const lossNames = Object.keys(losses) as LossName[]
export const lossKind = (name: LossName): LossKind => losses[name]
export const isLoss = (name: string): name is LossName => Object.hasOwn(losses, name)
