/** What a step did to every layer of a network, measured on the GPU: the vocabulary of findings and of the table of layers. */
import type { ActivationName } from '../model/catalogue/activations.ts'
import type { Layer } from '../model/types.ts'
import type { NonFinite } from './layer-statistics.ts'

/** A reading: every number of it is of the same step. */
export interface Health {
  /** The step, from 1, with whose gradients and outputs and by whose update the numbers came about. */
  step: number
  /** Epochs finished after it, fractional. */
  epoch: number
  /** Of that step's batch, before its update. */
  loss: number
  /** Share of right samples of that batch; null for regression. */
  accuracy: number | null
  learningRate: number
  /** Samples whose outputs this reading is of: those of the batch, or where a large network keeps no more, its first ones. */
  batch: number
  window: HealthWindow
  /** What goes in: the batch as the first layer takes it. */
  input: OutputHealth
  /** In depth order; of a container its own layers come before what it becomes. */
  layers: LayerHealth[]
}

/** Over which samples a neuron is watched before it is called dead or saturated. */
export interface HealthWindow {
  /** Samples watched so far, up to `of`; readings that look at few samples need several for it. */
  samples: number
  /** As many as an epoch has, 2,048 or 32 readings at most. `dead` and `saturatedNeurons` stand on the whole of it where `samples` has reached it. */
  of: number
}

/**
 * One column of the picture: a layer with weights and what changes its neurons one by one after it (norm, activation, dropout, the end of a residual
 * block), or a layer that moves, joins or adds up what is there.
 */
export interface LayerHealth {
  /** Path of the layer that it begins with, as of its parameters: `layers.2`, `layers.3.layers.0`. */
  path: string
  type: Layer['type']
  /** Paths of all its layers, in order, `path` the first. */
  parts: readonly string[]
  /** Path of the layer whose output `output` is, the last of `parts`: what `trainer.activation` and the picture call the column. */
  outputPath: string
  /** Index of its column in `Observation.columns`. */
  column: number
  /** Path of the outermost container that it stands in: `layers.3`. */
  container?: string
  /** Its last activation. */
  activation?: { path: string; name: ActivationName }
  /** Weights of a dense layer or convolution. */
  weight?: ParameterHealth
  bias?: ParameterHealth
  /** γ and β of its norms, by depth. */
  norms: NormHealth[]
  /**
   * ‖∂L/∂weight‖ over that of the last layer with weights; null where it has none, and where the last one's is zero or not finite. NaN and infinite
   * where a gradient of its own is.
   */
  gradientShare: number | null
  output: OutputHealth
}

export interface NormHealth {
  /** Path of the norm. */
  path: string
  scale: ParameterHealth
  shift: ParameterHealth
}

/** One parameter tensor. Norms are Euclidean, over the finite elements; how many are not stands beside them. */
export interface ParameterHealth {
  /** `layers.0.weight`. */
  path: string
  /** Elements of the tensor. */
  count: number
  gradientNorm: number
  /** Root mean square of the gradient. */
  gradientRms: number
  /** Gradients that are exactly zero. */
  zeroGradients: number
  nonFiniteGradients: NonFinite
  /** After the step's update, as the other numbers of the weights. */
  weightNorm: number
  /** Largest finite magnitude. */
  largestWeight: number
  zeroWeights: number
  nonFiniteWeights: NonFinite
  /** ‖Δw‖ of this step's update, by difference. */
  updateNorm: number
  /** ‖Δw‖ / ‖w before‖; null where the tensor was all zero, NaN where a weight is not finite. */
  updateRatio: number | null
}

/** What a layer puts out. Neurons are features, or channels of images; shares are of numbers between 0 and 1. */
export interface OutputHealth {
  neurons: number
  /** Values of this reading: samples × positions × neurons. */
  count: number
  /** Over the finite values; NaN where there are none. `deviation` is the standard deviation, of all values alike. */
  mean: number
  deviation: number
  minimum: number
  maximum: number
  /** Share of values that are exactly zero. */
  zeros: number
  nonFinite: NonFinite
  /**
   * Neurons that for every sample of the window stayed where their activation lets no gradient through (ReLU: exactly 0), or that never varied within
   * a batch. Indices in order; null where the values are not kept, and for the input, pooling and joins, which have no neurons of their own.
   */
  dead: readonly number[] | null
  /** Share of neurons that are dead. */
  deadShare: number | null
  /** Share of this reading's values on a flat end of the activation: |tanh| > 0.97, sigmoid below 0.015 or above 0.985. Null where it has none. */
  saturated: number | null
  /** Neurons of which at least 95 % of the values of every batch of the window lay there. Indices in order. */
  saturatedNeurons: readonly number[] | null
  /** Share of this reading's values that are finite and beyond ±5 before the activation; null where there is none, and where the values before it are not kept. */
  beyondFive: number | null
  /** ‖∂L/∂output‖ over this reading's samples; null for the input. */
  gradientNorm: number | null
  nonFiniteGradients: NonFinite
}

/** Takes readings from a trainer while it trains; made by `watchHealth(device, trainer, options)` of src/answers/health-watch.ts. */
export interface HealthWatch {
  /** The newest reading that has arrived; null before there is one, and after the run began anew. */
  readonly last: Health | null
  /** Hears every reading, in the order of the steps. Returns what ends it. */
  onReading(listener: (health: Health) => void): () => void
  /** Resolves when every reading that was taken has been told. */
  settled(): Promise<void>
  destroy(): void
}
