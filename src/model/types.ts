/** The public vocabulary of a model file, `gradscope-model/1`. Defaults are PyTorch's; what each layer, optimizer, … is: catalogue/. */
import type { ActivationLayer } from './catalogue/activations.ts'
import type { ConcatLayer, ResidualLayer } from './catalogue/layers/containers.ts'
import type { Conv2dLayer } from './catalogue/layers/conv2d.ts'
import type { DenseLayer } from './catalogue/layers/dense.ts'
import type { BatchNormLayer, LayerNormLayer } from './catalogue/layers/norm.ts'
import type { PoolLayer } from './catalogue/layers/pool.ts'
import type { DropoutLayer, FlattenLayer } from './catalogue/layers/simple.ts'
import type { LossName } from './catalogue/losses.ts'
import type { Optimizer } from './catalogue/optimizers.ts'
import type { Schedule } from './catalogue/schedules.ts'
import type { Layout } from './tensor.ts'

export type { ActivationLayer, ActivationName } from './catalogue/activations.ts'
export type { ConcatLayer, ResidualLayer } from './catalogue/layers/containers.ts'
export type { Conv2dLayer } from './catalogue/layers/conv2d.ts'
export type { DenseLayer } from './catalogue/layers/dense.ts'
export type { BatchNormLayer, LayerNormLayer } from './catalogue/layers/norm.ts'
export type { AvgPool2dLayer, GlobalAvgPool2dLayer, MaxPool2dLayer, PoolLayer } from './catalogue/layers/pool.ts'
export type { DropoutLayer, FlattenLayer } from './catalogue/layers/simple.ts'
export type { LossName } from './catalogue/losses.ts'
export type { Optimizer } from './catalogue/optimizers.ts'
export type { PlateauSchedule, Schedule } from './catalogue/schedules.ts'

export const modelFormat = 'gradscope-model/1'

/** How a layer's parameters begin; PyTorch's own default for the layer when absent. `uniform` and `normal` fill weight and bias, the others fill the weight and leave the bias 0. */
export type Initializer =
  | { type: 'glorotUniform' | 'glorotNormal' | 'heUniform' | 'heNormal' | 'lecunNormal' }
  | { type: 'uniform'; minimum: number; maximum: number }
  | { type: 'normal'; deviation: number }

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
  /** How it lies in memory; files and callers see it in row-major order. */
  layout: Layout
  trainable: boolean
  /** A layer's weight, its bias, or what belongs to a norm. */
  kind: 'weight' | 'bias' | 'norm'
}
