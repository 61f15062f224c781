/** The public vocabulary of a model file, `gradscope-model/1`. Defaults are PyTorch's. */

export const modelFormat = 'gradscope-model/1'

/** How a layer's parameters begin; PyTorch's own default for the layer when absent. `uniform` and `normal` fill weight and bias, the others fill the weight and leave the bias 0. */
export type Initializer =
  | { type: 'glorotUniform' | 'glorotNormal' | 'heUniform' | 'heNormal' | 'lecunNormal' }
  | { type: 'uniform'; minimum: number; maximum: number }
  | { type: 'normal'; deviation: number }

export type ActivationName = 'relu' | 'leakyRelu' | 'elu' | 'gelu' | 'silu' | 'tanh' | 'sigmoid' | 'softplus'

export interface DenseLayer {
  type: 'dense'
  units: number
  bias?: boolean
  initializer?: Initializer
}
/** Weight `[filters, channels / groups, kernel, kernel]`; square kernels, equal strides and paddings in both directions. */
export interface Conv2dLayer {
  type: 'conv2d'
  filters: number
  kernel: number
  stride?: number
  padding?: number
  dilation?: number
  groups?: number
  bias?: boolean
  initializer?: Initializer
}
/** The largest value of each window; of equal ones the first, row by row, takes the gradient. `stride` is `size` unless given. */
export interface MaxPool2dLayer {
  type: 'maxPool2d'
  size: number
  stride?: number
  padding?: number
}
/** The mean of each window; `stride` is `size` unless given. */
export interface AvgPool2dLayer {
  type: 'avgPool2d'
  size: number
  stride?: number
}
/** `[channels, height, width]` to `[channels]`. */
export interface GlobalAvgPool2dLayer {
  type: 'globalAvgPool2d'
}
export type ActivationLayer =
  | { type: 'relu' | 'gelu' | 'silu' | 'tanh' | 'sigmoid' | 'softplus' }
  | { type: 'leakyRelu'; slope?: number }
  | { type: 'elu'; alpha?: number }
export interface BatchNormLayer {
  type: 'batchNorm'
  eps?: number
  momentum?: number
}
export interface LayerNormLayer {
  type: 'layerNorm'
  eps?: number
}
/** Applied in training only; kept values are divided by `1 − rate`. */
export interface DropoutLayer {
  type: 'dropout'
  rate: number
}
export interface FlattenLayer {
  type: 'flatten'
}
/** The sum of `layers` and `shortcut`; an empty shortcut is the identity. */
export interface ResidualLayer {
  type: 'residual'
  layers: Layer[]
  shortcut?: Layer[]
}
/** The branches' outputs joined along features or channels; an empty branch is the identity. */
export interface ConcatLayer {
  type: 'concat'
  branches: Layer[][]
}
export type PoolLayer = MaxPool2dLayer | AvgPool2dLayer | GlobalAvgPool2dLayer
export type Layer =
  | DenseLayer
  | Conv2dLayer
  | PoolLayer
  | ActivationLayer
  | BatchNormLayer
  | LayerNormLayer
  | DropoutLayer
  | FlattenLayer
  | ResidualLayer
  | ConcatLayer

/** `binaryCrossEntropy` and `crossEntropy` are computed from logits: the first holds the sigmoids that the network ends in, the second a softmax. */
export type LossName = 'mse' | 'mae' | 'huber' | 'binaryCrossEntropy' | 'crossEntropy'

interface OptimizerBase {
  learningRate: number
  weightDecay?: number
  /** Whether weightDecay is for all parameters, as PyTorch's (default), or leaves biases and the parameters of norms alone. */
  decayBiasAndNorm?: boolean
}
export type Optimizer =
  | (OptimizerBase & { type: 'sgd'; momentum?: number; nesterov?: boolean })
  | (OptimizerBase & { type: 'adam' | 'adamw'; beta1?: number; beta2?: number; eps?: number })
  | (OptimizerBase & { type: 'rmsprop'; decay?: number; eps?: number })
  | (OptimizerBase & { type: 'adagrad'; eps?: number })

/** Stepped once per training step, from the end of the warm-up on. */
export type Schedule =
  | { type: 'step'; every: number; factor: number }
  | { type: 'exponential'; factor: number }
  | { type: 'cosine'; steps: number; minimum?: number }
  | PlateauSchedule

/**
 * Multiplies the rate by `factor`, down to `minimum` (0 unless given), when more than `patience` evaluations in a row were not better than the best by
 * a ten-thousandth of it, as torch.optim.lr_scheduler.ReduceLROnPlateau: by the loss of the test part, or without one by the mean training loss since
 * the evaluation before.
 */
export interface PlateauSchedule {
  type: 'plateau'
  factor: number
  patience: number
  minimum?: number
}

/** Random motion of training images: as torchvision's RandomCrop of the image padded with `shift` zeros on every side (raw zeros, before standardisation), then RandomHorizontalFlip. */
export interface Augmentation {
  /** Pixels up, down, left and right at most; 0 unless given. */
  shift?: number
  /** Mirrors half of the images, left and right; false unless given. */
  flip?: boolean
}

/** The network alone: shape of one sample and the layers. */
export interface Network {
  input: number[]
  layers: Layer[]
}
/** How it is trained. */
export interface Training {
  loss: LossName
  optimizer: Optimizer
  schedule?: Schedule
  /** Steps over which the learning rate rises in a line, step k of n using k / n of it, before the schedule begins; 0 unless given. */
  warmup?: number
  clipNorm?: number
  batchSize: number
  /** Batches of batchSize that make one step, as one of so many times the samples would (batchNorm sees each by itself); 1 unless given. */
  accumulate?: number
  augmentation?: Augmentation
  seed: number
}
export type ModelFile = { format: typeof modelFormat } & Network & Training

/** A named parameter or running statistic, in PyTorch's order, shape and name (`layers.3.shortcut.0.bias`). */
export interface ParameterSpec {
  path: string
  shape: number[]
  trainable: boolean
  /** A layer's weight, its bias, or what belongs to a norm. */
  kind: 'weight' | 'bias' | 'norm'
}
