/** A tensor inside an engine-owned GPU buffer. Offsets and sizes in bytes, strides in elements. */
export interface TensorView {
  buffer: GPUBuffer
  offset: number
  size: number
  shape: number[]
  strides: number[]
  dtype: 'f32' | 'i32'
}

/** A column of neurons in the picture: the features that one dense layer (with what follows it: norm, activation, dropout) puts out, or the input, or a join. */
export interface ObservedColumn {
  /** Path of the layer whose output this is (`input` for the first). */
  path: string
  /** Reader's words: `dense 256 · tanh`. */
  label: string
  width: number
  /** The column that this one is computed from, where neither a block nor a link says so: pooling, a convolution. */
  after?: number
  /** `[batch, width]` after activation. */
  activation: TensorView
  /** ∂L/∂activation, `[batch, width]`; absent for the input. */
  gradient?: TensorView
  bias?: TensorView
  biasGradient?: TensorView
}

/** A weight matrix between two columns. Element (out, in) lies at `offset/4 + out·strides[0] + in·strides[1]`. */
export interface ObservedBlock {
  /** Parameter path: `layers.0.weight`. */
  path: string
  from: number
  to: number
  /** `[out, in]`; all weights lie in one buffer, all gradients in another. */
  weight: TensorView
  gradient: TensorView
}

/** A connection without weights (residual or concatenating bypass): features [fromFirst, +count) of `from` go to [toFirst, +count) of `to`. */
export interface ObservedLink {
  from: number
  to: number
  fromFirst: number
  toFirst: number
  count: number
}

/** What the last finished step left in the engine's own buffers. Buffers keep their identity for the life of the trainer; only `step` changes. */
export interface Observation {
  step: number
  /** Samples whose values are held, the batch's first ones. */
  batch: number
  columns: ObservedColumn[]
  blocks: ObservedBlock[]
  links: ObservedLink[]
}
