import type { Message } from '../words/say.ts'

/** A tensor inside an engine-owned GPU buffer. Offsets and sizes in bytes, strides in elements. */
export interface TensorView {
  buffer: GPUBuffer
  offset: number
  size: number
  shape: number[]
  strides: number[]
  dtype: 'f32' | 'i32'
}

/**
 * A column in the picture: what one dense layer or convolution (with what follows it: norm, activation, dropout) puts out, or pooling, the input, or a
 * join. Neurons beside each other, or a stack of feature maps.
 */
export interface ObservedColumn {
  /** Path of the layer whose output this is (`input` for the first). */
  path: string
  /** In English: `dense 256 · tanh`. */
  label: string
  /** The label's parts before they are said in a language; absent: the label as it is. */
  words?: readonly Message[]
  width: number
  /** `[features]`, or `[channels, height, width]` of images: there the element (channel, y, x) of a row is its number `(y · width + x) · channels + channel`. */
  shape: number[]
  /** The column that this one is computed from, where neither a block nor a link says so: pooling, flattening. */
  after?: number
  /** The layers that it is made of, in order, `path` the last: a dense layer, its norm, its activation. Absent of the input. */
  layers?: readonly ObservedLayer[]
  /** `[batch, width]` after activation. */
  activation: TensorView
  /** ∂L/∂activation, `[batch, width]`; absent for the input. */
  gradient?: TensorView
  bias?: TensorView
  biasGradient?: TensorView
}

/** A layer within a column. */
export interface ObservedLayer {
  path: string
  /** What it puts out, `[batch, width]`; absent where its memory serves others. */
  output?: TensorView
}

/** Points of a column at which edges end: features, or channels of images. */
export const nodesOf = ({ shape }: Pick<ObservedColumn, 'shape'>): number => shape[0]!

/**
 * The weights between two columns: a matrix, or the filters of a convolution. Element (out, in, …) lies at `offset/4 + out·strides[0] + in·strides[1] + …`.
 */
export interface ObservedBlock {
  /** Parameter path: `layers.0.weight`. */
  path: string
  from: number
  to: number
  /** `[out, in]`, of a convolution `[out, in / groups, height, width]`; all weights lie in one buffer, all gradients in another. */
  weight: TensorView
  gradient: TensorView
  /** Of a convolution: output channels of group g read the input channels of group g alone. */
  groups?: number
}

/** A connection without weights (residual or concatenating bypass): features, or channels, [fromFirst, +count) of `from` go to [toFirst, +count) of `to`. */
export interface ObservedLink {
  from: number
  to: number
  fromFirst: number
  toFirst: number
  count: number
}

/** One way through a container. */
export interface ObservedBranch {
  /** `layers.3.layers`, `layers.3.shortcut`, `layers.4.branches.0`. */
  path: string
  /** No layers: what comes in goes out as it is. */
  isBypass: boolean
  /** What of ∂L/∂(the container's input) arrives through this branch, `[batch, …]`; absent where the input has no gradient. */
  arrival?: TensorView
}

/** A residual or concatenating container: branches that leave one column and meet in another. */
export interface ObservedContainer {
  path: string
  type: 'residual' | 'concat'
  from: number
  to: number
  /** Its own columns, all between these two, `to` among them. */
  first: number
  last: number
  branches: ObservedBranch[]
}

/** A tensor that training changes, and the gradient of the loss with respect to it. */
export interface ObservedParameter {
  /** PyTorch's: `layers.0.weight`. */
  path: string
  /** `norm`: scale γ (`….weight`) and shift β (`….bias`) of a normalisation. */
  kind: 'weight' | 'bias' | 'norm'
  /** Path of its layer: `layers.0`. */
  layer: string
  /** In PyTorch's shape: of a weight `[out, in]` or `[out, in / groups, height, width]`, else of one dimension, or a layerNorm's input's. */
  weight: TensorView
  gradient: TensorView
}

/** What the last finished step left in the engine's own buffers. Buffers keep their identity for the life of the trainer; only `step` changes. */
export interface Observation {
  step: number
  /** Samples whose values are held, the batch's first ones. */
  batch: number
  columns: ObservedColumn[]
  blocks: ObservedBlock[]
  links: ObservedLink[]
  containers: ObservedContainer[]
  /** Every parameter that training changes, in the order of the layers; of a container its own layers' first. */
  parameters: ObservedParameter[]
}
